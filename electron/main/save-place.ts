import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const memory = z.object({ saveFolder: z.string().min(1).max(4096) });

/** Where the agent saved last, kept from start to start. */
export interface SavePlace {
  /** What the dialog starts with: the name in the last folder, or the bare name while there is none. */
  suggest(name: string): string;
  /** The agent chose this. @returns the path to write, with an extension even if none was typed */
  chosen(file: string, suggested: string): string;
}

export function createSavePlace(memoryFile: string): SavePlace {
  const folder = (): string | null => {
    try {
      const { saveFolder } = memory.parse(JSON.parse(readFileSync(memoryFile, 'utf8')));
      return existsSync(saveFolder) ? saveFolder : null;
    } catch {
      return null;
    }
  };
  return {
    suggest(name) {
      const last = folder();
      return last === null ? fileName(name) : path.join(last, fileName(name));
    },
    chosen(file, suggested) {
      try {
        writeFileSync(`${memoryFile}.new`, JSON.stringify({ saveFolder: path.dirname(file) }));
        renameSync(`${memoryFile}.new`, memoryFile);
      } catch {
        // The next dialog opens where the system wants; nothing is lost by that.
      }
      const extension = path.extname(fileName(suggested));
      const whole = `${file}${extension}`;
      // Never over a file about which the dialog has not asked.
      return path.extname(file) === '' && !existsSync(file) && !existsSync(whole) ? whole : file;
    },
  };
}

/** A name that every system takes; never a path. */
export function fileName(suggested: string): string {
  const name = suggested
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\\/:*?"<>|\u0000-\u001f]/g, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '')
    .slice(0, 120);
  return name === '' ? '_' : name;
}
