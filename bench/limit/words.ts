import { readingsOf } from '../../shared/domain/search/pinyin.ts';
import { bigrams } from '../peers/bigrams.ts';

/** What is told of a ticket or customer in words. */
export interface Texts {
  readonly texts: readonly string[];
  /** Numbers of which a part is looked for. */
  readonly digits: readonly string[];
  /** Texts that are looked for by their sounds. */
  readonly spoken: readonly string[];
}

function pairs(text: string): string {
  let out = '';
  for (let i = 0; i + 1 < text.length; i += 1) out += `${text[i]}${text[i + 1]} `;
  return out;
}

const FIRST = 0x4e00;
const LAST = 0x9fa5;
let syllables: ReadonlyMap<string, string> | null = null;

/** Reads all characters once; not to be timed. */
export function learnSounds(): ReadonlyMap<string, string> {
  if (syllables !== null) return syllables;
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, i) => String.fromCharCode(FIRST + i)).join(' ');
  const [reading] = readingsOf(all);
  syllables = new Map(reading!.chars.map((at, i) => [all[at]!, reading!.syllables[i]!]));
  return syllables;
}

/** Initials and full sounds, character by character: without the words that a character stands in, and so in no time. */
function quickSounds(text: string): readonly [initials: string, full: string] {
  const known = learnSounds();
  let initials = '';
  let full = '';
  for (const char of text) {
    const sound = known.get(char);
    if (sound === undefined) continue;
    initials += sound[0];
    full += sound;
  }
  return [initials, full];
}

/** What a plain FTS5 index takes. */
export function indexed({ digits, spoken, texts }: Texts): string {
  let out = bigrams(texts.join('\n'));
  for (const number of digits) out += ` ${pairs(number)}`;
  for (const text of spoken) for (const sound of quickSounds(text)) out += ` ${pairs(sound)}`;
  return out;
}

const LETTERS = /^[a-z]+$/;
export const areLetters = (word: string): boolean => LETTERS.test(word);
/** What an FTS5 query has to say to find a word of Chinese characters, or of initials. */
export const matching = (word: string): string => `"${(areLetters(word) ? pairs(word) : bigrams(word)).trimEnd()}"`;
