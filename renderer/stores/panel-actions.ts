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

export const panelActions = (): PanelActions => current;

/** @returns gives the place back. */
export function offerPanelActions(actions: PanelActions): () => void {
  current = actions;
  return () => {
    if (current === actions) current = none;
  };
}
