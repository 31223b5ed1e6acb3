import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import { attachmentLimits, HEAD, isPicture, plainType, refusedByContent, type FileRefusal } from '../../shared/domain/attachments.ts';

export interface Recognised {
  readonly type: string;
  readonly refused: FileRefusal | null;
  /** Pixels of a picture that may be shown; null for all else, and for pictures that are too large to unfold. */
  readonly picture: { readonly width: number; readonly height: number } | null;
}

/** What a file is by its first piece, which nothing here unfolds. */
export async function recognise(beginning: Uint8Array): Promise<Recognised> {
  const head = beginning.subarray(0, HEAD);
  // A recogniser that stumbles over crafted bytes has recognised nothing.
  const known = await fileTypeFromBuffer(head).catch(() => undefined);
  const type = known?.mime ?? plainType(head);
  return { type, refused: refusedByContent(head, known?.mime), picture: isPicture(type) ? pixelsOf(beginning) : null };
}

function pixelsOf(beginning: Uint8Array): Recognised['picture'] {
  try {
    const { width, height } = imageSize(beginning);
    return width > 0 && height > 0 && width * height <= attachmentLimits.pixels ? { width, height } : null;
  } catch {
    return null;
  }
}
