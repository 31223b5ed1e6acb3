import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { createSavedFile, type SavedFile } from './saved-file.ts';

export interface HandedFile {
  /** Means nothing outside this process, and ends with it. */
  readonly handle: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface FileHandles {
  /** Gives out a handle for a file that the agent has picked. @throws if it is no plain file */
  give(file: string): Promise<HandedFile>;
  /** A piece of it, shorter at its end. null: nobody gave out this handle, or it has been let go. */
  read(handle: string, offset: number, length: number): Promise<{ bytes: Uint8Array<ArrayBuffer>; size: number } | null>;
  letGo(handle: string): void;
  /** Gives out a handle for a place where the agent wants a file saved. Nothing is there before it has been written to its end. */
  giveTarget(file: string): { readonly handle: string; readonly name: string };
  /** @returns false for a handle that takes nothing (more), and when the disk would not take it */
  write(handle: string, bytes: Uint8Array, end: 'no' | 'yes' | 'abort'): Promise<boolean>;
  /** The path of a file that was saved whole; null for any other handle. */
  savedPath(handle: string): string | null;
  /** Whoever wrote is gone: removes what is half done. */
  abortWrites(): Promise<void>;
}

/** Handles kept at once; the oldest is let go for a new one. */
const MOST = 200;

interface Target {
  readonly path: string;
  readonly file: SavedFile;
}

/** Pages and the core never see a path: they name a file that was picked, and get pieces of it. */
export function createFileHandles(): FileHandles {
  const files = new Map<string, string>();
  const targets = new Map<string, Target>();
  const makeRoom = (map: Map<string, unknown>): void => {
    if (map.size >= MOST) for (const oldest of map.keys()) if (map.delete(oldest)) break;
  };
  return {
    async give(file) {
      const { size } = await statPlain(file);
      makeRoom(files);
      const handle = randomUUID();
      files.set(handle, file);
      return { handle, name: path.basename(file), size };
    },
    async read(handle, offset, length) {
      const file = files.get(handle);
      if (file === undefined) return null;
      const source = await open(file, 'r');
      try {
        const { size } = await source.stat();
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        const { bytesRead } = await source.read(bytes, 0, bytes.length, offset);
        return { bytes: bytes.subarray(0, bytesRead), size };
      } finally {
        await source.close();
      }
    },
    letGo: (handle) => void files.delete(handle),
    giveTarget(file) {
      makeRoom(targets);
      const handle = randomUUID();
      targets.set(handle, { path: file, file: createSavedFile(file) });
      return { handle, name: path.basename(file) };
    },
    write: async (handle, bytes, end) => (await targets.get(handle)?.file.write(bytes, end)) ?? false,
    savedPath(handle) {
      const target = targets.get(handle);
      return target?.file.state === 'whole' ? target.path : null;
    },
    async abortWrites() {
      const begun = [...targets.values()].filter(({ file }) => file.state === 'writing');
      await Promise.all(begun.map(({ file }) => file.write(new Uint8Array(0), 'abort')));
    },
  };
}

async function statPlain(file: string): Promise<{ size: number }> {
  const found = await stat(file);
  if (!found.isFile()) throw new Error('not a plain file');
  return found;
}
