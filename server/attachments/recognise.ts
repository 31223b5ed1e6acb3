import { fileTypeFromBuffer } from 'file-type';
import { HEAD, plainType, refusedByContent, type FileRefusal } from '../../shared/domain/attachments.ts';

/** What a file is by its first bytes, and why it is not taken. The beginning alone is looked at, so nothing in it unfolds. */
export async function recognise(beginning: Uint8Array): Promise<{ readonly type: string; readonly refused: FileRefusal | null }> {
  const head = beginning.subarray(0, HEAD);
  // A recogniser that stumbles over crafted bytes has recognised nothing.
  const known = await fileTypeFromBuffer(head).catch(() => undefined);
  return { type: known?.mime ?? plainType(head), refused: refusedByContent(head, known?.mime) };
}
