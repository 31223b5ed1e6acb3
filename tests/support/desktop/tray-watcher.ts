import * as dbus from 'dbus-next';
import { callBus, connectBus, ownName, plainBusValue } from './session-bus.ts';
import { PATIENCE_MS, waitUntil } from './wait-until.ts';

export type TrayMenuEntry = {
  id: number;
  /** Without the underscore that marks a key; empty for a separator. */
  label: string;
  kind: 'standard' | 'separator';
  enabled: boolean;
  visible: boolean;
  checked: boolean | undefined;
  children: TrayMenuEntry[];
};

export type TrayProperties = {
  title: string;
  toolTip: { title: string; text: string };
  iconName: string;
  hasIconPixels: boolean;
  status: string;
  menuPath: string;
};

export type TrayItem = {
  busName: string;
  path: string;
  properties: () => Promise<TrayProperties>;
  menu: () => Promise<TrayMenuEntry[]>;
  /** A click on the icon itself. */
  activate: () => Promise<void>;
  /** Picks a menu entry by its label, at any depth. */
  pick: (label: string) => Promise<void>;
};

export type TrayWatcher = {
  /** Icons that are there now; an app that ends or drops its tray leaves the list. */
  items: () => TrayItem[];
  waitForItem: (timeoutMs?: number) => Promise<TrayItem>;
  waitForNoItem: (timeoutMs?: number) => Promise<void>;
  stop: () => Promise<void>;
};

const watcherName = 'org.kde.StatusNotifierWatcher';
const watcherPath = '/StatusNotifierWatcher';
const itemInterface = 'org.kde.StatusNotifierItem';
const menuInterface = 'com.canonical.dbusmenu';

class WatcherInterface extends dbus.interface.Interface {
  readonly registered: string[] = [];

  constructor() {
    super(watcherName);
  }

  get RegisteredStatusNotifierItems(): string[] {
    return this.registered;
  }

  get IsStatusNotifierHostRegistered(): boolean {
    return true;
  }

  get ProtocolVersion(): number {
    return 0;
  }

  // The item is added in the raw message listener, the only place that knows the sender.
  RegisterStatusNotifierItem(_service: string): void {}

  RegisterStatusNotifierHost(_service: string): void {}

  StatusNotifierItemRegistered(service: string): string {
    return service;
  }

  StatusNotifierItemUnregistered(service: string): string {
    return service;
  }

  StatusNotifierHostRegistered(): void {}
}

WatcherInterface.configureMembers({
  properties: {
    RegisteredStatusNotifierItems: { signature: 'as', access: 'read' },
    IsStatusNotifierHostRegistered: { signature: 'b', access: 'read' },
    ProtocolVersion: { signature: 'i', access: 'read' },
  },
  methods: {
    RegisterStatusNotifierItem: { inSignature: 's' },
    RegisterStatusNotifierHost: { inSignature: 's' },
  },
  signals: {
    StatusNotifierItemRegistered: { signature: 's' },
    StatusNotifierItemUnregistered: { signature: 's' },
    StatusNotifierHostRegistered: { signature: '' },
  },
});

/** Start it before the app: Chromium looks for a tray host once, when the tray is made. */
export async function startTrayWatcher(options: { busAddress: string }): Promise<TrayWatcher> {
  const bus = await connectBus(options.busAddress);
  const service = new WatcherInterface();
  const present = new Map<string, { item: TrayItem; sender: string }>();

  const add = (argument: string, sender: string) => {
    // The argument is a bus name, or for some libraries an object path on the sender's connection.
    const isPath = argument.startsWith('/');
    const busName = isPath ? sender : argument;
    const path = isPath ? argument : '/StatusNotifierItem';
    present.set(`${busName}${path}`, { item: trayItem(bus, busName, path), sender });
    service.registered.push(`${busName}${path}`);
    service.StatusNotifierItemRegistered(`${busName}${path}`);
  };
  const removeOwnedBy = (name: string) => {
    for (const [key, { item, sender }] of present) {
      if (item.busName !== name && sender !== name) continue;
      present.delete(key);
      service.registered.splice(service.registered.indexOf(key), 1);
      service.StatusNotifierItemUnregistered(key);
    }
  };

  bus.on('message', (message) => {
    if (message.type === dbus.MessageType.METHOD_CALL && message.member === 'RegisterStatusNotifierItem') {
      add(String(message.body[0]), message.sender);
    }
    if (message.type === dbus.MessageType.SIGNAL && message.member === 'NameOwnerChanged') {
      const [name, , newOwner] = message.body as [string, string, string];
      if (newOwner === '') removeOwnedBy(name);
    }
  });

  bus.export(watcherPath, service);
  await callBus(
    bus,
    {
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'AddMatch',
    },
    's',
    ["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
  );
  await ownName(bus, watcherName);

  const items = () => [...present.values()].map(({ item }) => item);
  return {
    items,
    waitForItem: (timeoutMs = PATIENCE_MS) => waitUntil('a tray icon', () => items()[0], timeoutMs),
    waitForNoItem: async (timeoutMs = PATIENCE_MS) => {
      await waitUntil('the tray icon to go', () => (items().length === 0 ? true : undefined), timeoutMs);
    },
    stop: async () => {
      await bus.releaseName(watcherName).catch(() => undefined);
      bus.disconnect();
    },
  };
}

function trayItem(bus: dbus.MessageBus, busName: string, path: string): TrayItem {
  const target = { destination: busName, path };
  const properties = async (): Promise<TrayProperties> => {
    const [raw] = await callBus(bus, { ...target, interface: 'org.freedesktop.DBus.Properties', member: 'GetAll' }, 's', [itemInterface]);
    const all = plainBusValue(raw) as Record<string, unknown>;
    const toolTip = Array.isArray(all['ToolTip']) ? all['ToolTip'] : [];
    return {
      title: text(all['Title']),
      toolTip: { title: text(toolTip[2]), text: text(toolTip[3]) },
      iconName: text(all['IconName']),
      hasIconPixels: Array.isArray(all['IconPixmap']) && all['IconPixmap'].length > 0,
      status: text(all['Status']),
      menuPath: text(all['Menu']),
    };
  };
  const menuCall = async (member: string, signature: string, body: unknown[]) =>
    callBus(bus, { destination: busName, path: (await properties()).menuPath, interface: menuInterface, member }, signature, body);
  const menu = async () => {
    // Chromium refuses this for the root, and desktops carry on as well.
    await menuCall('AboutToShow', 'i', [0]).catch(() => undefined);
    const [, layout] = await menuCall('GetLayout', 'iias', [0, -1, []]);
    return menuEntry(layout).children;
  };
  return {
    busName,
    path,
    properties,
    menu,
    activate: async () => {
      await callBus(bus, { ...target, interface: itemInterface, member: 'Activate' }, 'ii', [0, 0]);
    },
    pick: async (label) => {
      const entries = flat(await menu());
      const entry = entries.find((each) => each.label === label);
      if (!entry) {
        throw new Error(`The tray menu has no entry ${label}; it has: ${entries.map((each) => each.label).join(', ')}`);
      }
      if (!entry.enabled || !entry.visible) throw new Error(`The tray menu entry ${label} cannot be picked.`);
      await menuCall('Event', 'isvu', [entry.id, 'clicked', new dbus.Variant('i', 0), 0]);
    },
  };
}

function menuEntry(layout: unknown): TrayMenuEntry {
  const [id, properties, children] = plainBusValue(layout) as [number, Record<string, unknown>, unknown[]];
  const toggle = properties['toggle-type'] ? properties['toggle-state'] === 1 : undefined;
  return {
    id,
    label: text(properties['label']).replace(/_(.)/g, '$1'),
    kind: properties['type'] === 'separator' ? 'separator' : 'standard',
    enabled: properties['enabled'] !== false,
    visible: properties['visible'] !== false,
    checked: toggle,
    children: children.map(menuEntry),
  };
}

function flat(entries: TrayMenuEntry[]): TrayMenuEntry[] {
  return entries.flatMap((entry) => [entry, ...flat(entry.children)]);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
