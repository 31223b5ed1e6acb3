import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationInput, OperationName, OperationOutput } from '../../../shared/protocol/operations.ts';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';

export type OperationAnswer<N extends OperationName> =
  | { readonly ok: true; readonly output: OperationOutput<N> }
  | { readonly ok: false; readonly why: string };

/** Carries out what only the server can do; a failure comes as a sentence. */
export function useOperation(): <N extends OperationName>(operation: N, input: OperationInput<N>) => Promise<OperationAnswer<N>> {
  const { t } = useTranslation();
  const bridge = useBridgeSentence();
  return useCallback(
    async (operation, input) => {
      try {
        const answer = await core.call('office.run', { operation, input });
        // The server answered to the schema of this operation; the core has checked it.
        if (answer.ok) return { ok: true, output: answer.output as OperationOutput<typeof operation> };
        return { ok: false, why: t(`settings.why.${answer.reason}`) };
      } catch (error) {
        return { ok: false, why: bridge(error) };
      }
    },
    [t, bridge],
  );
}

export interface Loaded<T> {
  /** The last answer; undefined: none yet. */
  readonly value: T | undefined;
  /** Why the last try brought none. */
  readonly why: string | null;
  readonly loading: boolean;
  reload(): void;
}

/** Asks at once, again when the connection is back, and when told to. */
export function useLoaded<N extends OperationName>(operation: N, input: OperationInput<N>): Loaded<OperationOutput<N>> {
  const run = useOperation();
  const online = useQuery('sync.state', {}).value?.connection === 'online';
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<Omit<Loaded<OperationOutput<N>>, 'reload'>>({ value: undefined, why: null, loading: true });
  const wish = JSON.stringify(input);
  useEffect(() => {
    let wanted = true;
    setState((s) => ({ ...s, loading: true }));
    void run(operation, JSON.parse(wish) as OperationInput<N>).then((answer) => {
      if (!wanted) return;
      setState((s) =>
        answer.ok ? { value: answer.output, why: null, loading: false } : { value: s.value, why: answer.why, loading: false },
      );
    });
    return () => void (wanted = false);
  }, [operation, wish, online, turn, run]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { ...state, reload };
}

export const useOnline = (): boolean => useQuery('sync.state', {}).value?.connection === 'online';
