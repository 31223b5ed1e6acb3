import { useEffect } from 'react';
import { core } from '../../bridge.ts';
import { useCalls } from '../../stores/calls-store.ts';
import { listCursor, type RowAct } from '../../stores/list-cursor.ts';
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
/** On the ticked rows, else on the ticket on screen, else on the row under the cursor. */
const office: Readonly<Record<string, RowAct | 'reopen'>> = {
  KeyL: 'claim',
  KeyP: 'assign',
  KeyQ: 'withdraw',
  KeyY: 'reviewClose',
  KeyT: 'reviewBack',
  KeyK: 'reopen',
  KeyE: 'export',
};

const hasCaret = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'));
const ownsArrows = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role=grid], [role=radiogroup], [role=menu], [role=listbox], [role=dialog], input') !== null;
/** antd's own layers close themselves on Esc. */
const layerOpen = (): boolean =>
  document.querySelector(
    '.ant-modal-wrap:not([style*="none"]), .ant-dropdown:not(.ant-dropdown-hidden), .ant-select-dropdown:not(.ant-select-dropdown-hidden)',
  ) !== null;

/** Takes the topmost thing away. @returns whether there was one. */
function closeTop(target: EventTarget | null): boolean {
  const view = useView.getState();
  const back = (): true => (listCursor().focus(), true);
  if (view.sheet) return (view.setSheet(false), true);
  if (view.syncOpen) return (view.setSyncOpen(false), true);
  if (view.filterOpen !== null) return (view.setFilterOpen(null), back());
  if (view.columnsOpen) return (view.setColumnsOpen(false), back());
  const calls = useCalls.getState();
  if (calls.shown !== null) return (calls.close(), back());
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
  if (view.creating) return (view.setCreating(false), back());
  if (hasCaret(target)) return back();
  if (view.selected.size > 0) return (view.select(new Map()), true);
  if (view.openCustomer !== null) return (view.showCustomer(null), back());
  if (view.open !== null) return (view.openTicket(null), back());
  return false;
}

function actOnTickets(act: RowAct | 'reopen'): boolean {
  const ticked = useView.getState().selected.size > 0;
  const list = listCursor();
  if (ticked) return act !== 'reopen' && list.act(act);
  return panelActions().office(act) || (act !== 'reopen' && list.act(act));
}

/** The keys of the whole window. Physical keys, so that an input method's layout does not matter. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented || event.altKey) return;
      const view = useView.getState();
      if (event.code === 'KeyK' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
        // Not over another dialog: what is asked there comes first.
        if (view.palette || !layerOpen()) view.setPalette(!view.palette);
        return event.preventDefault();
      }
      if (event.ctrlKey || event.metaKey) return;
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
      if ((event.code === 'ArrowDown' || event.code === 'ArrowUp') && !event.shiftKey && !ownsArrows(event.target)) {
        // The arrows mean the list wherever nothing else wants them.
        event.preventDefault();
        listCursor().focus();
        const { code, key } = event;
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true }));
        return;
      }
      const kind = actions[event.code];
      const act = office[event.code];
      const narrows = view.place.kind === 'list' && listCursor().narrows;
      if (event.key === '?' || (event.code === 'Slash' && event.shiftKey)) view.setSheet(true);
      else if (event.shiftKey) return;
      else if (event.code === 'Slash') view.setPalette(true);
      else if (event.code === 'KeyN') document.querySelector<HTMLElement>('[data-testid="new-ticket"]')?.click();
      else if (event.code === 'KeyF' && narrows) view.setFilterOpen(view.filterOpen === null ? '' : null);
      else if (event.code === 'KeyC' && narrows) view.setColumnsOpen(!view.columnsOpen);
      else if (event.code === 'KeyB' && narrows) view.setSaving(true);
      else if (view.creating) return;
      else if (event.code === 'KeyR') document.querySelector<HTMLElement>('[data-testid="reply-wait"]')?.click();
      else if (event.code === 'KeyG') panelActions().focusComposer();
      else if (kind !== undefined) panelActions().start(kind);
      else if (act === undefined || !actOnTickets(act)) return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
