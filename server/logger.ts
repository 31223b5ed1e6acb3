import type { Logger } from '../shared/lib/logger.ts';

type LogFields = Parameters<Logger['info']>[1] & object;

/** One JSON line per event. */
export function lineLogger(write: (line: string) => void, now: () => number): Logger {
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** What may be said about an error: its kind, and the database's code if there is one. Messages can hold values. */
export function errorFields(error: unknown): LogFields {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  const code = (error as { code?: unknown } | null)?.code ?? cause?.code;
  return { error: error instanceof Error ? error.name : typeof error, code: typeof code === 'string' ? code : null };
}
