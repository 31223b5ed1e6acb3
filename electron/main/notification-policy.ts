import { asMarkup, oneLine, visible } from '../../shared/lib/plain-text.ts';

export type ReminderAction = 'open' | 'contacted' | 'snooze';

export interface ActionLabel {
  readonly action: ReminderAction;
  readonly label: string;
}

export interface NotificationText {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly actions: readonly ActionLabel[];
  /** What the field for an answer says; null: there is nothing to answer. */
  readonly reply: string | null;
  /** Stays until somebody has seen it, where the desktop lets it. */
  readonly stays: boolean;
}

/** What Electron is given for it. */
export interface NativeNotification {
  readonly title: string;
  readonly body: string;
  readonly timeoutType: 'default' | 'never';
  readonly buttons: readonly ActionLabel[];
  /** null: no field for an answer. */
  readonly reply: string | null;
}

/** As a platform shows it. */
export function nativeNotification(platform: string, what: NotificationText): NativeNotification {
  const title = oneLine(what.title);
  const body = visible(what.body);
  return {
    title,
    body: platform === 'linux' ? asMarkup(body) : body,
    timeoutType: what.stays ? 'never' : 'default',
    buttons: notificationButtons(platform, what.actions),
    // Nowhere else has Electron a field.
    reply: platform === 'darwin' ? what.reply : null,
  };
}

/** Windows and macOS have buttons; a click on the notification itself opens, so none need say that. */
function notificationButtons(platform: string, actions: readonly ActionLabel[]): readonly ActionLabel[] {
  return platform === 'darwin' || platform === 'win32' ? actions.filter((each) => each.action !== 'open') : [];
}
