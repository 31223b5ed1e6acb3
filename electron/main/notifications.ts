import { Notification } from 'electron';
import { type ActionLabel, notificationButtons, type ReminderAction } from './notification-policy.ts';

export interface NotificationText {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly actions: readonly ActionLabel[];
  /** Stays until somebody has seen it, where the desktop lets it. */
  readonly stays: boolean;
}

export interface Notifications {
  /** Shows or replaces; false when the desktop would not. A click is `open`. */
  show(what: NotificationText, onAction: (action: ReminderAction) => void): Promise<boolean>;
  withdraw(id: string): void;
  withdrawAll(): void;
}

export interface NotificationsOptions {
  readonly platform: string;
  readonly icon: string | null;
}

// A desktop that has not said yes by then has nobody who shows notifications.
const answerMs = 4_000;

export function createNotifications(options: NotificationsOptions): Notifications {
  // Kept, because the listeners of a collected notification hear nothing.
  const open = new Map<string, Notification>();

  const withdraw = (id: string): void => {
    const notification = open.get(id);
    open.delete(id);
    notification?.close();
  };

  return {
    show(what, onAction) {
      if (!Notification.isSupported()) return Promise.resolve(false);
      withdraw(what.id);
      const buttons = notificationButtons(options.platform, what.actions);
      const notification = new Notification({
        title: what.title,
        body: what.body,
        ...(options.icon !== null && { icon: options.icon }),
        ...(buttons.length > 0 && { actions: buttons.map(({ label }) => ({ type: 'button' as const, text: label })) }),
        timeoutType: what.stays ? 'never' : 'default',
      });
      open.set(what.id, notification);
      const forget = (): void => {
        if (open.get(what.id) === notification) open.delete(what.id);
      };
      const act = (action: ReminderAction): void => {
        forget();
        onAction(action);
      };
      notification.on('click', () => act('open'));
      notification.on('action', (_event, index) => act(buttons[index]?.action ?? 'open'));
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
