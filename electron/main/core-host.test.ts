import { expect, test } from 'vitest';
import { createFramedChannel } from '../../shared/bridge/framed-ports.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import { type CoreHost, type CoreProcess, createCoreHost } from './core-host.ts';

class FakeCore implements CoreProcess<string> {
  readonly takesPorts = false;
  readonly sent: unknown[] = [];
  killed = false;
  message: (message: unknown) => void = () => {};
  exit: (code: number | null) => void = () => {};
  pid = (): number => 1;
  send(message: unknown): void {
    this.sent.push(message);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.message = listener;
  }
  onExit(listener: (code: number | null) => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.killed = true;
  }
}

/** A host over fake processes and a clock that stands until it is moved. */
function setUp(greeting?: object): {
  host: CoreHost<string>;
  cores: FakeCore[];
  pass: (ms: number) => void;
  waiting: () => number[];
  last: () => FakeCore;
} {
  const cores: FakeCore[] = [];
  let time = 0;
  let timers: { at: number; run: () => void }[] = [];
  const host = createCoreHost<string>({
    start: () => {
      const core = new FakeCore();
      cores.push(core);
      return core;
    },
    ...(greeting && { greeting }),
    logger: silentLogger,
    now: () => time,
    after: (ms, run) => {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
  });
  return {
    host,
    cores,
    waiting: () => timers.map(({ at }) => at - time),
    pass: (ms) => {
      time += ms;
      const due = timers.filter(({ at }) => at <= time);
      timers = timers.filter(({ at }) => at > time);
      for (const { run } of due) run();
    },
    last: () => cores.at(-1)!,
  };
}

test('a core that dies is started again, later each time, and soon again once one has lived', () => {
  const { host, cores, waiting, pass, last } = setUp();
  host.start();
  const delays: number[] = [];
  for (let n = 0; n < 8; n++) {
    last().exit(1);
    delays.push(waiting()[0]!);
    pass(delays.at(-1)!);
  }
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(cores.length).toBe(9);
  pass(60_000);
  last().exit(1);
  expect(waiting()).toEqual([250]);
});

test('ports are there from ready to the end, and each core that follows is announced', () => {
  const { host, pass, last } = setUp();
  let lives = 0;
  host.onReady(() => lives++);
  host.start();
  expect(host.life).toBeNull();
  last().message({ ready: true });
  last().message({ ready: true });
  expect(lives).toBe(1);

  let closed = 0;
  host.life?.openPort('window').onClose(() => closed++);
  expect(last().sent).toEqual([{ port: 1, open: true, role: 'window' }]);
  last().exit(1);
  expect(closed).toBe(1);
  expect(host.life).toBeNull();
  pass(250);
  last().message({ ready: true });
  expect(lives).toBe(2);
  host.onReady(() => lives++);
  expect(lives).toBe(3);
});

test('frames reach the port that they are for', () => {
  const { host, last } = setUp();
  host.start();
  const core = last();
  core.message({ ready: true });
  const port = host.life!.openPort('host');
  const got: unknown[] = [];
  port.onMessage((message) => got.push(message));
  let toCore: (message: unknown) => void = () => {};
  const far = createFramedChannel({ send: (message) => core.message(message), onMessage: (listener) => (toCore = listener) });
  far.onPort((theirs, role) => theirs.post(`hello ${role}`));
  for (const message of core.sent) toCore(message);
  expect(got).toEqual(['hello host']);
});

test('stopping waits for the core, starts none again, and kills one that does not end', async () => {
  const { host, cores, pass, last, waiting } = setUp();
  host.start();
  last().message({ ready: true });
  const stopped = host.stop();
  expect(last().sent).toEqual([{ stop: true }]);
  pass(4_999);
  expect(last().killed).toBe(false);
  pass(1);
  expect(last().killed).toBe(true);
  last().exit(null);
  await stopped;
  pass(100_000);
  expect(cores.length).toBe(1);
  expect(waiting()).toEqual([]);
});

test('stopping between two lives ends the waiting', async () => {
  const { host, cores, pass, last } = setUp();
  host.start();
  last().exit(1);
  await host.stop();
  pass(100_000);
  expect(cores.length).toBe(1);
});

test('R24 each core is told of the network before it is asked for anything, also the one that follows', () => {
  const greeting = { network: { ca: null, proxy: 'http://proxy:8080', noProxy: [] } };
  const { host, last, pass } = setUp(greeting);
  host.onReady((life) => life.openPort('host'));
  host.start();
  for (let life = 0; life < 2; life += 1) {
    expect(last().sent).toEqual([]);
    last().message({ ready: true });
    expect(last().sent[0]).toEqual(greeting);
    expect(last().sent.length).toBeGreaterThan(1);
    last().exit(1);
    pass(10_000);
  }
});
