import { nativeNotification, type NotificationText, type ReminderAction } from './notification-policy.ts';

/** What somebody does with a notification, once. */
export interface NotificationAnswers {
  readonly action: (action: ReminderAction) => void;
  /** Never without words. */
  readonly reply?: (text: string) => void;
}

export interface Notifications {
  /** Shows or replaces; false when the desktop would not. A click is `open`. */
  show(what: NotificationText, on: NotificationAnswers): Promise<boolean>;
  withdraw(id: string): void;
  withdrawAll(): void;
}

/** Of Electron's `Notification`, what is used here. */
export interface ShownNotification {
  on(event: 'click' | 'close' | 'show', listener: () => void): unknown;
  on(event: 'failed', listener: (event: unknown, why: string) => void): unknown;
  on(event: 'action', listener: (event: unknown, index: number) => void): unknown;
  on(event: 'reply', listener: (event: unknown, text: string) => void): unknown;
  show(): void;
  close(): void;
}

export interface NotificationSettings {
  title: string;
  body: string;
  timeoutType: 'default' | 'never';
  icon?: string;
  actions?: { type: 'button'; text: string }[];
  hasReply?: boolean;
  replyPlaceholder?: string;
}

export interface NotificationsOptions {
  readonly platform: string;
  readonly icon: string | null;
  readonly supported: () => boolean;
  readonly make: (settings: NotificationSettings) => ShownNotification;
}

// A desktop that has not said yes by then has nobody who shows notifications.
const answerMs = 4_000;

export function createNotifications({ platform, icon, supported, make }: NotificationsOptions): Notifications {
  // Kept, because the listeners of a collected notification hear nothing.
  const open = new Map<string, ShownNotification>();

  const withdraw = (id: string): void => {
    const notification = open.get(id);
    open.delete(id);
    notification?.close();
  };

  return {
    show(what, on) {
      if (!supported()) return Promise.resolve(false);
      withdraw(what.id);
      const { buttons, reply, ...text } = nativeNotification(platform, what);
      const notification = make({
        ...text,
        ...(icon !== null && { icon }),
        ...(buttons.length > 0 && { actions: buttons.map(({ label }) => ({ type: 'button' as const, text: label })) }),
        ...(reply !== null && { hasReply: true, replyPlaceholder: reply }),
      });
      open.set(what.id, notification);
      const forget = (): void => {
        if (open.get(what.id) === notification) open.delete(what.id);
      };
      let acted = false;
      const once = (answer: () => void): void => {
        if (acted) return;
        acted = true;
        forget();
        answer();
      };
      const act = (action: ReminderAction): void => once(() => on.action(action));
      notification.on('click', () => act('open'));
      notification.on('action', (_event, index) => act(buttons[index]?.action ?? 'open'));
      notification.on('reply', (_event, typed) => {
        const note = typed.trim();
        if (note !== '') once(() => on.reply?.(note));
      });
      notification.on('close', forget);
      return new Promise((resolve) => {
        const settle = (shown: boolean): void => {
          clearTimeout(timer);
          if (!shown) forget();
          resolve(shown);
        };
        const timer = setTimeout(() => settle(false), answerMs);
        notification.on('show', () => settle(true));
        notification.on('failed', () => settle(false));
        notification.show();
      });
    },
    withdraw,
    withdrawAll() {
      for (const id of [...open.keys()]) withdraw(id);
    },
  };
}
