/** What a spreadsheet takes for the start of a formula, also where it stands behind what nobody sees. */
const STARTS = new Set(['=', '+', '-', '@', '\u2212']);
const CONTROLS = new Set(['\t', '\r', '\n', '\0']);
const UNSEEN = /^[\s\p{Z}\p{Cf}\p{Cc}]+/u;

/**
 * A cell that a spreadsheet would run gets an apostrophe in front, which makes it text (R20). Full-width signs count:
 * spreadsheets of this part of the world take them for the narrow ones.
 */
export function harmless(text: string): string {
  const first = text[0];
  if (first === undefined) return text;
  if (CONTROLS.has(first)) return `'${text}`;
  // One sign may stand for several: ⩵ is read as ==.
  const seen = text.replace(UNSEEN, '').slice(0, 2).normalize('NFKC')[0];
  return seen !== undefined && STARTS.has(seen) ? `'${text}` : text;
}
