import path from 'node:path';
import { asc, eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createServer, type ZuoxiServer } from '../../../server/create-server.ts';
import { silentLogger } from '../../../shared/lib/logger.ts';
import { callback, customer, ticket, ticketEvent } from '../../../server/store/schema.ts';
import type { Orm } from '../../../server/store/store.ts';
import { plainHasher } from '../../../server/testing.ts';
import { type Office, openOffice } from '../core/desk.ts';
import { type AppOptions, type DeskApp, startApp } from './app.ts';
import { type Desktop, startDesktop } from './desktop.ts';

/** A desktop, an office with a real server, and the app on it. */
export interface Scene {
  readonly desktop: Desktop;
  readonly office: Office;
  /** The app that was started last. */
  readonly app: DeskApp;
  /** Another start; of the same app if the name is the same. `server` null: the address is not preset. */
  start(options?: Partial<Pick<AppOptions, 'env' | 'name' | 'server'>>): Promise<DeskApp>;
  stopServer(): Promise<void>;
  /** At its old address, with its old database. */
  startServer(): Promise<void>;
  /** What the server's database holds. */
  readonly db: Database;
}

interface Database {
  readonly orm: Orm;
  ticket(id: string): Promise<typeof ticket.$inferSelect | undefined>;
  tickets(): Promise<(typeof ticket.$inferSelect)[]>;
  customer(id: string): Promise<typeof customer.$inferSelect | undefined>;
  callbacks(ticketId: string): Promise<(typeof callback.$inferSelect)[]>;
  /** Oldest first. */
  events(ticketId: string): Promise<(typeof ticketEvent.$inferSelect)[]>;
}

const pictures = path.resolve(import.meta.dirname, '..', '..', '..', 'out', 'e2e');

/** The scene of a test file: opened before its tests, ended after them; a failed test leaves a picture in out/e2e. */
export function deskScene(setUp: (scene: Scene) => Promise<unknown>): Scene {
  const stops: (() => Promise<unknown>)[] = [];
  let desktop: Desktop | null = null;
  let office: Office | null = null;
  let server: ZuoxiServer | null = null;
  let app: DeskApp | null = null;
  const there = <T>(thing: T | null): T => {
    if (thing === null) throw new Error('The scene is not open.');
    return thing;
  };

  const scene: Scene = {
    get desktop() {
      return there(desktop);
    },
    get office() {
      return there(office);
    },
    get app() {
      return there(app);
    },
    async start(options = {}) {
      const started = await startApp({
        desktop: scene.desktop,
        ...options,
        server: options.server === undefined ? scene.office.server.url : options.server,
      });
      stops.push(() => started.stop());
      app = started;
      return started;
    },
    async stopServer() {
      await there(server).close();
    },
    async startServer() {
      const again = await createServer({
        store: scene.office.server.store,
        clock: { now: () => Date.now() },
        ids: v7,
        logger: silentLogger,
        name: 'test',
        hasher: plainHasher,
        timers: false,
        demoActivity: false,
      });
      server = again;
      stops.push(() => again.close());
      await again.listen({ host: '127.0.0.1', port: Number(new URL(scene.office.server.url).port) });
    },
    get db() {
      return database(scene.office.server.store.orm);
    },
  };

  beforeAll(async () => {
    desktop = await startDesktop();
    stops.push(() => scene.desktop.stop());
    office = await openOffice();
    server = office.server;
    stops.push(() => scene.office.close());
    await setUp(scene);
  }, 600_000);

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || app === null) return;
    const name = task.name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60);
    await app.running.screenshot(name, pictures, app.page).catch(() => undefined);
  });

  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop();
  }, 60_000);

  return scene;
}

function database(orm: Orm): Database {
  return {
    orm,
    ticket: async (id) => (await orm.select().from(ticket).where(eq(ticket.id, id)))[0],
    tickets: () => orm.select().from(ticket),
    customer: async (id) => (await orm.select().from(customer).where(eq(customer.id, id)))[0],
    callbacks: (ticketId) => orm.select().from(callback).where(eq(callback.ticketId, ticketId)),
    events: (ticketId) => orm.select().from(ticketEvent).where(eq(ticketEvent.ticketId, ticketId)).orderBy(asc(ticketEvent.seq)),
  };
}
