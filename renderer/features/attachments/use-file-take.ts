import { useCallback, useState } from 'react';
import { CHUNK, type FileRefusal } from '../../../shared/domain/attachments.ts';
import { core, shell } from '../../bridge.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';

export interface Refused {
  readonly name: string;
  readonly why: FileRefusal;
}

/** How files come into a form. */
export interface FileTake {
  readonly form: string;
  /** Those that were not taken the last time, and why. */
  readonly refused: readonly Refused[];
  /** By a dialog. */
  pick(): void;
  /** Dropped or pasted ones. */
  take(files: readonly File[]): void;
  clear(): void;
}

/** A file that only the page has goes over the bridge in pieces; it is never held as a whole. */
async function give(form: string, file: File): Promise<FileRefusal | null> {
  const begun = await core.call('attachments.begin', { form, name: file.name, size: file.size });
  if (!begun.ok) return begun.why;
  for (let at = 0; at < file.size; at += CHUNK) {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer());
    } catch {
      // A folder, or a file that went away.
      await core.call('attachments.discard', { id: begun.id });
      return 'unreadable';
    }
    const taken = await core.call('attachments.append', { id: begun.id, bytes });
    if (!taken.ok) return taken.why;
  }
  return null;
}

export function useFileTake(form: string): FileTake {
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  const guarded = useCallback(
    async (work: () => Promise<readonly Refused[]>) => {
      setRefused([]);
      try {
        const now = await work();
        // Another batch may have been refused meanwhile.
        setRefused((before) => [...before, ...now]);
      } catch (error) {
        show({ tone: 'danger', text: bridge(error) });
      }
    },
    [show, bridge],
  );
  const pick = useCallback(() => {
    void guarded(async () => {
      const { files } = await shell.call('files.pick', { several: true });
      return files.length === 0 ? [] : (await core.call('attachments.addPicked', { form, files: files.slice(0, 100) })).refused;
    });
  }, [guarded, form]);
  const take = useCallback(
    (files: readonly File[]) => {
      void guarded(async () => {
        const not: Refused[] = [];
        for (const file of files) {
          const why = await give(form, file);
          if (why !== null) not.push({ name: file.name, why });
        }
        return not;
      });
    },
    [guarded, form],
  );
  const clear = useCallback(() => setRefused([]), []);
  return { form, refused, pick, take, clear };
}
