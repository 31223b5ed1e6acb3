import { useEffect } from 'react';
import { core } from '../../bridge.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { panelActions } from '../../stores/panel-actions.ts';
import { topPopup } from '../../stores/top-popup.ts';
import { type Mode, useView } from '../../stores/view-store.ts';

const actions: Readonly<Record<string, Mode['kind']>> = {
  KeyW: 'resolve',
  KeyZ: 'transfer',
  KeyX: 'invalidate',
  KeyS: 'release',
  KeyH: 'schedule',
};

const hasCaret = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'));
/** antd's own layers close themselves on Esc. */
const layerOpen = (): boolean =>
  document.querySelector(
    '.ant-modal-wrap:not([style*="none"]), .ant-dropdown:not(.ant-dropdown-hidden), .ant-select-dropdown:not(.ant-select-dropdown-hidden)',
  ) !== null;

/** Takes the topmost thing away. @returns whether there was one. */
function closeTop(target: EventTarget | null): boolean {
  const view = useView.getState();
  if (view.sheet) return (view.setSheet(false), true);
  if (view.syncOpen) return (view.setSyncOpen(false), true);
  const popup = topPopup();
  if (popup !== null) {
    // Stays in 今日提醒 if it is a callback; if the core is away it stays on screen and can be closed again.
    core.call('reminders.act', { id: popup, action: 'dismiss' }).catch(() => undefined);
    return true;
  }
  if (view.mode.kind !== 'update') {
    view.rest();
    panelActions().focusComposer();
    return true;
  }
  if (view.creating) return (view.setCreating(false), listCursor().focus(), true);
  if (hasCaret(target)) return (listCursor().focus(), true);
  if (view.open !== null) return (view.openTicket(null), listCursor().focus(), true);
  return false;
}

/** The keys of the whole window. Physical keys, so that an input method's layout does not matter. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.code === 'F6') {
        const card = document.querySelector<HTMLElement>('[data-popup] button');
        if (card === null) return;
        event.preventDefault();
        return card.focus();
      }
      if (event.code === 'Escape') {
        if (!layerOpen() && closeTop(event.target)) event.preventDefault();
        return;
      }
      if (hasCaret(event.target) || layerOpen()) return;
      const view = useView.getState();
      const kind = actions[event.code];
      if (event.code === 'Slash' && event.shiftKey) view.setSheet(true);
      else if (event.shiftKey) return;
      else if (event.code === 'KeyN') document.querySelector<HTMLElement>('[data-testid="new-ticket"]')?.click();
      else if (view.creating) return;
      else if (event.code === 'KeyG') panelActions().focusComposer();
      else if (kind !== undefined) panelActions().start(kind);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
