import { core } from '../bridge.ts';

/** What was typed and not yet answered for, by form; null stands for a draft to be removed. */
const unsaved = new Map<string, string | null>();
/** What was not saved is given to the core again after so long: the disk may take it by then. */
const RETRY_MS = 2_000;
const retries = new Map<string, ReturnType<typeof setTimeout>>();
const watchers = new Map<string, (outcome: DraftOutcome) => void>();

export type DraftOutcome = { readonly ok: true; readonly savedAt: number | null } | { readonly ok: false };

/** The newest text of a form if it is not on disk yet. Undefined: ask the core. */
export const unsavedDraft = (form: string): string | null | undefined => unsaved.get(form);

/** Hands a draft to the core; kept in memory and tried again until it is answered. */
export function keepDraft(form: string, value: string | null): void {
  unsaved.set(form, value);
  void send(form, value);
}

/** The text went out with a command: nothing of it may come back later. */
export const draftSent = (form: string): void => void unsaved.delete(form);

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
