import type { Mode } from './view-store.ts';

/** What the ticket on screen offers to the keyboard. */
export interface PanelActions {
  /** Does nothing where the ticket does not allow it. */
  start(kind: Mode['kind']): void;
  focusComposer(): void;
  /** What leaders do, and 领取. @returns whether this ticket allows it. */
  office(act: string): boolean;
}

const none: PanelActions = { start: () => undefined, focusComposer: () => undefined, office: () => false };
let current = none;
let frozen = false;
let wish: ((of: PanelActions) => void) | null = null;

/** Keeps the first key that is meant for the ticket whose panel is about to come. */
const waiting: PanelActions = {
  start: (kind) => void (wish ??= (of) => of.start(kind)),
  focusComposer: () => void (wish ??= (of) => of.focusComposer()),
  office: (act) => {
    wish ??= (of) => void of.office(act);
    return true;
  },
};

export const panelActions = (): PanelActions => (frozen ? waiting : current);

/** While the next ticket is being read, a key neither acts on the last one nor gets lost. */
export function freezePanelActions(on: boolean): void {
  frozen = on;
  if (on) return;
  const waited = wish;
  wish = null;
  waited?.(current);
}

/** @returns gives the place back. */
export function offerPanelActions(actions: PanelActions): () => void {
  current = actions;
  return () => {
    if (current === actions) current = none;
  };
}
