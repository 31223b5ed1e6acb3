import { coreContract } from '../../../shared/bridge/contract.ts';
import { hostContract } from '../../../shared/bridge/host-contract.ts';
import { createFramedChannel, type EmitterPort, portOfEmitter } from '../../../shared/bridge/framed-ports.ts';
import type { Port } from '../../../shared/bridge/port.ts';
import { createClient, serve } from '../../../shared/bridge/rpc.ts';

// A core without a database. `session.probe` takes orders as JSON in place of an address.

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly EmitterPort[] }) => void): unknown;
}
type Order =
  | {
      readonly host: 'notify.show' | 'secrets.kind' | 'secrets.get' | 'secrets.set' | 'secrets.delete' | 'notify.withdraw' | 'log.write';
      readonly input: unknown;
    }
  | { readonly say: 'acts' | 'pid' | 'start' | 'ports' | 'settings' };

const parent = (process as unknown as { readonly parentPort?: ParentPort }).parentPort;
const send = (message: unknown): void => {
  if (parent) parent.postMessage(message);
  else process.send?.(message as object);
};
const host = createClient(hostContract);
const acts: unknown[] = [];
const ports = { opened: 0, closed: 0 };
let settings = {
  locale: 'zh-CN',
  theme: 'light',
  expiryNoticeAt: 540,
  quiet: { on: false, from: 1320, to: 480, kinds: [] },
  trayExplained: false,
};
let tray = {
  signedIn: true,
  dueNow: 2,
  next: [{ ticketId: 't-1', number: 103551, subject: '晚间掉线 A&B', at: Date.now() + 1, kind: 'callback' }],
  pending: 3,
  unread: 4,
  pausedUntil: null as number | null,
};
const sync = {
  connection: 'offline',
  offlineSince: 1_000,
  lastSyncedAt: null,
  pending: 3,
  attention: 1,
  firstSync: null,
  nextRetryAt: null,
  problem: 'unreachable',
};
const trayWatchers = new Set<(value: unknown) => void>();
const settingsWatchers = new Set<(value: unknown) => void>();

async function obey(order: Order): Promise<unknown> {
  if ('host' in order) return host.call(order.host, order.input as never);
  return { acts, pid: process.pid, start: JSON.parse(process.argv[2] ?? 'null') as unknown, ports, settings }[order.say];
}

const follow =
  (set: Set<(value: unknown) => void>, value: () => unknown) =>
  (_input: unknown, emit: (value: unknown) => void): (() => void) => {
    set.add(emit);
    emit(value());
    return () => set.delete(emit);
  };
const implementation = {
  calls: {
    'session.probe': async ({ url }: { url: string }) => ({
      ok: true,
      url: JSON.stringify(await obey(JSON.parse(url) as Order)),
      name: '',
      demo: false,
    }),
    'sync.retry': () => new Promise(() => {}),
    'reminders.act': (input: unknown) => {
      acts.push(input);
      return { ok: true, ticketId: null };
    },
    'reminders.pause': (input: { minutes: number }) => {
      acts.push(input);
      const until = input.minutes === 0 ? null : Date.now() + input.minutes * 60_000;
      tray = { ...tray, pausedUntil: until };
      for (const emit of trayWatchers) emit(tray);
      return { until };
    },
    'reminders.woke': () => {
      acts.push('woke');
      return {};
    },
    'settings.set': (input: object) => {
      settings = { ...settings, ...input };
      for (const emit of settingsWatchers) emit(settings);
      return {};
    },
    'drafts.discard': () => {
      tray = { ...tray, dueNow: 0, pending: 0, next: [] };
      for (const emit of trayWatchers) emit(tray);
      return {};
    },
  },
  queries: {
    'reminders.tray': follow(trayWatchers, () => tray),
    'settings.get': follow(settingsWatchers, () => settings),
    'sync.state': follow(new Set(), () => sync),
  },
};

let frames: (message: unknown, handed?: Port) => void = () => {};
const receive = (message: unknown, handed?: Port): void => {
  if (typeof message === 'object' && message !== null && 'stop' in message) {
    send({ stopped: true });
    process.exit(0);
  }
  frames(message, handed);
};
createFramedChannel({ send, onMessage: (listener) => (frames = listener) }).onPort((port, role) => {
  if (role === 'host') return host.attach(port);
  ports.opened += 1;
  serve(coreContract, implementation as never, port, { now: () => performance.now() });
  port.onClose(() => (ports.closed += 1));
});
if (parent) parent.on('message', ({ data, ports: [port] }) => receive(data, port && portOfEmitter(port)));
else {
  process.on('message', (message) => receive(message));
  process.on('disconnect', () => process.exit(0));
}
send({ ready: true });
