import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { passUpgrade } from '../core/pass-upgrade.ts';

/**
 * What lies between an app and its server. `cut`: nothing is answered; `portal`: a page of the network's answers in its
 * place, as before a sign-in to a hotel's network; `client-old`, `server-old`: the app's version is too old or too new for
 * the server, which finds so itself.
 */
export type Way = 'open' | 'cut' | 'portal' | 'client-old' | 'server-old';

export interface Relay {
  readonly url: string;
  way: Way;
  close(): Promise<void>;
}

/** The app's protocol version as the server is to see it, and the server's as the app is to see them. */
const skew = {
  'client-old': { protocol: 0, range: { oldest: 1_000, newest: 1_001 } },
  'server-old': { protocol: 1_000, range: { oldest: 0, newest: 0 } },
} as const;

/** A way to a server that can be changed while it is used; the server stays what it is. */
export async function startRelay(target: string): Promise<Relay> {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  let way: Way = 'open';
  const server = createServer((request, response) => {
    if (way === 'portal') return void response.setHeader('content-type', 'text/html').end('<h1>Please sign in to this network</h1>');
    void pass(to, way, request, response);
  });
  server.on('connection', (socket) => {
    if (way === 'cut') return void socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => passUpgrade(request, socket, head, to));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get way() {
      return way;
    },
    set way(next) {
      way = next;
      drop();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      drop();
      await closed;
    },
  };
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function pass(to: URL, way: Way, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const skewed = way === 'client-old' || way === 'server-old' ? skew[way] : null;
  try {
    const body = await bytesOf(request);
    const json = skewed !== null && (request.headers['content-type'] ?? '').includes('json');
    const sent = json ? Buffer.from(JSON.stringify({ ...JSON.parse(body.toString()), protocol: skewed.protocol })) : body;
    const headers = { ...request.headers, ...(sent.length > 0 && { 'content-length': String(sent.length) }) };
    const options = { host: to.hostname, port: to.port, path: request.url, method: request.method, headers };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => ask(options, resolve).on('error', reject).end(sent));
    const bytes = await bytesOf(answer);
    // Only the first answer of all says which versions the server takes.
    const hello = skewed === null ? null : (JSON.parse(bytes.toString()) as { product?: unknown });
    const given = hello?.product === undefined ? bytes : Buffer.from(JSON.stringify({ ...hello, protocol: skewed!.range }));
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': String(given.length) }).end(given);
  } catch {
    response.destroy();
  }
}
