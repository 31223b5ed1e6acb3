import { pinyin } from 'pinyin-pro';

/** One way to read a text aloud. `chars[i]`: place in the text of the syllable's character. */
export interface Reading {
  readonly syllables: readonly string[];
  readonly chars: readonly number[];
}

type Surname = 'off' | 'head';

const CHINESE = /\p{Script=Han}/u;
const EACH_CHINESE = /\p{Script=Han}/gu;
/** ü is typed as v. How tones run together is heard and not typed. */
const typed = { toneType: 'none', toneSandhi: false, v: true } as const;

/**
 * How a text is read: by its words, and, where that differs, with its first character as a surname (单 is shan in a name).
 * Latin letters and digits are no syllables.
 */
export const readingsOf = (text: string): readonly Reading[] => eachWay(text, placed, (reading) => reading.syllables);

/** What the letters of a query are compared with: initials and full sounds of each reading. */
export const soundsOf = (text: string): string[] =>
  eachWay(text, syllablesOf, (syllables) => syllables).flatMap((syllables) => [syllables.map((s) => s[0]).join(''), syllables.join('')]);

function eachWay<T>(text: string, read: (text: string, surname: Surname) => T, soundOf: (reading: T) => readonly string[]): T[] {
  if (!CHINESE.test(text)) return [];
  const plain = read(text, 'off');
  if (!hasReadings(String.fromCodePoint(text.codePointAt(0)!))) return [plain];
  const asName = read(text, 'head');
  return soundOf(plain).join(' ') === soundOf(asName).join(' ') ? [plain] : [plain, asName];
}

const known = new Map<string, boolean>();

/** Whether a character is read in more than one way, so that it may be another one as a surname. */
function hasReadings(char: string): boolean {
  let many = known.get(char);
  if (many === undefined) {
    many = pinyin(char, { ...typed, type: 'array', multiple: true }).length > 1;
    known.set(char, many);
  }
  return many;
}

/** A sixth of the time of `placedOneByOne`. */
const syllablesOf = (text: string, surname: Surname): string[] => pinyin(text, { ...typed, type: 'array', nonZh: 'removed', surname });

function placed(text: string, surname: Surname): Reading {
  const sounds = syllablesOf(text, surname);
  const places = [...text.matchAll(EACH_CHINESE)].map((found) => found.index);
  // A few characters have no sound: then the library has to say which syllable is whose.
  return sounds.length === places.length ? { syllables: sounds, chars: places } : placedOneByOne(text, surname);
}

function placedOneByOne(text: string, surname: Surname): Reading {
  const syllables: string[] = [];
  const chars: number[] = [];
  let place = 0;
  for (const { origin, pinyin: sound, isZh } of pinyin(text, { ...typed, type: 'all', surname })) {
    if (isZh && sound !== '') {
      syllables.push(sound);
      chars.push(place);
    }
    place += origin.length;
  }
  return { syllables, chars };
}
