import { join } from 'node:path';
import { v7 } from 'uuid';
import type { CoreContext } from '../core/context.ts';
import { ChangeHub } from '../core/live/changes.ts';
import { type Transport, TransportError } from '../core/ports.ts';
import { buildDesk, type Desk, stopDesk } from '../core/session/desk.ts';
import { Tokens } from '../core/session/tokens.ts';
import type { EngineState } from '../core/sync/engine.ts';
import { systemTimers } from '../core/system-timers.ts';
import { createHttpTransport } from '../core/transport/http-transport.ts';
import { openCache } from '../db/open.ts';
import { silentLogger } from '../shared/lib/logger.ts';
import { createFakeHost } from '../tests/support/core/fake-host.ts';
import { FILE } from './parts.ts';
import { NOW, ZONE } from './peers/data.ts';
import { me, session } from './peers/our-rows.ts';

/** 256 bits, hex. */
export const KEY = 'c3'.repeat(32);

export interface BenchDesk {
  readonly ctx: CoreContext;
  readonly desk: Desk;
  /** Begins to sync, to remind and to load attachments. */
  start(): void;
  /** Looks at once. @returns when all that was queued is with the server, and all that it has is here @throws Error what the engine says */
  cycle(): Promise<void>;
  /** From now on each request stays open, so that the engine has nothing else to do. */
  cut(): void;
  /** Ends `cut`, and what hangs. */
  mend(): Promise<void>;
  /** Ends all that works; the file is closed then. */
  close(): Promise<void>;
}

/**
 * This project's core as a desk has it: engine, transport, cache, queue, search and reminders. Only what lies outside is
 * replaced: the clock stands at the data's present, there is no desktop, and no channel of hints.
 * @param url of a server that speaks the project's protocol and knows the bench's data
 */
export async function openDesk({ dir, url }: { readonly dir: string; readonly url: string }): Promise<BenchDesk> {
  const line = createLine();
  const host = createFakeHost();
  // It moves on: pages are as large as the last one's time allows.
  const clock = { now: () => NOW + Math.floor(performance.now()) };
  const hub = new ChangeHub();
  const ctx: CoreContext = {
    dataDir: dir,
    transport: line.transport,
    host: host.host,
    clock,
    timers: systemTimers,
    ids: v7,
    random: Math.random,
    zone: () => ZONE,
    logger: silentLogger,
    presetServer: null,
    runId: v7(),
    hub,
  };
  const tokens = new Tokens({
    host: host.host,
    transport: line.transport,
    clock,
    url,
    name: 'bench',
    logger: silentLogger,
    onErased: () => {},
  });
  await tokens.accept(session);
  const cache = openCache({ path: join(dir, FILE), key: KEY, now: NOW });
  const desk = buildDesk(ctx, {
    cache,
    url,
    tokens,
    account: me,
    deviceId: 'bench-device',
    folder: join(dir, 'files'),
    onContact: () => {},
    onEnded: () => {},
    onDoubt: () => {},
    doubtful: [],
  });
  return {
    ctx,
    desk,
    start: () => {
      desk.engine.start();
      desk.attachments.start();
      desk.scheduler.start();
    },
    cycle: async () => {
      desk.engine.kick();
      for (let tries = 0; (await nextState(hub, desk)).connection !== 'online'; tries += 1) {
        if (tries === 3) throw new Error(`the engine says ${desk.engine.state.problem}`);
        desk.engine.kick();
      }
    },
    cut: line.cut,
    mend: async () => {
      const ended = nextState(hub, desk);
      if (line.mend()) await ended;
    },
    close: async () => {
      line.mend();
      await Promise.all(stopDesk(desk));
      cache.close();
    },
  };
}

/** What the engine says of the end of its next cycle. */
function nextState(hub: ChangeHub, { engine }: Desk): Promise<EngineState> {
  const before = engine.state;
  return new Promise((resolve) => {
    const stop = hub.subscribe(() => {
      if (engine.state === before) return;
      stop();
      resolve(engine.state);
    });
  });
}

/** The way to the server, which can be cut. `mend` says whether a request hung, which fails then. */
function createLine(): { readonly transport: Transport; cut(): void; mend(): boolean } {
  const http = createHttpTransport();
  let isCut = false;
  let hangUp: (() => void) | null = null;
  const silence = (): Promise<never> =>
    new Promise((_, reject) => {
      hangUp = () => reject(new TransportError('unreachable'));
    });
  return {
    transport: {
      ...http,
      push: (...given) => (isCut ? silence() : http.push(...given)),
      pull: (...given) => (isCut ? silence() : http.pull(...given)),
      live: () => ({ close: () => {} }),
    },
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
      const hung = hangUp;
      hangUp = null;
      hung?.();
      return hung !== null;
    },
  };
}
