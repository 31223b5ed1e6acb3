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
import { type Agents, createAgents, directNetwork, type Network } from './agents.ts';
import { type Answer, createSend, garbage, readBytes, type Send, unreachable } from './exchange.ts';

const TIMEOUT_MS = 15_000;
/** Bringing in ten thousand rows takes longer than a page. */
const OPERATION_TIMEOUT_MS = 120_000;
/** A piece of a file may take this long: a slow line is no broken one. */
const PIECE_MS = 60_000;
const MAX_ANSWER = 32 * 1024 * 1024;

interface TransportOptions {
  /** By default no proxy, and the authorities that come with Node. */
  readonly network?: Network;
  /** For tests; by default 15 s and 32 MB an answer. */
  readonly timeoutMs?: number;
  readonly maxAnswer?: number;
  /** Version of the app, which a server may find too old. */
  readonly client?: string;
}

/** HTTP and WebSocket, with TLS 1.2 at least and every certificate checked. */
export function createHttpTransport(options: TransportOptions = {}): Transport {
  const { maxAnswer = MAX_ANSWER, network = directNetwork, timeoutMs = TIMEOUT_MS } = options;
  const agents = createAgents(network);
  const send = createSend(agents, options.client ?? null);
  const request = async <T extends z.ZodType>(url: string, path: string, asked: Options, schema: T, ms = timeoutMs): Promise<z.output<T>> =>
    parse(await exchange(send, url, path, asked, ms, maxAnswer), schema);
  return {
    hello: (url) => request(url, paths.hello, { method: 'GET' }, helloResponse),
    signIn: (url, body) => request(url, paths.signIn, { method: 'POST', body }, sessionResponse),
    refresh: (url, refreshToken) =>
      request(url, paths.refresh, { method: 'POST', body: { protocol: PROTOCOL_VERSION, refreshToken } }, sessionResponse),
    signOut: async (url, token) => {
      await exchange(send, url, paths.signOut, { method: 'DELETE', token }, timeoutMs, maxAnswer);
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
    uploadPiece: uploader(send),
    downloadPiece: downloader(send),
    export: exporter(send),
    live: liveOpener(agents),
  };
}

interface Options {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly token?: string;
}

/** An answer that is well, as text. */
interface Text {
  readonly answer: Answer;
  readonly text: string;
}

const ask = (send: Send, url: string, path: string, { body, method, token }: Options, signal: AbortSignal): Promise<Answer> =>
  send(new URL(path, url), {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
  });

/** One request. @returns an answer that is well. */
async function exchange(send: Send, url: string, path: string, asked: Options, timeoutMs: number, maxAnswer: number): Promise<Text> {
  const answer = await ask(send, url, path, asked, AbortSignal.timeout(timeoutMs));
  const text = (await readBytes(answer, maxAnswer))?.toString('utf8');
  if (text === undefined) throw new TransportError('garbage');
  if (!isWell(answer)) throw rejection(answer, text);
  return { answer, text };
}

const isWell = ({ status }: Answer): boolean => status >= 200 && status < 300;

function parse<T extends z.ZodType>({ answer, text }: Text, schema: T): z.output<T> {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw garbage(answer);
  return parsed.data;
}

function rejection(answer: Answer, text: string): TransportError {
  const parsed = errorBody.safeParse(parseJson(text));
  if (!parsed.success) return garbage(answer);
  const seconds = Number(answer.header('retry-after'));
  const { code, message } = parsed.data.error;
  return new TransportError('rejected', code, Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null, message);
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
function exporter(send: Send): Transport['export'] {
  return async (url, token, body, on) => {
    const answer = await ask(send, url, paths.export, { method: 'POST', token, body }, on.signal);
    if (!isWell(answer)) throw rejection(answer, (await readBytes(answer, MAX_ANSWER))?.toString('utf8') ?? '');
    try {
      if (!(answer.header('content-type') ?? '').startsWith('text/csv')) throw garbage(answer);
      const total = Number(answer.header('x-total') ?? 'none');
      on.start(Number.isFinite(total) ? total : null);
      const pieces = (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
      for (;;) {
        let piece;
        try {
          piece = await pieces.next();
        } catch (error) {
          throw unreachable(error);
        }
        if (piece.done) return;
        await on.write(piece.value);
      }
    } finally {
      answer.body.destroy();
    }
  };
}

const pieceUrl = (url: string, id: string, start: number): URL => {
  const target = new URL(`${paths.attachments}/${encodeURIComponent(id)}/bytes`, url);
  target.searchParams.set('offset', String(start));
  return target;
};

function uploader(send: Send): Transport['uploadPiece'] {
  return async (url, token, id, start, bytes, signal) => {
    const answer = await send(pieceUrl(url, id, start), {
      method: 'PUT',
      headers: {
        'content-type': 'application/octet-stream',
        'x-sha256': createHash('sha256').update(bytes).digest('hex'),
        authorization: `Bearer ${token}`,
      },
      body: bytes,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PIECE_MS)]),
    });
    const text = (await readBytes(answer, 10_000))?.toString('utf8') ?? '';
    if (!isWell(answer)) throw rejection(answer, text);
    return parse({ answer, text }, uploadResponse);
  };
}

function downloader(send: Send): Transport['downloadPiece'] {
  return async (url, token, id, start, signal) => {
    const answer = await send(pieceUrl(url, id, start), {
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(PIECE_MS)]),
    });
    const bytes = await readBytes(answer, CHUNK);
    if (!isWell(answer)) throw rejection(answer, bytes?.toString('utf8') ?? '');
    const size = Number(answer.header('x-size') ?? 'none');
    const ours = (answer.header('content-type') ?? '').startsWith('application/octet-stream');
    if (bytes === null || !ours || !Number.isSafeInteger(size)) throw garbage(answer);
    return { bytes, size };
  };
}

function liveOpener(agents: Agents): Transport['live'] {
  return (url, token, on) => {
    const target = new URL(paths.live, url);
    target.protocol = target.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(target, {
      agent: agents.of(target),
      headers: { authorization: `Bearer ${token}` },
      followRedirects: false,
      handshakeTimeout: TIMEOUT_MS,
      maxPayload: 65_536,
    });
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
}
