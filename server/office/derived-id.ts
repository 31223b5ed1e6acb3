import { createHash } from 'node:crypto';
import type { Id } from '../../shared/lib/ids.ts';

/** The same parts give the same UUID (RFC 9562, version 8), so that what is made twice from one source is made once. */
export function derivedId(...parts: readonly string[]): Id {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
