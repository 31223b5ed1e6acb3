import WebSocket from 'ws';
import type { z } from 'zod';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { errorBody, helloResponse, liveMessage, paths, pullResponse, pushResponse, sessionResponse } from '../../shared/protocol/wire.ts';
import { type Transport, TransportError } from '../ports.ts';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER = 32 * 1024 * 1024;

/** HTTP and WebSocket over the platform's own TLS; certificates are checked as the system does. */
export function createHttpTransport(): Transport {
  return {
    hello: (url) => request(url, paths.hello, { method: 'GET' }, helloResponse),
    signIn: (url, body) => request(url, paths.signIn, { method: 'POST', body }, sessionResponse),
    refresh: (url, refreshToken) =>
      request(url, paths.refresh, { method: 'POST', body: { protocol: PROTOCOL_VERSION, refreshToken } }, sessionResponse),
    signOut: async (url, token) => {
      await send(url, paths.signOut, { method: 'DELETE', token });
    },
    push: (url, token, body) => request(url, paths.push, { method: 'POST', token, body }, pushResponse),
    pull: (url, token, body) => request(url, paths.pull, { method: 'POST', token, body }, pullResponse),
    live: openLive,
  };
}

interface Options {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly token?: string;
}

async function send(url: string, path: string, { method, body, token }: Options): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(path, url), {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A redirect would carry the token to wherever a captive portal points.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new TransportError('unreachable');
  }
  if (response.ok) return response;
  const parsed = errorBody.safeParse(await response.json().catch(() => null));
  if (!parsed.success) throw new TransportError(response.status === 502 || response.status === 504 ? 'unreachable' : 'garbage');
  const seconds = Number(response.headers.get('retry-after'));
  throw new TransportError('rejected', parsed.data.error.code, Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null);
}

async function request<T extends z.ZodType>(url: string, path: string, options: Options, schema: T): Promise<z.output<T>> {
  const response = await send(url, path, options);
  let text: string;
  try {
    text = await response.text();
  } catch {
    throw new TransportError('unreachable');
  }
  if (text.length > MAX_ANSWER) throw new TransportError('garbage');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TransportError('garbage');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new TransportError('garbage');
  return parsed.data;
}

const openLive: Transport['live'] = (url, token, on) => {
  const target = new URL(paths.live, url);
  target.protocol = target.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(target, { headers: { authorization: `Bearer ${token}` }, handshakeTimeout: TIMEOUT_MS, maxPayload: 65_536 });
  let closed = false;
  let heard = Date.now();
  // A dead link gives no close: without the server's ping for a while it counts as closed.
  const watch = setInterval(() => {
    if (Date.now() - heard > 75_000) socket.terminate();
  }, 15_000);
  watch.unref?.();
  const end = (): void => {
    if (closed) return;
    closed = true;
    clearInterval(watch);
    on.close();
  };
  socket.on('open', () => on.open());
  socket.on('ping', () => {
    heard = Date.now();
  });
  socket.on('message', (data) => {
    heard = Date.now();
    try {
      const parsed = liveMessage.safeParse(JSON.parse((data as Buffer).toString('utf8')));
      if (parsed.success) on.message(parsed.data);
    } catch {
      // Not ours; a hint that cannot be read is no hint.
    }
  });
  socket.on('error', () => {});
  socket.on('close', end);
  return {
    close: () => {
      closed = true;
      clearInterval(watch);
      socket.terminate();
    },
  };
};
