import { request } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { passUpgrade } from './pass-upgrade.ts';

/** What it shows in a handshake. */
export type Face = Pick<ServerOptions, 'cert' | 'key' | 'ciphers' | 'minVersion' | 'maxVersion'>;

/** An answer in the real server's place. */
export interface Page {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** TLS before the real server, as in a company: requests and the live channel pass. */
export interface TlsFront {
  readonly port: number;
  /** Method and path of whatever came through the handshake, with its token; the live channel is `LIVE`. */
  readonly seen: string[];
  /** TCP connections ever taken, whatever became of them. */
  readonly connections: number;
  /** From now on; connections that stand are cut. */
  show(face: Face): void;
  /** null: what the real server answers. Connections that stand are cut. */
  answer(page: Page | null): void;
  close(): Promise<void>;
}

export async function startTlsFront(target: string, face: Face): Promise<TlsFront> {
  const to = new URL(target);
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let page: Page | null = null;

  const server = createServer(face, (req, res) => {
    seen.push(`${req.method} ${req.url} ${req.headers.authorization ?? ''}`.trim());
    if (page !== null) return void res.writeHead(page.status, { 'content-type': 'text/html', ...page.headers }).end(page.text ?? '');
    const out = request({ host: to.hostname, port: to.port, method: req.method, path: req.url, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    out.on('error', () => res.destroy());
    req.pipe(out);
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that refuses the handshake is what is wanted.
  server.on('tlsClientError', (_, socket) => socket.destroy());
  server.on('upgrade', (req, socket: Duplex, head: Buffer) => {
    seen.push(`LIVE ${req.url} ${req.headers.authorization ?? ''}`.trim());
    socket.on('error', () => {});
    if (page !== null) {
      const headers = Object.entries(page.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      return void socket.end(`HTTP/1.1 ${page.status} Page\r\n${headers.join('')}content-length: 0\r\n\r\n`);
    }
    passUpgrade(req, socket, head, to);
  });

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    seen.length = 0;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    get connections() {
      return connections;
    },
    show(next) {
      server.setSecureContext({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', ...next });
      cut();
    },
    answer(next) {
      page = next;
      cut();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
