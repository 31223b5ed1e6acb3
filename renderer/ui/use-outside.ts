import { type RefObject, useEffect, useRef } from 'react';

/**
 * Tells of a press outside of an element. @param except selector of what may be pressed all the same: the button that
 * opens it, and layers that antd puts elsewhere in the page.
 */
export function useOutside<T extends HTMLElement>(onOutside: () => void, except: string): RefObject<T | null> {
  const box = useRef<T>(null);
  const call = useRef(onOutside);
  call.current = onOutside;
  useEffect(() => {
    const onPointerDown = (event: PointerEvent): void => {
      const { target } = event;
      if (!(target instanceof Element) || box.current === null || box.current.contains(target)) return;
      if (target.closest(`${except}, .ant-select-dropdown, .ant-modal-root`) === null) call.current();
    };
    document.addEventListener('pointerdown', onPointerDown, true);
    return () => document.removeEventListener('pointerdown', onPointerDown, true);
  }, [except]);
  return box;
}
