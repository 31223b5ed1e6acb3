import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Clock } from '../shared/lib/clock.ts';
import type { IdSource } from '../shared/lib/ids.ts';
import { mayRewriteAudit } from './audit/app-role.ts';
import { createDenials } from './audit/denials.ts';
import { readAuditHead } from './audit/verify.ts';
import { addAttachmentRoutes } from './http/attachments-route.ts';
import { createApp } from './http/app.ts';
import { addCallsRoute } from './http/calls-route.ts';
import { addExportRoute } from './http/export-route.ts';
import { refuseOldClients } from './http/old-clients.ts';
import { addOfficeRoutes } from './http/office-routes.ts';
import { addRoutes, holderOf } from './http/routes.ts';
import { createDemoActivity, type DemoActivity } from './jobs/demo-activity.ts';
import { type DueReport, runDue } from './jobs/due.ts';
import { every } from './jobs/timer.ts';
import { createHub, type Hub } from './live/hub.ts';
import { addLiveRoute } from './live/socket.ts';
import type { Logger } from '../shared/lib/logger.ts';
import { errorFields } from './logger.ts';
import { createOffice } from './office/office.ts';
import { argonHasher, limitHashing, type PasswordHasher } from './sessions/hasher.ts';
import { createSessions, type Sessions } from './sessions/sessions.ts';
import { createStaff, type Staff } from './staff.ts';
import type { Store } from './store/store.ts';
import { checkIdentity } from './sync/epoch.ts';
import type { PushDeps } from './sync/push.ts';

const DUE_EVERY_MS = 5_000;
const SESSIONS_EVERY_MS = 3_000;
const HEAD_EVERY_MS = 3_600_000;
const DEMO_EVERY_MS = 40_000;
const HASHES_AT_ONCE = 4;

export interface ServerOptions {
  /** Opened by the caller, who closes it after the server. */
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** The company's name, for the sign-in screen. */
  readonly name: string;
  readonly demo?: boolean;
  /** Let colleagues hand over a ticket now and then; only with `demo`. */
  readonly demoActivity?: boolean;
  readonly hasher?: PasswordHasher;
  /** The lowest version of the app that is served, semantic; by default any whose protocol is. */
  readonly lowestClient?: string | null;
  /** false: jobs run only when `runDue` is called, as tests with a clock of their own want it. */
  readonly timers?: boolean;
}

export interface ZuoxiServer {
  /** Port 0 takes a free one. @throws an error with code EADDRINUSE or EACCES if it cannot have it */
  listen(at: { host: string; port: number }): Promise<{ url: string; port: number }>;
  /** Expires and closes what is due at `now`, by default the clock's. */
  runDue(now?: number): Promise<DueReport>;
  /** A request without a network. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
  readonly staff: Staff;
  readonly sessions: Sessions;
  /** Hints without a WebSocket: add a listener of a session. */
  readonly hub: Hub;
  readonly demoActivity: DemoActivity;
  /** Ends jobs, connections and requests, and waits for them; the store stays open. */
  close(): Promise<void>;
}

export async function createServer(options: ServerOptions): Promise<ZuoxiServer> {
  const { store, clock, ids, logger } = options;
  await checkIdentity(store, clock.now());
  if (store.kind === 'postgres' && (await mayRewriteAudit(store.orm))) logger.warn('audit-not-protected');
  const hasher = limitHashing(options.hasher ?? argonHasher(), HASHES_AT_ONCE);
  const denials = createDenials(store, clock);
  const sessions = await createSessions({ store, clock, ids, hasher, denials });
  const hub = await createHub({ store, sessions, clock, logger, instance: randomUUID() });
  const push: PushDeps = { store, clock, logger, announcer: hub, denials };
  const staff = createStaff({ store, clock, ids, hasher, announcer: hub, checkSessions: () => hub.checkSessions() });
  const office = createOffice({ store, clock, ids, hasher, announcer: hub, denials, checkSessions: () => hub.checkSessions() });
  const demoActivity = createDemoActivity(push, ids);

  const app = await createApp(logger);
  if (options.lowestClient) refuseOldClients(app, options.lowestClient);
  addRoutes(app, { store, clock, sessions, hub, push, name: options.name, demo: options.demo ?? false });
  addLiveRoute(app, hub, holderOf);
  addOfficeRoutes(app, office, holderOf);
  addExportRoute(app, { store, clock, logger, sessions, office }, holderOf);
  addAttachmentRoutes(app, { store, clock, office }, holderOf);
  addCallsRoute(app, { store, ids, push, hub });
  await app.ready();

  const due = async (now = clock.now()): Promise<DueReport> => {
    await denials.sumUp();
    return runDue(push, ids, sessions, now);
  };
  const tellHead = async (): Promise<void> => logger.info('audit-head', { ...(await readAuditHead(store.orm)) });
  const stops: (() => Promise<void>)[] = [];
  if (options.timers ?? true) {
    stops.push(every(DUE_EVERY_MS, 'due', logger, () => due()));
    stops.push(every(HEAD_EVERY_MS, 'audit-head', logger, tellHead));
    stops.push(every(SESSIONS_EVERY_MS, 'sessions', logger, () => hub.checkOwnSessions()));
    if (options.demo && (options.demoActivity ?? true)) stops.push(every(DEMO_EVERY_MS, 'demo', logger, () => demoActivity.step()));
  }

  let closing: Promise<void> | null = null;
  let deaf = false;
  return {
    async listen({ host, port }) {
      const url = await app.listen({ host, port }).catch((error: unknown) => {
        deaf = true;
        throw error;
      });
      return { url, port: (app.server.address() as AddressInfo).port };
    },
    runDue: due,
    inject: (request) => app.inject(request),
    staff,
    sessions,
    hub,
    demoActivity,
    close() {
      closing ??= (async () => {
        await Promise.all(stops.map((stop) => stop()));
        await app.close();
        await hub.close();
        await denials
          .sumUp(true)
          // One that could not listen has nothing to tell, and whoever started it one sentence to read.
          .then(() => (deaf ? undefined : tellHead()))
          .catch((error: unknown) => logger.error('audit-lost', errorFields(error)));
      })();
      return closing;
    },
  };
}
