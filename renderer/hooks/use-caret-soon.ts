import { type RefObject, useEffect, useRef } from 'react';

/**
 * Puts the caret there in the next frame. `autoFocus` comes too early where what was open before gives the caret back as it
 * goes: the palette to the list, a popover to its button.
 */
export function useCaretSoon<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => element.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return element;
}
