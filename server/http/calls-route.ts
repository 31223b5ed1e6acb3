import type { FastifyInstance } from 'fastify';
import { type CallDeps, NoSuchAgent, receiveCall } from '../calls/receive-call.ts';
import { type SwitchCallAnswer, switchCallRequest } from '../calls/switch-call.ts';
import { isSwitchKey } from '../calls/switch-key.ts';
import { failingPaths } from '../sync/push.ts';
import { HttpError } from './errors.ts';

/** Where a telephone switch says who calls; no client asks there. */
export const callsPath = '/v1/calls';

const BODY_LIMIT = 2_048;
/** In each minute, on each instance. Without the key nobody uses it up. */
const MOST_PER_MINUTE = 600;
const MINUTE = 60_000;

/** Calls from the switch, which has a key of its own and no account. */
export function addCallsRoute(app: FastifyInstance, deps: CallDeps): void {
  const { clock } = deps.push;
  let minute = { since: 0, count: 0 };
  const limit = (): void => {
    const now = clock.now();
    if (now - minute.since >= MINUTE || now < minute.since) minute = { since: now, count: 0 };
    minute.count += 1;
    if (minute.count > MOST_PER_MINUTE) throw new HttpError('throttled', { retryAfterMs: minute.since + MINUTE - now });
  };
  app.post(
    callsPath,
    {
      bodyLimit: BODY_LIMIT,
      // Before the body is read.
      async onRequest(request) {
        const key = /^Bearer ([\w-]{16,256})$/i.exec(request.headers.authorization ?? '')?.[1];
        if (key === undefined || !(await isSwitchKey(deps.store, key)))
          throw new HttpError('unauthorized', { message: 'This is not the key of the telephone switch.' });
        limit();
      },
    },
    async (request): Promise<SwitchCallAnswer> => {
      const body = switchCallRequest.safeParse(request.body);
      if (!body.success) throw new HttpError('bad-request', { detail: failingPaths(body.error) });
      try {
        return await receiveCall(deps, body.data);
      } catch (error) {
        if (!(error instanceof NoSuchAgent)) throw error;
        throw error.disabled
          ? new HttpError('account-disabled')
          : new HttpError('not-possible', { message: 'Nobody has this staff number.' });
      }
    },
  );
}
