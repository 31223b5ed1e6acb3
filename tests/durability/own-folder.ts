import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What a harness leaves behind: nothing, however it ends.

const undone = new Set<() => void>();

/**
 * Does this when the process ends: with a result, with an error, or interrupted. The last one first.
 * @returns takes it back
 */
export function atEnd(undo: () => void): () => void {
  undone.add(undo);
  return () => void undone.delete(undo);
}

process.once('exit', () => {
  for (const undo of [...undone].toReversed())
    try {
      undo();
    } catch (error) {
      process.stderr.write(`not cleared away: ${String(error)}\n`);
    }
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

/** A folder that goes with this process. @param within the folder for temporary files by default; it is made if need be */
export function passingFolder(name: string, within = tmpdir()): string {
  mkdirSync(within, { recursive: true });
  const folder = mkdtempSync(join(within, `zuoxi-${name}-`));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** The same, and all that this process and its children put among the temporary files goes into it. */
export function temporaryFolder(name: string): string {
  const folder = passingFolder(name);
  for (const variable of ['TMPDIR', 'TEMP', 'TMP']) process.env[variable] = folder;
  return folder;
}
