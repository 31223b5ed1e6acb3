/** Edge of the picture in pixels; Windows scales it down to 16 for a plain screen. */
export const badgeEdge = 32;

const glyphs: Readonly<Record<string, readonly string[]>> = {
  '0': ['###', '#.#', '#.#', '#.#', '###'],
  '1': ['.#.', '##.', '.#.', '.#.', '###'],
  '2': ['###', '..#', '###', '#..', '###'],
  '3': ['###', '..#', '.##', '..#', '###'],
  '4': ['#.#', '#.#', '###', '..#', '..#'],
  '5': ['###', '#..', '###', '..#', '###'],
  '6': ['###', '#..', '###', '#.#', '###'],
  '7': ['###', '..#', '..#', '.#.', '.#.'],
  '8': ['###', '#.#', '###', '#.#', '###'],
  '9': ['###', '#.#', '###', '..#', '###'],
  '+': ['...', '.#.', '###', '.#.', '...'],
};

/** What stands on a badge; more than two digits could not be read. */
export function badgeText(n: number): string {
  return n > 99 ? '99+' : String(n);
}

/** A red disc with the number, as BGRA. Windows has no numbers of its own on its taskbar. */
export function badgePixels(n: number): Uint8Array {
  const pixels = new Uint8Array(badgeEdge * badgeEdge * 4);
  const put = (x: number, y: number, [b, g, r]: readonly [number, number, number], cover: number): void =>
    pixels.set([b * cover, g * cover, r * cover, 255 * cover].map(Math.round), (y * badgeEdge + x) * 4);
  const middle = badgeEdge / 2;
  for (let y = 0; y < badgeEdge; y++) {
    for (let x = 0; x < badgeEdge; x++) {
      const cover = Math.min(1, Math.max(0, middle - Math.hypot(x + 0.5 - middle, y + 0.5 - middle) + 0.5));
      put(x, y, [0x2c, 0x36, 0xe0], cover);
    }
  }
  const text = [...badgeText(n)];
  const dot = text.length > 2 ? 2 : text.length > 1 ? 3 : 4;
  const from = { x: Math.round(middle - ((text.length * 4 - 1) * dot) / 2), y: Math.round(middle - (5 * dot) / 2) };
  text.forEach((sign, at) => {
    glyphs[sign]?.forEach((row, down) => {
      [...row].forEach((mark, across) => {
        if (mark !== '#') return;
        for (let i = 0; i < dot * dot; i++) {
          put(from.x + (at * 4 + across) * dot + (i % dot), from.y + down * dot + Math.floor(i / dot), [255, 255, 255], 1);
        }
      });
    });
  });
  return pixels;
}
