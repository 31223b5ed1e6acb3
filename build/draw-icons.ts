import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';

// Draws every icon of the app: node build/draw-icons.ts. Shapes are distances, in units of a square from 0 to 1.

type Colour = readonly [r: number, g: number, b: number];
/** Negative inside. */
type Shape = (x: number, y: number) => number;
interface Layer {
  readonly shape: Shape;
  readonly fill: (x: number, y: number) => Colour;
}

const top: Colour = [0x3b, 0x82, 0xf6];
const bottom: Colour = [0x17, 0x4f, 0xc0];
const white: Colour = [255, 255, 255];
const black: Colour = [0, 0, 0];
const red: Colour = [0xe0, 0x36, 0x2c];

const box =
  (cx: number, cy: number, halfWidth: number, halfHeight: number, radius: number): Shape =>
  (x, y) => {
    const dx = Math.abs(x - cx) - halfWidth + radius;
    const dy = Math.abs(y - cy) - halfHeight + radius;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
const disc =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius;
/** A bent line with round ends, from one angle to another (clockwise, 0 is right). */
const arc =
  (cx: number, cy: number, radius: number, from: number, to: number, width: number): Shape =>
  (x, y) => {
    const angle = (((Math.atan2(y - cy, x - cx) - from) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
    if (angle <= to - from) return Math.abs(Math.hypot(x - cx, y - cy) - radius) - width / 2;
    const end = (a: number): number => Math.hypot(x - cx - radius * Math.cos(a), y - cy - radius * Math.sin(a));
    return Math.min(end(from), end(to)) - width / 2;
  };
const union =
  (...shapes: Shape[]): Shape =>
  (x, y) =>
    Math.min(...shapes.map((each) => each(x, y)));
const without =
  (from: Shape, hole: Shape): Shape =>
  (x, y) =>
    Math.max(from(x, y), -hole(x, y));
const scaled =
  (shape: Shape, by: number): Shape =>
  (x, y) =>
    shape(0.5 + (x - 0.5) / by, 0.5 + (y - 0.5) / by) * by;

/** Small sizes get heavier lines, or nothing of the glyph is left. */
function headset(weight: number): Shape {
  const band = arc(0.5, 0.5, 0.245, Math.PI, 2 * Math.PI, 0.062 * weight);
  const cup = (x: number): Shape => box(x, 0.575, 0.062 * weight, 0.105, 0.045 * weight);
  const boom = arc(0.595, 0.6, 0.15, 0, Math.PI / 2, 0.05 * weight);
  return union(band, cup(0.262), cup(0.738), boom, box(0.56, 0.752, 0.07, 0.035 * weight, 0.035 * weight));
}

const plain =
  (colour: Colour): Layer['fill'] =>
  () =>
    colour;
const gradient: Layer['fill'] = (_x, y) => [0, 1, 2].map((i) => top[i]! + (bottom[i]! - top[i]!) * y) as unknown as Colour;

function appIcon(size: number, margin: number): Layer[] {
  const weight = size <= 24 ? 1.45 : size <= 48 ? 1.2 : 1;
  const half = 0.5 - margin;
  const zoom = (size <= 32 ? 1.22 : 1.08) * half * 2;
  return [
    { shape: box(0.5, 0.5, half, half, half * 0.46), fill: gradient },
    { shape: scaled(headset(weight), zoom), fill: plain(white) },
  ];
}

const mark = disc(0.8, 0.2, 0.2);
const markGap = disc(0.8, 0.2, 0.265);

function trayIcon(size: number, alert: boolean): Layer[] {
  const layers = appIcon(size, 0);
  if (!alert) return layers;
  return [...layers.map((each) => ({ ...each, shape: without(each.shape, markGap) })), { shape: mark, fill: plain(red) }];
}

function macTrayIcon(alert: boolean): Layer[] {
  const glyph = scaled(headset(1.35), 1.5);
  return alert ? [{ shape: union(without(glyph, markGap), mark), fill: plain(black) }] : [{ shape: glyph, fill: plain(black) }];
}

function render(size: number, layers: readonly Layer[]): Buffer {
  const pixels = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / size;
      const y = (row + 0.5) / size;
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (const { shape, fill } of layers) {
        const cover = Math.min(1, Math.max(0, 0.5 - shape(x, y) * size));
        if (cover === 0) continue;
        const [fr, fg, fb] = fill(x, y);
        const under = a * (1 - cover);
        const total = cover + under;
        r = (fr * cover + r * under) / total;
        g = (fg * cover + g * under) / total;
        b = (fb * cover + b * under) / total;
        a = total;
      }
      pixels.set([r, g, b, a * 255].map(Math.round), row * (size * 4 + 1) + 1 + column * 4);
    }
  }
  return pixels;
}

function png(size: number, layers: readonly Layer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const body = deflateSync(render(size, layers), { level: 9 });
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', body),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  typed.copy(out, 4);
  out.writeUInt32BE(crc(typed), data.length + 8);
  return out;
}

function crc(data: Buffer): number {
  let value = 0xffffffff;
  for (const byte of data) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** The icon file of Windows: a directory, and pictures as PNG. */
function ico(sizes: readonly number[]): Buffer {
  const pictures = sizes.map((size) => png(size, appIcon(size, size >= 64 ? 0.04 : 0)));
  const head = Buffer.alloc(6 + 16 * sizes.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(sizes.length, 4);
  let offset = head.length;
  for (const [i, size] of sizes.entries()) {
    const at = 6 + 16 * i;
    // 0 stands for 256.
    head.set([size % 256, size % 256, 0, 0, 1, 0, 32, 0], at);
    head.writeUInt32LE(pictures[i]!.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += pictures[i]!.length;
  }
  return Buffer.concat([head, ...pictures]);
}

/** The icon file of macOS, whose icons keep a margin; each size has a type of its own. */
function icns(): Buffer {
  const types = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 } as const;
  const parts = Object.entries(types).map(([type, size]) => {
    const picture = png(size, appIcon(size, 0.1));
    const head = Buffer.alloc(8);
    head.write(type, 0, 'latin1');
    head.writeUInt32BE(picture.length + 8, 4);
    return Buffer.concat([head, picture]);
  });
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

const folder = path.join(import.meta.dirname, 'icons');
mkdirSync(folder, { recursive: true });
const write = (name: string, size: number, layers: readonly Layer[]): void =>
  writeFileSync(path.join(folder, `${name}.png`), png(size, layers));
for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) write(String(size), size, appIcon(size, size >= 64 ? 0.04 : 0));
for (const alert of [false, true]) {
  const name = alert ? 'tray-alert' : 'tray';
  // Electron takes the file that fits the screen by its suffix.
  write(name, 24, trayIcon(24, alert));
  write(`${name}@2x`, 48, trayIcon(48, alert));
  write(`${name}-mac`, 18, macTrayIcon(alert));
  write(`${name}-mac@2x`, 36, macTrayIcon(alert));
}
writeFileSync(path.join(folder, 'app.ico'), ico([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(path.join(folder, 'app.icns'), icns());
