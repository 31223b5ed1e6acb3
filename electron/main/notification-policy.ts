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
  /** Stays until somebody has seen it, where the desktop lets it. */
  readonly stays: boolean;
}

/** What Electron is given for it. */
export interface NativeNotification {
  readonly title: string;
  readonly body: string;
  readonly timeoutType: 'default' | 'never';
  readonly buttons: readonly ActionLabel[];
}

/** As a platform shows it. */
export function nativeNotification(platform: string, what: NotificationText): NativeNotification {
  const title = oneLine(what.title);
  const body = visible(what.body);
  return {
    title,
    // Linux desktops read the text as markup, in which a subject could hide a link or a picture from the network.
    body: platform === 'linux' ? asMarkup(body) : body,
    timeoutType: what.stays ? 'never' : 'default',
    buttons: notificationButtons(platform, what.actions),
  };
}

/** Windows and macOS have buttons; a click on the notification itself opens, so none need say that. */
function notificationButtons(platform: string, actions: readonly ActionLabel[]): readonly ActionLabel[] {
  return platform === 'darwin' || platform === 'win32' ? actions.filter((each) => each.action !== 'open') : [];
}

/** Without the signs that XML forbids: Windows would refuse the whole notification for one. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '');
}

function oneLine(text: string): string {
  return visible(text).replaceAll(/\s+/g, ' ').trim();
}

function asMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
