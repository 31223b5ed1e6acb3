import { pinyin } from 'pinyin-pro';

/** One way to read a text aloud. `chars[i]`: place in the text of the syllable's character. */
export interface Reading {
  readonly syllables: readonly string[];
  readonly chars: readonly number[];
}

const CHINESE = /\p{Script=Han}/u;

/**
 * How a text is read: by its words, and, where that differs, with its first character as a surname (单 is shan in a name).
 * Latin letters and digits are no syllables.
 */
export function readingsOf(text: string): readonly Reading[] {
  if (!CHINESE.test(text)) return [];
  const plain = read(text, 'off');
  const asName = read(text, 'head');
  return plain.syllables.join(' ') === asName.syllables.join(' ') ? [plain] : [plain, asName];
}

function read(text: string, surname: 'off' | 'head'): Reading {
  const all = pinyin(text, { toneType: 'none', type: 'all', surname });
  const syllables: string[] = [];
  const chars: number[] = [];
  let place = 0;
  for (const { origin, pinyin: sound, isZh } of all) {
    // ü is typed as v.
    if (isZh && sound !== '') {
      syllables.push(sound.replaceAll('ü', 'v'));
      chars.push(place);
    }
    place += origin.length;
  }
  return { syllables, chars };
}

/** What the letters of a query are compared with: initials and full sounds of each reading. */
export const soundsOf = (text: string): string[] =>
  readingsOf(text).flatMap(({ syllables }) => [syllables.map((s) => s[0]).join(''), syllables.join('')]);
