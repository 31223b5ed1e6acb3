/** Fields are ids, codes, counts and durations: never a token, a phone number or text that somebody wrote. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

/** One JSON line per event. */
export function lineLogger(write: (line: string) => void, now: () => number): Logger {
  const at = (level: string) => (event: string, fields: LogFields = {}) =>
    write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** What may be said about an error: its kind, and the database's code if there is one. Messages can hold values. */
export function errorFields(error: unknown): LogFields {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  const code = (error as { code?: unknown } | null)?.code ?? cause?.code;
  return { error: error instanceof Error ? error.name : typeof error, code: typeof code === 'string' ? code : null };
}
