import { createHash, randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Device } from './device.ts';

/** Bytes that no recogniser knows. */
export function someBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(randomBytes(Math.min(size, 1_000_000)));
  const out = new Uint8Array(size);
  for (let at = 0; at < size; at += bytes.length) out.set(bytes.subarray(0, Math.min(bytes.length, size - at)), at);
  // Neither a picture nor a program by chance.
  out.set(new Uint8Array(Math.min(16, size)).fill(1), 0);
  return out;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc = (bytes: Uint8Array): number => {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

/** A real PNG of one colour; as large as wanted, it is a few kilobytes. */
export function png(width: number, height: number, colour: readonly [number, number, number] = [31, 111, 235]): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x += 1) line.set(colour, 1 + x * 3);
  const rows = Buffer.alloc(line.length * height);
  for (let y = 0; y < height; y += 1) line.copy(rows, y * line.length);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array(0))]),
  );
}

/** The head of a PNG that says it unfolds to that much; what follows is nothing. */
export function pixelBomb(width: number, height: number): Uint8Array<ArrayBuffer> {
  const small = png(1, 1);
  const bomb = Buffer.from(small);
  bomb.writeUInt32BE(width, 16);
  bomb.writeUInt32BE(height, 20);
  bomb.writeUInt32BE(crc(bomb.subarray(12, 29)), 29);
  return new Uint8Array(bomb);
}

type OfFile = Awaited<ReturnType<typeof filesOf>>[number];

export const filesOf = (device: Device, ticketId: string) => device.read('attachments.list', { of: 'ticket', id: ticketId });

/** Picks a file in the composer of a ticket. @throws Error that says why it was refused */
export async function attachTo(device: Device, form: string, name: string, bytes: Uint8Array): Promise<void> {
  const { refused } = await device.call('attachments.addPicked', { form, files: [device.host.pick(name, bytes)] });
  if (refused.length > 0) throw new Error(`refused: ${refused[0]!.why}`);
}

/** The attachments of a ticket, once they are as wanted. */
export const filesUntil = (device: Device, ticketId: string, fits: (files: readonly OfFile[]) => boolean, ms?: number) =>
  device.until('attachments.list', { of: 'ticket', id: ticketId }, fits, ms);

/** The content of a file on this device, as it is saved. */
export async function savedBytes(device: Device, id: string): Promise<Uint8Array> {
  const handle = device.host.chooseTarget();
  const result = await device.call('attachments.save', { id, handle });
  if (!result.ok) throw new Error(`not saved: ${result.why}`);
  const file = device.host.written.get(handle);
  if (file?.state !== 'whole') throw new Error('not whole');
  return file.bytes;
}
