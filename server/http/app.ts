import websocket from '@fastify/websocket';
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { errorBody } from '../../shared/protocol/wire.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { errorFields } from '../logger.ts';
import { HttpError } from './errors.ts';

const BODY_LIMIT = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;
const WS_PAYLOAD_LIMIT = 4_096;
const UNAVAILABLE_RETRY_MS = 2_000;

const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Fastify with limits, headers, one form of error, and a log line per request that names no value (S23). */
export async function createApp(logger: Logger): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: false },
  });
  await app.register(websocket, { options: { maxPayload: WS_PAYLOAD_LIMIT, perMessageDeflate: false } });

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders);
  });
  app.addHook('onResponse', async (request, reply) => {
    logger.info('request', {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  app.setNotFoundHandler(async () => {
    throw new HttpError('bad-request', { status: 404, detail: 'no such path' });
  });
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const known = error instanceof HttpError ? error : translate(error);
    if (known.code === 'internal') logger.error('request-failed', { route: request.routeOptions.url ?? 'unknown', ...errorFields(error) });
    if (known.retryAfter !== null) reply.header('retry-after', String(known.retryAfter));
    return reply.status(known.status).send(errorBody.parse({ error: { code: known.code, message: known.message } }));
  });
  return app;
}

function translate(error: FastifyError): HttpError {
  if (error.statusCode === 413) return new HttpError('too-large');
  if (error.statusCode === 415) return new HttpError('bad-request', { status: 415, detail: 'send application/json' });
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return new HttpError('bad-request');
  return isUnavailable(error) ? new HttpError('unavailable', { retryAfterMs: UNAVAILABLE_RETRY_MS }) : new HttpError('internal');
}

/** The database is away for now: connection classes of SQLSTATE, its shutdown codes, and what sockets say. */
function isUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown };
  if (typeof code === 'string' && /^(08|57P|53)|^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE)$/.test(code)) return true;
  if (typeof message === 'string' && /timeout exceeded when trying to connect|Connection terminated/.test(message)) return true;
  return isUnavailable(cause);
}
