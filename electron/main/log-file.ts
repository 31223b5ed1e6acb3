import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '../../shared/lib/logger.ts';

const maxBytes = 1_000_000;
const kept = 3;

/** One line of JSON an event, in `<folder>/<name>.log`, the older ones in `.1` to `.3`. Logging never ends the app. */
export function createLogFile(folder: string, name: string, now: () => number): Logger {
  const file = path.join(folder, `${name}.log`);
  let size = 0;
  try {
    mkdirSync(folder, { recursive: true });
    size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    // A full disk or a read-only profile: the writes below fail in silence as well.
  }

  const rotate = (): void => {
    for (let n = kept - 1; n >= 0; n--) {
      const from = n === 0 ? file : `${file}.${n}`;
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${file}.${n + 1}`);
    }
    size = 0;
  };
  const write =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, string | number | boolean | null>> = {}): void => {
      const line = `${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`;
      try {
        if (size > 0 && size + line.length > maxBytes) rotate();
        appendFileSync(file, line);
        size += Buffer.byteLength(line);
      } catch {
        // See above.
      }
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** What may be said of a fault: its kind and place. Messages can quote what a customer wrote. */
export function faultFields(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const place = /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] ?? '';
  return { kind: error.name, code: String((error as { code?: unknown }).code ?? ''), place: place.replace(/\(?(file:\/\/)?\/.*\//, '') };
}
