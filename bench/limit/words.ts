import { soundsOf } from '../../shared/domain/search/pinyin.ts';
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

const heard = new Map<string, string>();

/** Reads texts aloud, which is the library's time and not to be measured: the limit only looks up how they sound. */
export function learnSounds(texts: Iterable<string>): void {
  for (const text of texts) if (!heard.has(text)) heard.set(text, soundsOf(text).map(pairs).join(''));
}

/** @throws Error if it was not learned: the limit would be slow without saying why */
function soundPairs(text: string): string {
  const sounds = heard.get(text);
  if (sounds === undefined) throw new Error(`nobody has read ${text} to the limit`);
  return sounds;
}

/** What a plain FTS5 index takes. */
export function indexed({ digits, spoken, texts }: Texts): string {
  let out = bigrams(texts.join('\n'));
  for (const number of digits) out += ` ${pairs(number)}`;
  for (const text of spoken) out += ` ${soundPairs(text)}`;
  return out;
}

const LETTERS = /^[a-z]+$/;
export const areLetters = (word: string): boolean => LETTERS.test(word);
/** What an FTS5 query has to say to find a word of Chinese characters, or of initials. */
export const matching = (word: string): string => `"${(areLetters(word) ? pairs(word) : bigrams(word)).trimEnd()}"`;
