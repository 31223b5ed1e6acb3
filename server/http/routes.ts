import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../shared/lib/clock.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import {
  type HelloResponse,
  paths,
  pullRequest,
  type PullResponse,
  pushRequest,
  type PushResponse,
  refreshRequest,
  type SessionResponse,
  signInRequest,
} from '../../shared/protocol/wire.ts';
import type { Hub } from '../live/hub.ts';
import type { Denial, Holder, Sessions, Tokens } from '../sessions/sessions.ts';
import type { Store } from '../store/store.ts';
import { JustTurnedError, readEpoch } from '../sync/epoch.ts';
import { BadPlaceError, pull } from '../sync/pull.ts';
import { answerPush, type PushDeps } from '../sync/push.ts';
import { Admission } from './admission.ts';
import { callsPath } from './calls-route.ts';
import { HttpError } from './errors.ts';
import { readBody } from './read-body.ts';

export interface RouteDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly hub: Hub;
  readonly push: PushDeps;
  readonly name: string;
  readonly demo: boolean;
}

/** Pushes and pulls; PGlite has one connection, and with two there is always something for it to do. */
const AT_ONCE = { pglite: 2, postgres: 8 } as const;

/** So long a request goes by what its account was at the door; who sends a body slowly, or waits its turn, is looked at again. */
const LOOKED_MS = 1_000;

const holders = new WeakMap<object, { readonly holder: Holder; readonly at: number }>();

/** Who sent a request that passed the door. @throws HttpError `unauthorized` for any other */
export function holderOf(request: object): Holder {
  const known = holders.get(request);
  if (known === undefined) throw new HttpError('unauthorized');
  return known.holder;
}

/** Their own doors, or none. */
const openPaths: readonly string[] = [paths.hello, paths.signIn, paths.refresh, callsPath];

export function addRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, clock, sessions } = deps;
  const admission = new Admission(AT_ONCE[store.kind], clock);

  // Before the body is read: whoever is not signed in sends none.
  app.addHook('onRequest', async (request) => {
    const route = request.routeOptions.url;
    if (route === undefined || openPaths.includes(route)) return;
    const token = /^Bearer ([\w-]{16,256})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new HttpError('unauthorized');
    const checked = await sessions.check(token);
    if (!checked.ok) throw toError(checked.denial);
    holders.set(request, { holder: checked.value, at: clock.now() });
  });

  /** @throws HttpError if the session has ended since the door, or the account was disabled */
  const lookAgain = async (request: object): Promise<void> => {
    const known = holders.get(request);
    const now = clock.now();
    if (known === undefined || now - known.at < LOOKED_MS) return;
    const { sessionId } = known.holder;
    const account = (await sessions.look([sessionId])).get(sessionId);
    if (typeof account !== 'object') throw new HttpError(account === 'disabled' ? 'account-disabled' : 'unauthorized');
    holders.set(request, { holder: { ...known.holder, account }, at: now });
  };
  // The body is here.
  app.addHook('preHandler', lookAgain);

  app.get(paths.hello, async (): Promise<HelloResponse> => ({
    product: 'zuoxi',
    name: deps.name,
    protocol: { oldest: OLDEST_PROTOCOL_VERSION, newest: PROTOCOL_VERSION },
    epoch: await readEpoch(store.orm),
    now: clock.now(),
    demo: deps.demo,
  }));

  app.post(paths.signIn, async (request): Promise<SessionResponse> => {
    const body = readBody(signInRequest, request);
    const { name = '', system = '' } = body.device ?? {};
    const result = await sessions.signIn(body.staffNo, body.password, { id: body.deviceId, system, name }, request.ip);
    return sessionAnswer(deps, result);
  });

  app.post(paths.refresh, async (request): Promise<SessionResponse> => {
    const body = readBody(refreshRequest, request);
    const result = await sessions.refresh(body.refreshToken, body.protocol);
    // A reused token has just ended its session; whoever listens with it hears so now.
    if (!result.ok) await deps.hub.checkSessions();
    return sessionAnswer(deps, result);
  });

  app.delete(paths.signOut, async (request, reply) => {
    await sessions.end(holderOf(request).sessionId);
    await deps.hub.checkSessions();
    return reply.status(204).send();
  });

  app.post(paths.push, async (request): Promise<PushResponse> => {
    const body = readBody(pushRequest, request);
    try {
      return await admission.run(hasLeft(request), async () => {
        await lookAgain(request);
        return answerPush(deps.push, holderOf(request).account.id, body);
      });
    } catch (error) {
      throw tooSoon(error) ?? error;
    }
  });

  app.post(paths.pull, async (request): Promise<PullResponse> => {
    const body = readBody(pullRequest, request);
    try {
      return await admission.run(hasLeft(request), async () => {
        await lookAgain(request);
        return pull(store, holderOf(request).account, body, clock.now());
      });
    } catch (error) {
      throw tooSoon(error) ?? (error instanceof BadPlaceError ? new HttpError('bad-request', { detail: 'after' }) : error);
    }
  });
}

const hasLeft = (request: FastifyRequest) => (): boolean => request.raw.socket.destroyed;

const tooSoon = (error: unknown): HttpError | null =>
  error instanceof JustTurnedError ? new HttpError('throttled', { retryAfterMs: error.waitMs }) : null;

async function sessionAnswer(
  deps: RouteDeps,
  result: { ok: true; value: Tokens } | { ok: false; denial: Denial },
): Promise<SessionResponse> {
  if (!result.ok) throw toError(result.denial);
  const account = { ...result.value.account, groupIds: [...result.value.account.groupIds] };
  return { ...result.value, account, epoch: await readEpoch(deps.store.orm), now: deps.clock.now() };
}

const toError = (denial: Denial): HttpError =>
  denial.code === 'throttled' ? new HttpError('throttled', { retryAfterMs: denial.waitMs }) : new HttpError(denial.code);
