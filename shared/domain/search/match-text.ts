import type { Customer, Ticket, TicketEvent } from '../tickets.ts';
import { readingsOf } from './pinyin.ts';
import { digitsOf, normal, wordsOf } from './words.ts';

/** What of a ticket is searched. */
export interface SearchDoc {
  readonly number: number | null;
  readonly subject: string;
  readonly customerName: string;
  readonly phones: readonly string[];
  readonly description: string;
  /** Notes of its history. */
  readonly notes: readonly string[];
}

/** What of a ticket is searched, from its rows. */
export const searchDoc = (
  ticket: Pick<Ticket, 'number' | 'subject' | 'description'>,
  customer: Pick<Customer, 'name' | 'phones'> | null,
  history: readonly Pick<TicketEvent, 'note'>[],
): SearchDoc => ({
  number: ticket.number,
  subject: ticket.subject,
  customerName: customer?.name ?? '',
  phones: customer?.phones ?? [],
  description: ticket.description,
  notes: history.map((e) => e.note),
});

export type HitField = 'number' | 'subject' | 'customer' | 'phone' | 'description' | 'history';

/** A place where a word stands: `ranges` are [start, end) in `text`. */
export interface Hit {
  readonly field: HitField;
  readonly text: string;
  readonly ranges: readonly (readonly [number, number])[];
}

const LETTERS = /^[a-z]+$/;
const DIGITS = /^\d+$/;
/** Around a hit in a long text. */
const CONTEXT = 24;

/**
 * Where the words of a query stand in a ticket; null unless each stands somewhere. Letters find Chinese by full pinyin or
 * initials in subject and customer; digits find any part of a number or phone, whatever stands between its digits.
 */
export function matchText(query: string, doc: SearchDoc): readonly Hit[] | null {
  const words = wordsOf(query);
  const hits = new Map<string, { field: HitField; text: string; ranges: [number, number][] }>();
  const note = (field: HitField, text: string, ranges: readonly (readonly [number, number])[]): boolean => {
    if (ranges.length === 0) return false;
    const key = `${field}\n${text}`;
    const known = hits.get(key);
    if (known === undefined) hits.set(key, { field, text, ranges: ranges.map(([a, b]) => [a, b]) });
    else known.ranges.push(...ranges.map(([a, b]): [number, number] => [a, b]));
    return true;
  };
  for (const word of words) {
    let found = false;
    if (DIGITS.test(word)) {
      found = note('number', String(doc.number ?? ''), findIn(String(doc.number ?? ''), word)) || found;
      for (const phone of doc.phones) found = note('phone', phone, findDigits(phone, word)) || found;
    }
    found = note('subject', doc.subject, findSpoken(doc.subject, word)) || found;
    found = note('customer', doc.customerName, findSpoken(doc.customerName, word)) || found;
    found = note('description', doc.description, findIn(doc.description, word)) || found;
    for (const text of doc.notes) found = note('history', text, findIn(text, word)) || found;
    if (!found) return null;
  }
  return [...hits.values()].map((h) => cut({ ...h, ranges: merge(h.ranges) }));
}

/** Whether a name or text has the word, also as pinyin: for lists of people and phrases. */
export const matchesSpoken = (query: string, text: string): boolean => wordsOf(query).every((word) => findSpoken(text, word).length > 0);

/** Ranges of all words in a text, also as pinyin; null unless each is there. */
export function spokenRanges(query: string, text: string): [number, number][] | null {
  const found = wordsOf(query).map((word) => findSpoken(text, word));
  return found.some((r) => r.length === 0) ? null : merge(found.flat());
}

/** Every place of a normalised word in a text, as ranges of the text as it is. */
export function findIn(text: string, word: string): [number, number][] {
  const { plain, places } = spread(text);
  const out: [number, number][] = [];
  for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length))
    out.push(places === null ? [at, at + word.length] : [places[at]!, places[at + word.length] ?? text.length]);
  return out;
}

/** The same among the digits alone. */
export function findDigits(text: string, digits: string): [number, number][] {
  const places: number[] = [];
  for (let i = 0; i < text.length; i += 1) if (/\d/.test(normal(text[i]!))) places.push(i);
  const plain = digitsOf(text);
  const out: [number, number][] = [];
  if (digits === '') return out;
  for (let at = plain.indexOf(digits); at >= 0; at = plain.indexOf(digits, at + digits.length))
    out.push([places[at]!, places[at + digits.length - 1]! + 1]);
  return out;
}

function findSpoken(text: string, word: string): [number, number][] {
  const direct = findIn(text, word);
  if (direct.length > 0 || !LETTERS.test(word)) return direct;
  for (const { syllables, chars } of readingsOf(text)) {
    const range = (first: number, last: number): [number, number] => [chars[first]!, chars[last]! + 1];
    const initials = syllables.map((s) => s[0]).join('');
    const at = initials.indexOf(word);
    if (at >= 0) return [range(at, at + word.length - 1)];
    const sounds = syllables.join('');
    const from = sounds.indexOf(word);
    if (from < 0) continue;
    return [range(syllableAt(syllables, from), syllableAt(syllables, from + word.length - 1))];
  }
  return [];
}

function syllableAt(syllables: readonly string[], place: number): number {
  let end = 0;
  return syllables.findIndex((s) => (end += s.length) > place);
}

/** The text as it is compared, with the place of each of its code units in the text as it is; null: the same place. */
function spread(text: string): { plain: string; places: readonly number[] | null } {
  const whole = normal(text);
  // Nothing but case was changed, and no place with it: nearly every text.
  if (whole.length === text.length && whole === text.toLowerCase()) return { plain: whole, places: null };
  let plain = '';
  const places: number[] = [];
  for (let i = 0; i < text.length;) {
    const char = String.fromCodePoint(text.codePointAt(i)!);
    const as = normal(char);
    for (let k = 0; k < as.length; k += 1) places.push(i);
    plain += as;
    i += char.length;
  }
  return { plain, places };
}

function merge(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const out: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/** A long text is cut out around its first hit. */
function cut(hit: { field: HitField; text: string; ranges: [number, number][] }): Hit {
  if (hit.field !== 'description' && hit.field !== 'history') return hit;
  const [first] = hit.ranges;
  const from = Math.max(0, first![0] - CONTEXT);
  const to = Math.min(hit.text.length, first![1] + CONTEXT * 2);
  if (from === 0 && to === hit.text.length) return hit;
  const before = from > 0 ? '…' : '';
  const shift = before.length - from;
  const ranges = hit.ranges.filter(([a, b]) => a >= from && b <= to).map(([a, b]): [number, number] => [a + shift, b + shift]);
  return { field: hit.field, text: `${before}${hit.text.slice(from, to)}${to < hit.text.length ? '…' : ''}`, ranges };
}
