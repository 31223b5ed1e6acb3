import * as dbus from 'dbus-next';
import { connectBus, ownName, plainBusValue } from './session-bus.ts';
import { PATIENCE_MS, waitUntil } from './wait-until.ts';

export type ShownNotification = {
  id: number;
  replacesId: number;
  appName: string;
  appIcon: string;
  summary: string;
  body: string;
  actions: { key: string; label: string }[];
  hints: Record<string, unknown>;
  expireTimeout: number;
  /** Epoch milliseconds at which the call arrived. */
  time: number;
};

export type NotificationService = {
  /** Every Notify call, oldest first. */
  shown: readonly ShownNotification[];
  /** Ids that the app itself took back with CloseNotification. */
  withdrawn: readonly number[];
  waitFor: (predicate: (notification: ShownNotification) => boolean, timeoutMs?: number) => Promise<ShownNotification>;
  /** What the desktop sends when the user clicks: the action, then the notification goes away. */
  invoke: (id: number, action?: string) => void;
  dismiss: (id: number) => void;
  expire: (id: number) => void;
  stop: () => Promise<void>;
};

export type NotificationServiceOptions = { busAddress: string; capabilities?: string[] };

const busName = 'org.freedesktop.Notifications';
const objectPath = '/org/freedesktop/Notifications';
const reason = { expired: 1, dismissed: 2, withdrawn: 3 };

class NotificationsInterface extends dbus.interface.Interface {
  readonly shown: ShownNotification[] = [];
  readonly withdrawn: number[] = [];
  readonly capabilities: string[];
  private lastId = 0;

  constructor(capabilities: string[]) {
    super(busName);
    this.capabilities = capabilities;
  }

  Notify(
    appName: string,
    replacesId: number,
    appIcon: string,
    summary: string,
    body: string,
    actions: string[],
    hints: Record<string, unknown>,
    expireTimeout: number,
  ): number {
    const id = replacesId === 0 ? ++this.lastId : replacesId;
    const pairs: { key: string; label: string }[] = [];
    for (let index = 0; index < actions.length; index += 2) {
      pairs.push({ key: actions[index] ?? '', label: actions[index + 1] ?? '' });
    }
    this.shown.push({
      id,
      replacesId,
      appName,
      appIcon,
      summary,
      body,
      actions: pairs,
      hints: plainBusValue(hints) as Record<string, unknown>,
      expireTimeout,
      time: Date.now(),
    });
    return id;
  }

  CloseNotification(id: number): void {
    this.withdrawn.push(id);
    this.NotificationClosed(id, reason.withdrawn);
  }

  GetCapabilities(): string[] {
    return this.capabilities;
  }

  GetServerInformation(): string[] {
    return ['zuoxi-tests', 'zuoxi', '1.0', '1.2'];
  }

  ActionInvoked(id: number, action: string): unknown[] {
    return [id, action];
  }

  NotificationClosed(id: number, why: number): unknown[] {
    return [id, why];
  }
}

NotificationsInterface.configureMembers({
  methods: {
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u' },
    GetCapabilities: { outSignature: 'as' },
    GetServerInformation: { outSignature: 'ssss' },
  },
  signals: {
    ActionInvoked: { signature: 'us' },
    NotificationClosed: { signature: 'uu' },
  },
});

/** Start it before the app: Electron asks once whether anybody shows notifications. */
export async function startNotificationService(options: NotificationServiceOptions): Promise<NotificationService> {
  const bus = await connectBus(options.busAddress);
  const service = new NotificationsInterface(options.capabilities ?? ['actions', 'body', 'persistence']);
  bus.export(objectPath, service);
  await ownName(bus, busName);
  return {
    shown: service.shown,
    withdrawn: service.withdrawn,
    waitFor: (predicate, timeoutMs = PATIENCE_MS) =>
      waitUntil('a notification', () => service.shown.find(predicate), timeoutMs).catch((error: Error) => {
        const seen = service.shown.map(({ summary, body }) => `${summary}: ${body}`);
        throw new Error(`${error.message}; seen: ${seen.length > 0 ? seen.join(' | ') : 'none'}`);
      }),
    invoke: (id, action = 'default') => {
      service.ActionInvoked(id, action);
      service.NotificationClosed(id, reason.dismissed);
    },
    dismiss: (id) => void service.NotificationClosed(id, reason.dismissed),
    expire: (id) => void service.NotificationClosed(id, reason.expired),
    stop: async () => {
      await bus.releaseName(busName).catch(() => undefined);
      bus.disconnect();
    },
  };
}
