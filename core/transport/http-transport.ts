import WebSocket from 'ws';
import type { z } from 'zod';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { errorBody, helloResponse, liveMessage, paths, pullResponse, pushResponse, sessionResponse } from '../../shared/protocol/wire.ts';
import { type Transport, TransportError } from '../ports.ts';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER = 32 * 1024 * 1024;

/**
 * HTTP and WebSocket over the platform's own TLS; certificates are checked as the system does.
 * @param limits for tests; by default 15 s and 32 MB an answer.
 */
export function createHttpTransport(limits: { readonly timeoutMs?: number; readonly maxAnswer?: number } = {}): Transport {
  const { timeoutMs = TIMEOUT_MS, maxAnswer = MAX_ANSWER } = limits;
  const send = (url: string, path: string, options: Options): Promise<string> => exchange(url, path, options, timeoutMs, maxAnswer);
  const request = async <T extends z.ZodType>(url: string, path: string, options: Options, schema: T): Promise<z.output<T>> => {
    const parsed = schema.safeParse(parseJson(await send(url, path, options)));
    if (!parsed.success) throw new TransportError('garbage');
    return parsed.data;
  };
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

/** One request. @returns the body of an answer that is well. */
async function exchange(
  url: string,
  path: string,
  { method, body, token }: Options,
  timeoutMs: number,
  maxAnswer: number,
): Promise<string> {
  let response: Response;
  let text: string | null;
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
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await readText(response, maxAnswer);
  } catch {
    throw new TransportError('unreachable');
  }
  if (text === null) throw new TransportError('garbage');
  if (response.ok) return text;
  const parsed = errorBody.safeParse(parseJson(text));
  if (!parsed.success) throw new TransportError(response.status === 502 || response.status === 504 ? 'unreachable' : 'garbage');
  const seconds = Number(response.headers.get('retry-after'));
  throw new TransportError('rejected', parsed.data.error.code, Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null);
}

/** The body, or null as soon as it is longer than any answer of ours: it is not held in memory to find out how long. */
async function readText(response: Response, most: number): Promise<string | null> {
  if (response.body === null) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    // Leaving the loop ends the connection.
    if (size > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No answer of ours is undefined.
    return undefined;
  }
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
