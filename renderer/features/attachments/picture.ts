import { useEffect, useRef, useState } from 'react';
import { core } from '../../bridge.ts';

/** All of a picture that is on this device. null: it is not. */
async function readPicture(id: string): Promise<Blob | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let type = '';
  for (let index = 0, pieces = 1; index < pieces; index += 1) {
    const piece = await core.call('attachments.piece', { id, index });
    if (piece === null) return null;
    parts.push(piece.bytes);
    ({ type, pieces } = piece);
  }
  return new Blob(parts, { type });
}

/** One after the other: a large picture takes much memory while it unfolds. */
let turn: Promise<unknown> = Promise.resolve();

/** Draws a small picture into a canvas. Nothing of it stays when it leaves the screen. */
export function useThumbnail(id: string | null, height: number): (canvas: HTMLCanvasElement | null) => void {
  const canvas = useRef<HTMLCanvasElement | null>(null);
  useEffect(() => {
    if (id === null) return undefined;
    let gone = false;
    turn = turn.then(async () => {
      if (gone) return;
      const blob = await readPicture(id).catch(() => null);
      if (blob === null || gone) return;
      // What cannot be decoded stays without a picture.
      const bitmap = await createImageBitmap(blob, { resizeHeight: height, resizeQuality: 'medium' }).catch(() => null);
      const target = canvas.current;
      if (bitmap === null || gone || target === null) return bitmap?.close();
      target.width = bitmap.width;
      target.height = bitmap.height;
      target.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
      target.dataset['drawn'] = 'true';
    });
    return () => {
      gone = true;
    };
  }, [id, height]);
  return (element) => {
    canvas.current = element;
  };
}

/** An address of a picture, valid while it is on screen. `failed`: it is not here, or no picture. */
export function usePicture(id: string): { readonly url: string | null; readonly failed: boolean } {
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    readPicture(id).then(
      (blob) => {
        if (gone) return;
        if (blob === null) return setFailed(true);
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [id]);
  return { url, failed };
}
