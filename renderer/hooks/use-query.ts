import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { CoreContract, ShellContract } from '../../shared/bridge/contract.ts';
import type { InputOf, OutputOf } from '../../shared/bridge/define.ts';
import { core, shell } from '../bridge.ts';

type CoreQueries = CoreContract['queries'];
type ShellQueries = ShellContract['queries'];

interface Answer<T> {
  /** The last value that came, also while another input's is on its way. */
  readonly value: T | undefined;
  /** Whether `value` answers the input of this very render. */
  readonly fresh: boolean;
}

interface Shared {
  snapshot: { readonly value: unknown } | null;
  readonly listeners: Set<() => void>;
  readonly stop: () => void;
}

/** One watch per query and input, however many components read it. Let go with the last of them. */
const shared = new Map<string, Shared>();

/** Joins who asks the same, or is the first to ask. @returns leaves again */
function join(key: string, watch: (onValue: (value: unknown) => void) => () => void, listener: () => void): () => void {
  let entry = shared.get(key);
  if (entry === undefined) {
    const listeners = new Set<() => void>();
    const made: Shared = {
      snapshot: null,
      listeners,
      stop: watch((value) => {
        made.snapshot = { value };
        for (const l of listeners) l();
      }),
    };
    shared.set(key, made);
    entry = made;
  }
  const mine = entry;
  mine.listeners.add(listener);
  return () => {
    mine.listeners.delete(listener);
    if (mine.listeners.size > 0) return;
    mine.stop();
    if (shared.get(key) === mine) shared.delete(key);
  };
}

function useShared<T>(key: string | null, watch: (onValue: (value: unknown) => void) => () => void): Answer<T> {
  const last = useRef<T | undefined>(undefined);
  const subscribe = useCallback(
    (listener: () => void) => (key === null ? () => undefined : join(key, watch, listener)),
    // The key stands for what `watch` closes over.
    [key],
  );
  const snapshot = useSyncExternalStore(subscribe, () => (key === null ? null : (shared.get(key)?.snapshot ?? null)));
  if (key === null) last.current = undefined;
  else if (snapshot !== null) last.current = snapshot.value as T;
  return { value: last.current, fresh: snapshot !== null };
}

const keyOf = (name: string, input: unknown): string => `core ${name} ${JSON.stringify(input)}`;

/** What is known already, because somebody watches it. */
export const answerTo = <N extends keyof CoreQueries & string>(
  name: N,
  input: InputOf<CoreQueries[N]>,
): OutputOf<CoreQueries[N]> | undefined => shared.get(keyOf(name, input))?.snapshot?.value as OutputOf<CoreQueries[N]> | undefined;

/** Watches outside of what is rendered, and shares the answers with `useQuery`. A last one is told at once. @returns ends it */
export function watchQuery<N extends keyof CoreQueries & string>(
  name: N,
  input: InputOf<CoreQueries[N]>,
  onValue: (value: OutputOf<CoreQueries[N]>) => void,
): () => void {
  const tell = (): void => {
    const value = answerTo(name, input);
    if (value !== undefined) onValue(value);
  };
  const stop = join(keyOf(name, input), (onAnswer) => core.watch(name, input, onAnswer), tell);
  tell();
  return stop;
}

/** A live answer of the core. An input of null asks nothing, and what was answered before it is forgotten. */
export function useQuery<N extends keyof CoreQueries & string>(
  name: N,
  input: InputOf<CoreQueries[N]> | null,
): Answer<OutputOf<CoreQueries[N]>> {
  const key = input === null ? null : keyOf(name, input);
  return useShared(key, (onValue) => core.watch(name, input as InputOf<CoreQueries[N]>, onValue));
}

/** A live answer of the shell. */
export function useShellQuery<N extends keyof ShellQueries & string>(
  name: N,
  input: InputOf<ShellQueries[N]>,
): Answer<OutputOf<ShellQueries[N]>> {
  return useShared(`shell ${name}`, (onValue) => shell.watch(name, input, onValue));
}
