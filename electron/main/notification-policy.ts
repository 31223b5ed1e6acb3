export type ReminderAction = 'open' | 'contacted' | 'snooze';

export interface ActionLabel {
  readonly action: ReminderAction;
  readonly label: string;
}

/** Buttons that the platform's notifications can show. Linux desktops get none from Electron, Windows only the click. */
export function notificationButtons(platform: string, actions: readonly ActionLabel[]): readonly ActionLabel[] {
  // A click on the notification itself opens, so a button need not.
  return platform === 'darwin' ? actions.filter((each) => each.action !== 'open') : [];
}
