import { core } from '../bridge.ts';

/** What was typed and not yet answered for, by form; null stands for a draft to be removed. */
const unsaved = new Map<string, string | null>();
/** What was not saved is given to the core again after so long: the disk may take it by then. */
const RETRY_MS = 2_000;
const retries = new Map<string, ReturnType<typeof setTimeout>>();
const watchers = new Map<string, (outcome: DraftOutcome) => void>();

export type DraftOutcome = { readonly ok: true; readonly savedAt: number | null } | { readonly ok: false };

/** What is being typed and has not been handed over, by form; each hands it over. */
const typing = new Map<string, () => void>();
const listeners = new Set<() => void>();
const changed = (): void => {
  for (const listener of listeners) listener();
};

/** @param handOver gives what was typed to `keepDraft`; null: there is nothing left to give */
export function noteTyping(form: string, handOver: (() => void) | null): void {
  if (handOver === null) typing.delete(form);
  else typing.set(form, handOver);
  changed();
}

/** Whether this page holds words that are nowhere else. */
export const hasUnsaved = (): boolean => typing.size + unsaved.size > 0;

/** @returns ends it */
export function onUnsaved(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Hands over everything now. @param most ms to wait for the disk @returns whether all of it is there */
export async function flushAll(most: number): Promise<boolean> {
  for (const handOver of typing.values()) handOver();
  const end = performance.now() + most;
  while (hasUnsaved() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return !hasUnsaved();
}

/** The newest text of a form if it is not on disk yet. Undefined: ask the core. */
export const unsavedDraft = (form: string): string | null | undefined => unsaved.get(form);

/** Hands a draft to the core; kept in memory and tried again until it is answered. */
export function keepDraft(form: string, value: string | null): void {
  unsaved.set(form, value);
  changed();
  void send(form, value);
}

/** The text went out with a command: nothing of it may come back later. */
export function draftSent(form: string): void {
  unsaved.delete(form);
  changed();
}

/** Told of each answer. @returns stops it. */
export function watchDraft(form: string, listener: (outcome: DraftOutcome) => void): () => void {
  watchers.set(form, listener);
  return () => {
    if (watchers.get(form) === listener) watchers.delete(form);
  };
}

async function send(form: string, value: string | null): Promise<void> {
  try {
    const savedAt =
      value === null ? (await core.call('drafts.discard', { form }), null) : (await core.call('drafts.save', { form, value })).savedAt;
    if (unsaved.get(form) !== value) return;
    unsaved.delete(form);
    changed();
    watchers.get(form)?.({ ok: true, savedAt });
  } catch {
    if (unsaved.get(form) !== value) return;
    watchers.get(form)?.({ ok: false });
    clearTimeout(retries.get(form));
    retries.set(
      form,
      setTimeout(() => {
        if (unsaved.get(form) === value) void send(form, value);
      }, RETRY_MS),
    );
  }
}

core.onConnection((connected) => {
  if (!connected) return;
  for (const [form, value] of unsaved) void send(form, value);
});
