import { createFramedChannel, type FramedChannel, type PortRole } from '../../shared/bridge/framed-ports.ts';
import type { Port } from '../../shared/bridge/port.ts';
import type { Logger } from '../../shared/lib/logger.ts';

/** A started core, whichever kind of process it is. `P` is a real port that it can be given, if it can. */
export interface CoreProcess<P> {
  readonly pid: () => number | undefined;
  readonly takesPorts: boolean;
  send(message: unknown, handOver?: P): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once. */
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

export interface CoreHostOptions<P> {
  readonly start: () => CoreProcess<P>;
  /** Sent to each core before anything else. */
  readonly greeting?: object;
  readonly logger: Logger;
  /** ms, monotonic. */
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => () => void;
}

/** One life of the core, from ready to its end. */
export interface CoreLife<P> {
  openPort(role: PortRole): Port;
  /** Whether `handOver` works, which spares every message the way through this process. */
  readonly takesPorts: boolean;
  handOver(role: PortRole, port: P): void;
}

export interface CoreHost<P> {
  /** Calls back when a core is ready, and again for each one that follows it. */
  onReady(listener: (life: CoreLife<P>) => void): () => void;
  readonly life: CoreLife<P> | null;
  start(): void;
  /** Lets it finish what it is doing, but not for ever; resolves when its process is gone. */
  stop(): Promise<void>;
}

const firstDelayMs = 250;
const longestDelayMs = 10_000;
const livedMs = 60_000;
const stopMs = 5_000;

/** Keeps a core running. */
export function createCoreHost<P>(options: CoreHostOptions<P>): CoreHost<P> {
  const { logger } = options;
  const listeners = new Set<(life: CoreLife<P>) => void>();
  let core: CoreProcess<P> | null = null;
  let life: CoreLife<P> | null = null;
  let delay = firstDelayMs;
  let cancelRestart: (() => void) | null = null;
  let stopping = false;
  const gone: (() => void)[] = [];

  const start = (): void => {
    cancelRestart = null;
    const startedAt = options.now();
    const mine = options.start();
    core = mine;
    let receive: (message: unknown) => void = () => {};
    const channel = createFramedChannel<P>({
      send: (message, handOver) => mine.send(message, handOver),
      onMessage: (listener) => (receive = listener),
    });
    mine.onMessage((message) => {
      if (isReady(message)) {
        if (life !== null || stopping) return;
        logger.info('core-ready', { pid: mine.pid() ?? 0, ms: Math.round(options.now() - startedAt) });
        life = lifeOf(mine, channel);
        if (options.greeting !== undefined) mine.send(options.greeting);
        for (const listener of listeners) listener(life);
      } else {
        receive(message);
      }
    });
    mine.onExit((code) => {
      core = null;
      life = null;
      for (const resolve of gone.splice(0)) resolve();
      channel.close();
      if (stopping) return;
      if (options.now() - startedAt >= livedMs) delay = firstDelayMs;
      logger.error('core-ended', { code, restartInMs: delay });
      cancelRestart = options.after(delay, start);
      delay = Math.min(delay * 2, longestDelayMs);
    });
  };

  return {
    onReady(listener) {
      listeners.add(listener);
      if (life !== null) listener(life);
      return () => void listeners.delete(listener);
    },
    get life() {
      return life;
    },
    start,
    stop() {
      stopping = true;
      cancelRestart?.();
      const running = core;
      if (running === null) return Promise.resolve();
      running.send({ stop: true });
      const cancelKill = options.after(stopMs, () => {
        logger.error('core-killed');
        running.kill();
      });
      return new Promise((resolve) => {
        gone.push(() => {
          cancelKill();
          resolve();
        });
      });
    },
  };
}

function lifeOf<P>(core: CoreProcess<P>, channel: FramedChannel<P>): CoreLife<P> {
  return {
    openPort: (role) => channel.openPort(role),
    takesPorts: core.takesPorts,
    handOver: (role, port) => channel.handOver(role, port),
  };
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'ready' in message && message.ready === true;
}
