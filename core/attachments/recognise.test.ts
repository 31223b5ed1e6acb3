import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { recognise as onServer } from '../../server/attachments/recognise.ts';
import { pixelBomb, png } from '../../tests/support/core/files.ts';
import { recognise } from './recognise.ts';

const text = (of: string): Uint8Array => new TextEncoder().encode(of);
/** Forty-two kilobytes that say they are gigabytes. */
const zipBomb = (): Uint8Array => new Uint8Array(gzipSync(Buffer.alloc(30_000_000)));
const exe = (): Uint8Array => {
  const bytes = Buffer.alloc(600);
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(128, 0x3c);
  bytes.write('PE\0\0', 128, 'latin1');
  return new Uint8Array(bytes);
};

describe('R22 what a file is, by its content', () => {
  test.each([
    ['a picture', png(30, 20), 'image/png', null, { width: 30, height: 20 }],
    ['one of 50 megapixels', pixelBomb(10_000, 5000), 'image/png', null, { width: 10_000, height: 5000 }],
    ['a pixel bomb is kept and not shown', pixelBomb(60_000, 60_000), 'image/png', null, null],
    ['a picture without a size', pixelBomb(0, 7), 'image/png', null, null],
    ['an archive, which nobody opens', zipBomb(), 'application/gzip', null, null],
    ['words', text('客户说不通\n'), 'text/plain', null, null],
    ['an SVG is no picture for us', text('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), null, null, null],
    ['a program', exe(), 'application/x-msdownload', 'program', null],
    ['a script', text('#!/bin/sh\n'), 'text/plain', 'script', null],
    ['one byte', new Uint8Array([1]), 'application/octet-stream', null, null],
  ])('%s', async (_, bytes, type, refused, picture) => {
    const seen = await recognise(bytes);
    expect(seen).toMatchObject({ refused, picture });
    if (type !== null) expect(seen.type).toBe(type);
    // The server has its own eyes, and they see the same.
    expect(await onServer(bytes)).toEqual({ type: seen.type, refused: seen.refused });
  });
});
