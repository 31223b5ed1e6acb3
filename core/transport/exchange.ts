import http from 'node:http';
import https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { versionHeaders } from '../../shared/protocol/wire.ts';
import { TransportError } from '../ports.ts';
import type { Agents } from './agents.ts';
import { isPortal, obstacleOf } from './obstacle.ts';

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  header(name: string): string | null;
  /** Has to be read or destroyed. */
  readonly body: Readable;
}

/** One request, without following a redirect: it would carry the token to wherever a captive portal points. @throws TransportError */
export type Send = (url: URL, asked: Asked) => Promise<Answer>;

/** @param client version of the app; null: it is not said */
export function createSend(agents: Agents, client: string | null): Send {
  return (url, { body, headers, method, signal }) =>
    new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? https : http).request(url, {
        agent: agents.of(url),
        method,
        headers: {
          ...headers,
          ...(client !== null && { [versionHeaders.client]: client }),
          'accept-encoding': 'gzip',
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        },
        signal,
      });
      request.once('response', (response) => resolve(answerOf(response)));
      request.on('error', (error) => reject(unreachable(error)));
      request.end(body);
    });
}

function answerOf(response: http.IncomingMessage): Answer {
  const header = (name: string): string | null => {
    const value = response.headers[name];
    return typeof value === 'string' ? value : null;
  };
  const zipped = header('content-encoding') === 'gzip';
  const body: Readable = zipped ? pipeline(response, createGunzip(), () => {}) : response;
  // Whoever reads it is told; an answer that nobody reads any more must not end the process.
  body.on('error', () => {});
  return { status: response.statusCode ?? 0, header, body };
}

/** No answer, or one that broke off. */
export const unreachable = (error: unknown): TransportError =>
  error instanceof TransportError ? error : new TransportError('unreachable', null, null, null, obstacleOf(error));

/** An answer, and not ours. */
export function garbage({ header, status }: Answer): TransportError {
  if (status === 502 || status === 504) return new TransportError('unreachable');
  return new TransportError('garbage', null, null, null, isPortal(status, header('content-type') ?? '') ? 'portal' : null);
}

/** The body, or null as soon as it is longer than any answer of ours: it is not held in memory to find out how long. @throws TransportError */
export async function readBytes({ body }: Answer, most: number): Promise<Buffer<ArrayBuffer> | null> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      size += part.length;
      // Leaving the loop ends the connection.
      if (size > most) return null;
      parts.push(part);
    }
  } catch (error) {
    throw unreachable(error);
  }
  return Buffer.concat(parts);
}
