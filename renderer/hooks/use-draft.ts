import { useCallback, useEffect, useRef, useState } from 'react';
import { core } from '../bridge.ts';
import { draftSent, keepDraft, noteTyping, unsavedDraft, watchDraft } from '../stores/drafts.ts';

/** Typing pauses this long before it is written down. */
const PAUSE = 400;
/** Who types on without a pause has it written down this often, for a page that dies loses what is only in it. */
const LONGEST = 1500;

export type DraftState = { readonly kind: 'none' | 'saving' | 'failed' } | { readonly kind: 'saved'; readonly at: number };

export interface DraftShape<T> {
  readonly empty: T;
  isEmpty(value: T): boolean;
  /** null for text that is not of this form. */
  parse(text: string): T | null;
}

export interface Draft<T> {
  readonly value: T;
  readonly state: DraftState;
  change(patch: Partial<T>): void;
  /** Writes at once what is waiting. */
  flush(): void;
  /** No saving while a command that takes the text along is under way. */
  hold(): void;
  /** The command was refused: the text stays and is kept. */
  resume(): void;
  /** The command took it along. */
  sent(): void;
}

/** What is being typed in one form: saved as it is typed, restored when the form opens again. */
export function useDraft<T extends object>(form: string, shape: DraftShape<T>): Draft<T> {
  const [value, setValue] = useState<T>(shape.empty);
  const [state, setState] = useState<DraftState>({ kind: 'none' });
  const now = useRef<T>(shape.empty);
  const touched = useRef(false);
  const held = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const waitingSince = useRef(0);

  const flush = useCallback(() => {
    if (timer.current === null) return;
    clearTimeout(timer.current);
    timer.current = null;
    if (!held.current) keepDraft(form, shape.isEmpty(now.current) ? null : JSON.stringify(now.current));
    noteTyping(form, null);
  }, [form, shape]);

  const wait = useCallback(() => {
    if (timer.current === null) waitingSince.current = performance.now();
    else clearTimeout(timer.current);
    const left = Math.max(0, LONGEST - (performance.now() - waitingSince.current));
    timer.current = setTimeout(flush, Math.min(PAUSE, left));
    noteTyping(form, flush);
  }, [form, flush]);

  useEffect(() => {
    const restore = (text: string | null): void => {
      const parsed = text === null ? null : shape.parse(text);
      if (parsed === null) return;
      now.current = parsed;
      setValue(parsed);
    };
    const stopWatching = watchDraft(form, (outcome) => {
      if (!outcome.ok) setState({ kind: 'failed' });
      else setState(outcome.savedAt === null ? { kind: 'none' } : { kind: 'saved', at: outcome.savedAt });
    });
    const kept = unsavedDraft(form);
    if (kept !== undefined) restore(kept);
    let first = true;
    // A watch and not a read: it also answers when the core was away at this moment.
    const stop = core.watch('drafts.get', { form }, (draft) => {
      if (!first) return;
      first = false;
      // What is in memory is newer than whatever was on disk.
      if (touched.current || kept !== undefined || draft === null) return;
      restore(draft.value);
      setState({ kind: 'saved', at: draft.savedAt });
    });
    return () => {
      flush();
      stop();
      stopWatching();
    };
  }, [form, shape, flush]);

  const change = useCallback(
    (patch: Partial<T>) => {
      touched.current = true;
      now.current = { ...now.current, ...patch };
      setValue(now.current);
      setState(shape.isEmpty(now.current) ? { kind: 'none' } : { kind: 'saving' });
      wait();
    },
    [shape, wait],
  );

  const hold = useCallback(() => {
    held.current = true;
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    noteTyping(form, null);
  }, [form]);

  const resume = useCallback(() => {
    held.current = false;
    wait();
  }, [wait]);

  const sent = useCallback(() => {
    held.current = false;
    draftSent(form);
    now.current = shape.empty;
    setValue(shape.empty);
    setState({ kind: 'none' });
  }, [form, shape]);

  return { value, state, change, flush, hold, resume, sent };
}
