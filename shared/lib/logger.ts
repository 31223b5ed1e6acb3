/**
 * Where a program says what it does. Fields are ids, counts, names of operations and error codes: never a token, a
 * phone number or what an agent or a customer wrote (S23).
 */
export interface Logger {
  info(event: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  warn(event: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  error(event: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
}

export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };
