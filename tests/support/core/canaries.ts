import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { filesUnder } from './remains.ts';

/** All ways in which a word may lie in a file: as texts are written, and as programs wrap them. */
export function formsOf(word: string): Buffer[] {
  const utf8 = Buffer.from(word);
  const utf16 = Buffer.from(word, 'utf16le');
  const forms = [utf8, utf16, Buffer.from(word, 'utf16le').swap16()];
  for (const bytes of [utf8, utf16]) {
    // In the middle of a longer text, at each of the three places that it can have in a group; the ends belong to neighbours.
    for (const shift of [0, 1, 2]) {
      const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      const inner = text.slice(shift === 0 ? 0 : shift + 1, bytes.length % 3 === (3 - shift) % 3 ? undefined : -4);
      forms.push(Buffer.from(inner), Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_')));
    }
  }
  const escaped = encodeURIComponent(word);
  if (escaped !== word) forms.push(Buffer.from(escaped));
  const json = word.replaceAll(/[^\u0020-\u007E]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (json !== word) forms.push(Buffer.from(json));
  if (/^([\da-f]{2}){16,}$/i.test(word)) forms.push(Buffer.from(word, 'hex'));
  return forms;
}

/** Looks at a folder in use: after one that a program has taken away or renamed meanwhile, all are looked at anew. */
const LOOKS = 50;

/** Where any of these words stands in a folder, in any form. @returns `file: word` for each */
export function findCanaries(folder: string, words: Iterable<string>, more: Readonly<Record<string, string>> = {}): string[] {
  const forms = [...words].map((word) => ({ word, forms: formsOf(word) }));
  const found = (place: string, bytes: Buffer): string[] =>
    forms.filter((each) => each.forms.some((form) => bytes.includes(form))).map(({ word }) => `${place}: ${word}`);
  const inFiles = (left: number): string[] => {
    try {
      return filesUnder(folder).flatMap((file) => found(relative(folder, file), readFileSync(file)));
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return inFiles(left - 1);
    }
  };
  return [...inFiles(LOOKS), ...Object.entries(more).flatMap(([name, text]) => found(name, Buffer.from(text)))];
}
