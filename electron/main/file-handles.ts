import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';

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
}

/** Handles kept at once; the oldest is let go for a new one. */
const MOST = 200;

/** Pages and the core never see a path: they name a file that was picked, and get pieces of it. */
export function createFileHandles(): FileHandles {
  const files = new Map<string, string>();
  return {
    async give(file) {
      const { size } = await statPlain(file);
      if (files.size >= MOST) for (const oldest of files.keys()) if (files.delete(oldest)) break;
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
  };
}

async function statPlain(file: string): Promise<{ size: number }> {
  const found = await stat(file);
  if (!found.isFile()) throw new Error('not a plain file');
  return found;
}
