import { existsSync, readFileSync } from 'node:fs';

/** How far the log of a cache went when it was last in use, as the index beside it says; null if that is not known. */
interface LogMark {
  readonly frames: number;
  readonly salt: string;
}

const HEADER_BYTES = 48;

/**
 * Reads the index (`-shm`) of a cache that nobody has open. SQLite takes a broken log for a short one and says nothing;
 * the index, which a crash leaves behind, still knows what had been committed.
 */
export function readLogMark(path: string): LogMark | null {
  const file = `${path}-shm`;
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  // Two equal copies of the header, initialised; then how much of the log is in the file already.
  if (bytes.length < HEADER_BYTES * 2 + 4 || bytes[12] !== 1) return null;
  if (!bytes.subarray(0, HEADER_BYTES).equals(bytes.subarray(HEADER_BYTES, HEADER_BYTES * 2))) return null;
  const frames = readNumber(bytes, 16);
  const written = readNumber(bytes, HEADER_BYTES * 2);
  return { frames: written >= frames ? 0 : frames, salt: bytes.toString('hex', 32, 40) };
}

/** Whether the log has lost commits between the two looks: before the cache was opened and after. */
export function logWasCut(before: LogMark | null, after: LogMark | null): boolean {
  if (before === null || before.frames === 0) return false;
  return after === null || after.salt !== before.salt || after.frames < before.frames;
}

/** The index is memory that is shared, in the order of this machine's bytes. */
const readNumber = (bytes: Buffer, at: number): number =>
  new Uint32Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + 4))[0]!;
