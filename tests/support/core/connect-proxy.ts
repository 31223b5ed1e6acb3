import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A company's proxy: it lets nothing through but CONNECT, and knows names that nobody else does. */
export interface ConnectProxy {
  readonly port: number;
  /** `host:port` of each CONNECT that it was asked for, also those that it refused. */
  readonly asked: string[];
  /** Tunnels that were opened. */
  readonly opened: number;
  /** Requests that were no CONNECT. */
  readonly others: string[];
  /** null: what is asked for is reached. Else this is answered, and connections that stand are cut. */
  refuse(status: number | null): void;
  close(): Promise<void>;
}

/**
 * @param ports where each `host:port` really is, on loopback
 * @param login `user:password` that it wants; null: none
 */
export async function startConnectProxy(ports: Readonly<Record<string, number>>, login: string | null = null): Promise<ConnectProxy> {
  const asked: string[] = [];
  const others: string[] = [];
  const sockets = new Set<Socket>();
  const expected = login === null ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  let opened = 0;
  let refusal: number | null = null;

  const server = createServer((req, res) => {
    others.push(`${req.method} ${req.url}`);
    res.writeHead(403).end();
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (req, socket: Socket, head: Buffer) => {
    const wanted = req.url ?? '';
    asked.push(wanted);
    const status = refusal ?? (req.headers['proxy-authorization'] !== expected ? 407 : ports[wanted] === undefined ? 502 : null);
    if (status !== null) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const far = connect(ports[wanted]!, '127.0.0.1', () => {
      opened += 1;
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
    far.on('close', () => socket.destroy());
    socket.on('close', () => far.destroy());
  });

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    others,
    get opened() {
      return opened;
    },
    refuse(status) {
      refusal = status;
      cut();
    },
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}
