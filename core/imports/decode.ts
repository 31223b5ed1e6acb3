export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const;
export type Encoding = (typeof encodings)[number];

export interface Decoding {
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** Others under which the same bytes make sense. */
  readonly alternatives: readonly Encoding[];
}

/**
 * In which encoding a whole file is written, most likely first; null: in none of ours, so it is no text. Looked at as a
 * whole: `C4 A7` is ħ in UTF-8 and 魔 in GBK, and only the rest of the file can tell. A file that was cut off inside a
 * character still counts as what it is.
 */
export function detect(bytes: Uint8Array): Decoding | null {
  const bom = bomOf(bytes);
  if (bom !== null) return { encoding: bom, bom: true, alternatives: [] };
  const possible = encodings.filter((encoding) => makesSense(bytes, encoding));
  const [best] = possible.toSorted((a, b) => likelihood[b] - likelihood[a]);
  return best === undefined ? null : { encoding: best, bom: false, alternatives: possible.filter((e) => e !== best) };
}

/** The text, with U+FFFD where bytes say nothing, as a NUL does; without its BOM. */
export const decode = (bytes: Uint8Array, encoding: Encoding): string => new TextDecoder(encoding).decode(bytes).replaceAll('\0', '\uFFFD');

function bomOf(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

// What no table holds: control characters but tab and line ends, private and missing characters.
const NONSENSE = /[^\P{Cc}\s]|[\p{Co}\p{Noncharacter_Code_Point}]/u;

function makesSense(bytes: Uint8Array, encoding: Encoding): boolean {
  if (encoding.startsWith('utf-16') && !hasZeros(bytes, encoding === 'utf-16le' ? 1 : 0)) return false;
  try {
    // `stream`: an unfinished last character is no fault.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return !NONSENSE.test(text) && (bytes.length < 2 || text.length > 0);
  } catch {
    return false;
  }
}

/** UTF-8 hardly ever happens by chance, and GB18030 takes nearly anything. */
const likelihood: Readonly<Record<Encoding, number>> = { 'utf-16le': 4, 'utf-16be': 4, 'utf-8': 3, gb18030: 2 };

/** In UTF-16 separators and line ends have a zero byte, always on the same side; without any it is no table in UTF-16. */
function hasZeros(bytes: Uint8Array, side: 0 | 1): boolean {
  for (let i = side; i < bytes.length; i += 2) if (bytes[i] === 0) return true;
  return false;
}
