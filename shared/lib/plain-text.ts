/** Without the signs that turn the direction of writing: left open, they would turn the words that follow as well. */
export const withoutTurns = (text: string): string => text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '');

/** Without those, and without the signs that XML forbids: Windows would refuse a whole notification for one. */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return withoutTurns(text.toWellFormed()).replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '');
}

/** On one line, without signs that cannot be seen. */
export const oneLine = (text: string): string => visible(text).replaceAll(/\s+/g, ' ').trim();

/** For a desktop that reads text as markup (Linux), in which a subject could hide a link or a picture from the network. */
export const asMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The texts of a value as every database keeps them: with U+FFFD for NUL, which PostgreSQL takes in none, and for half a character. */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD') as T;
  if (Array.isArray(value)) return value.map((each: unknown) => storable(each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, storable(each as unknown)])) as T;
}
