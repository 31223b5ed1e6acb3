import { createHash } from 'node:crypto';
import WebSocket from 'ws';
import type { z } from 'zod';
import { CHUNK } from '../../shared/domain/attachments.ts';
import { operationResponse, operations } from '../../shared/protocol/operations.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import {
  errorBody,
  helloResponse,
  liveMessage,
  paths,
  pullResponse,
  pushResponse,
  sessionResponse,
  uploadResponse,
} from '../../shared/protocol/wire.ts';
import { type Transport, TransportError } from '../ports.ts';

const TIMEOUT_MS = 15_000;
/** Bringing in ten thousand rows takes longer than a page. */
const OPERATION_TIMEOUT_MS = 120_000;
const MAX_ANSWER = 32 * 1024 * 1024;

/**
 * HTTP and WebSocket over the platform's own TLS; certificates are checked as the system does.
 * @param limits for tests; by default 15 s and 32 MB an answer.
 */
export function createHttpTransport(limits: { readonly timeoutMs?: number; readonly maxAnswer?: number } = {}): Transport {
  const { timeoutMs = TIMEOUT_MS, maxAnswer = MAX_ANSWER } = limits;
  const send = (url: string, path: string, options: Options, ms = timeoutMs): Promise<string> =>
    exchange(url, path, options, ms, maxAnswer);
  const request = async <T extends z.ZodType>(
    url: string,
    path: string,
    options: Options,
    schema: T,
    ms = timeoutMs,
  ): Promise<z.output<T>> => {
    const parsed = schema.safeParse(parseJson(await send(url, path, options, ms)));
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
    operate: async (url, token, name, input) => {
      const path = `${paths.operations}/${name}`;
      const body = { protocol: PROTOCOL_VERSION, input };
      const { output } = await request(url, path, { method: 'POST', token, body }, operationResponse, OPERATION_TIMEOUT_MS);
      const parsed = operations[name].output.safeParse(output);
      if (!parsed.success) throw new TransportError('garbage');
      return parsed.data as never;
    },
    beginUpload: (url, token, body) => request(url, paths.attachments, { method: 'POST', token, body }, uploadResponse),
    uploadPiece,
    downloadPiece,
    export: streamExport,
    live: openLive,
  };
}

interface Options {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly token?: string;
}

const ask = (url: string, path: string, { method, body, token }: Options, signal: AbortSignal): Promise<Response> =>
  fetch(new URL(path, url), {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // A redirect would carry the token to wherever a captive portal points.
    redirect: 'manual',
    signal,
  });

/** One request. @returns the body of an answer that is well. */
async function exchange(url: string, path: string, options: Options, timeoutMs: number, maxAnswer: number): Promise<string> {
  let response: Response;
  let text: string | null;
  try {
    response = await ask(url, path, options, AbortSignal.timeout(timeoutMs));
    text = await readText(response, maxAnswer);
  } catch {
    throw new TransportError('unreachable');
  }
  if (text === null) throw new TransportError('garbage');
  if (response.ok) return text;
  throw rejection(response, text);
}

function rejection(response: Response, text: string): TransportError {
  const parsed = errorBody.safeParse(parseJson(text));
  if (!parsed.success) return new TransportError(response.status === 502 || response.status === 504 ? 'unreachable' : 'garbage');
  const seconds = Number(response.headers.get('retry-after'));
  const { code, message } = parsed.data.error;
  return new TransportError('rejected', code, Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null, message);
}

/** The body, or null as soon as it is longer than any answer of ours: it is not held in memory to find out how long. */
async function readText(response: Response, most: number): Promise<string | null> {
  const bytes = await readBytes(response, most);
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}

async function readBytes(response: Response, most: number): Promise<Uint8Array | null> {
  if (response.body === null) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    // Leaving the loop ends the connection.
    if (size > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No answer of ours is undefined.
    return undefined;
  }
}

/** Bytes as they come; the next ones are asked for once these are written. */
const streamExport: Transport['export'] = async (url, token, body, on) => {
  let response: Response;
  try {
    response = await ask(url, paths.export, { method: 'POST', token, body }, on.signal);
  } catch {
    throw new TransportError('unreachable');
  }
  if (!response.ok) throw rejection(response, (await readText(response, MAX_ANSWER).catch(() => '')) ?? '');
  if (response.body === null || !(response.headers.get('content-type') ?? '').startsWith('text/csv')) throw new TransportError('garbage');
  const total = Number(response.headers.get('x-total') ?? 'none');
  on.start(Number.isFinite(total) ? total : null);
  const reader = response.body.getReader();
  for (;;) {
    let piece;
    try {
      piece = await reader.read();
    } catch {
      throw new TransportError('unreachable');
    }
    if (piece.done) return;
    await on.write(piece.value);
  }
};

/** A piece may take this long: a slow line is no broken one. */
const PIECE_MS = 60_000;

const pieceUrl = (url: string, id: string, start: number): URL => {
  const target = new URL(`${paths.attachments}/${encodeURIComponent(id)}/bytes`, url);
  target.searchParams.set('offset', String(start));
  return target;
};

const uploadPiece: Transport['uploadPiece'] = async (url, token, id, start, bytes, signal) => {
  let response: Response;
  let text: string | null;
  try {
    response = await fetch(pieceUrl(url, id, start), {
      method: 'PUT',
      headers: {
        'content-type': 'application/octet-stream',
        'x-sha256': createHash('sha256').update(bytes).digest('hex'),
        authorization: `Bearer ${token}`,
      },
      body: bytes,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PIECE_MS)]),
    });
    text = await readText(response, 10_000);
  } catch {
    throw new TransportError('unreachable');
  }
  if (!response.ok) throw rejection(response, text ?? '');
  const parsed = uploadResponse.safeParse(parseJson(text ?? ''));
  if (!parsed.success) throw new TransportError('garbage');
  return parsed.data;
};

const downloadPiece: Transport['downloadPiece'] = async (url, token, id, start, signal) => {
  let response: Response;
  let bytes: Uint8Array | null;
  try {
    response = await fetch(pieceUrl(url, id, start), {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PIECE_MS)]),
    });
    bytes = await readBytes(response, CHUNK);
  } catch {
    throw new TransportError('unreachable');
  }
  if (!response.ok) throw rejection(response, bytes === null ? '' : Buffer.from(bytes).toString('utf8'));
  const size = Number(response.headers.get('x-size') ?? 'none');
  const ours = (response.headers.get('content-type') ?? '').startsWith('application/octet-stream');
  if (bytes === null || !ours || !Number.isSafeInteger(size)) throw new TransportError('garbage');
  return { bytes, size };
};

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
