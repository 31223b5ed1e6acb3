import { expect, test } from 'vitest';
import { coreContract } from './contract.ts';
import { createFramedChannel, type EmitterPort, type FramedChannel, joinPorts, portOfEmitter } from './framed-ports.ts';
import { type Port, portPair } from './port.ts';
import { createClient, serve } from './rpc.ts';

/** Two ends of one channel; what goes over it is cloned, as between processes. */
function channels(): { main: FramedChannel<Port>; core: FramedChannel<Port>; inject: (message: unknown) => void; wire: unknown[] } {
  const listeners: ((message: unknown, handed?: Port) => void)[] = [];
  const wire: unknown[] = [];
  const end = (mine: number): FramedChannel<Port> =>
    createFramedChannel<Port>({
      send: (message, handed) => {
        const copy = structuredClone(message);
        wire.push(copy);
        queueMicrotask(() => listeners[1 - mine]?.(copy, handed));
      },
      onMessage: (listener) => (listeners[mine] = listener),
    });
  return { main: end(0), core: end(1), inject: (message) => listeners[1]?.(message), wire };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('several ports of several roles share one channel without mixing', async () => {
  const { main, core } = channels();
  const got: [string, unknown][] = [];
  core.onPort((port, role) => {
    port.onMessage((message) => {
      got.push([role, message]);
      port.post({ echo: message });
    });
  });
  const host = main.openPort('host');
  const window = main.openPort('window');
  const answers: unknown[] = [];
  window.onMessage((message) => answers.push(message));
  host.post('a');
  window.post('b');
  window.post(undefined);
  await settle();
  expect(got).toEqual([
    ['host', 'a'],
    ['window', 'b'],
    ['window', undefined],
  ]);
  expect(answers).toEqual([{ echo: 'b' }, { echo: undefined }]);
});

test('both sides may open ports at once', async () => {
  const { main, core } = channels();
  const seen: unknown[] = [];
  main.onPort((port) => port.onMessage((message) => seen.push(['main', message])));
  core.onPort((port) => port.onMessage((message) => seen.push(['core', message])));
  main.openPort('window').post(1);
  core.openPort('host').post(2);
  await settle();
  expect(seen).toEqual([
    ['core', 1],
    ['main', 2],
  ]);
});

test('messages and ports wait for whoever listens later', async () => {
  const { main, core } = channels();
  main.openPort('shell').post('early');
  await settle();
  const got: unknown[] = [];
  core.onPort((port, role) => {
    void settle().then(() => port.onMessage((message) => got.push([role, message])));
  });
  await settle();
  await settle();
  expect(got).toEqual([['shell', 'early']]);
});

test('closing a port tells the other side once, and nothing passes afterwards', async () => {
  const { main, core, wire } = channels();
  let closed = 0;
  const got: unknown[] = [];
  let theirs: Port | undefined;
  core.onPort((port) => {
    theirs = port;
    port.onMessage((message) => got.push(message));
    port.onClose(() => closed++);
  });
  const mine = main.openPort('window');
  mine.post('last');
  mine.close();
  mine.close();
  mine.post('too late');
  await settle();
  expect(got).toEqual(['last']);
  expect(closed).toBe(1);
  const before = wire.length;
  theirs?.post('nobody there');
  theirs?.close();
  expect(wire.length).toBe(before);
});

test('the end of the channel ends every port, and a port opened later is born closed', async () => {
  const { main, core } = channels();
  core.onPort(() => {});
  const closed: string[] = [];
  main.openPort('window').onClose(() => closed.push('window'));
  main.openPort('host').onClose(() => closed.push('host'));
  main.close();
  expect(closed).toEqual(['window', 'host']);
  main.openPort('shell').onClose(() => closed.push('shell'));
  expect(closed).toEqual(['window', 'host', 'shell']);
});

test('a real port can be handed over instead', async () => {
  const { main, core } = channels();
  const got: unknown[] = [];
  core.onPort((port, role) => port.onMessage((message) => got.push([role, message])));
  const [near, far] = portPair();
  main.handOver('window', far);
  near.post('direct');
  await settle();
  expect(got).toEqual([['window', 'direct']]);
});

test('what is no frame, or a frame of an unknown port, is let pass', async () => {
  const { core, inject } = channels();
  let ports = 0;
  core.onPort(() => ports++);
  for (const message of [
    null,
    'x',
    { ready: true },
    { port: 0, open: true, role: 'window' },
    { port: 1.5 },
    { port: 9, data: 1 },
    { port: 3, open: true, role: 'admin' },
    { port: -3, open: true, role: 'window' },
  ]) {
    inject(message);
  }
  expect(ports).toBe(0);
  inject({ port: 3, open: true, role: 'window' });
  inject({ port: 3, open: true, role: 'window' });
  expect(ports).toBe(1);
});

test('a pending call over a framed port is refused when the channel ends, and a watch goes on over the next', async () => {
  const first = channels();
  first.core.onPort(() => {});
  const client = createClient(coreContract);
  client.attach(first.main.openPort('window'));
  const values: unknown[] = [];
  client.watch('settings.get', {}, (value) => values.push(value));
  const pending = client.call('sync.retry', {});
  first.main.close();
  await expect(pending).rejects.toMatchObject({ code: 'CoreUnavailable' });

  const second = channels();
  const settings = { locale: 'zh-CN', theme: 'dark', expiryNoticeAt: 540, trayExplained: true } as const;
  second.core.onPort((port) => {
    const queries = { 'settings.get': (_: unknown, emit: (value: typeof settings) => void) => (emit(settings), () => {}) };
    serve(coreContract, { calls: {}, queries } as never, port, { now: () => 0 });
  });
  client.attach(second.main.openPort('window'));
  await settle();
  expect(values).toEqual([settings]);
});

test('an emitter port is a port, and two ports can be joined', async () => {
  const below = new FakeEmitterPort();
  const [near, far] = portPair();
  joinPorts(portOfEmitter(below), far);
  const got: unknown[] = [];
  let closed = 0;
  near.onMessage((message) => got.push(message));
  near.onClose(() => closed++);
  below.message?.({ data: 'up' });
  near.post('down');
  await settle();
  expect(got).toEqual(['up']);
  expect(below.posted).toEqual(['down']);
  below.gone?.();
  await settle();
  expect(closed).toBe(1);
});

test('the end of a joined port closes the emitter', () => {
  const below = new FakeEmitterPort();
  const [near, far] = portPair();
  joinPorts(portOfEmitter(below), far);
  near.close();
  expect(below.closed).toBe(true);
});

class FakeEmitterPort implements EmitterPort {
  message: ((event: { data: unknown }) => void) | undefined;
  gone: (() => void) | undefined;
  closed = false;
  readonly posted: unknown[] = [];
  on(event: 'message' | 'close', listener: never): void {
    if (event === 'message') this.message = listener;
    else this.gone = listener;
  }
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  start(): void {}
  close(): void {
    this.closed = true;
  }
}
