import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What stands between a device and its server, and answers in its place. `forward` asks the real one. */
export type Behaviour = (req: IncomingMessage, res: ServerResponse, forward: () => Promise<Answer>) => void | Promise<void>;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface CrookedServer {
  readonly url: string;
  /** null: lets everything through, hints too. Open connections are cut at each change. */
  behave(as: Behaviour | null): void;
  /** Method and path of all requests since the last `behave`. */
  readonly seen: string[];
  close(): Promise<void>;
}

/** A server on loopback in front of the real one. */
export async function startCrookedServer(target: string): Promise<CrookedServer> {
  const { hostname, port } = new URL(target);
  let behaviour: Behaviour | null = null;
  const seen: string[] = [];
  const sockets = new Set<Socket>();

  const server = createServer((req, res) => {
    seen.push(`${req.method} ${req.url}`);
    // A connection kept for the next request would be cut by the next `behave`, and look like a cut answer.
    res.shouldKeepAlive = false;
    void readAll(req)
      .then(async (body) => {
        const forward = (): Promise<Answer> => ask(req, body);
        if (behaviour !== null) return behaviour(req, res, forward);
        const { status, text } = await forward();
        res.writeHead(status, { 'content-type': 'application/json' }).end(text);
      })
      .catch(() => res.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (req, socket, head) => {
    if (behaviour !== null) return socket.destroy();
    const up = connect(Number(port), hostname, () => {
      const headers = Object.entries(req.headers).map(([k, v]) => `${k}: ${String(v)}`);
      up.write(`${req.method} ${req.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      up.write(head);
      socket.pipe(up).pipe(socket);
    });
    for (const end of [up, socket]) end.on('error', () => {});
    up.on('close', () => socket.destroy());
    socket.on('close', () => up.destroy());
  });

  const ask = (req: IncomingMessage, body: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { ...req.headers, host: `${hostname}:${port}`, connection: 'close' };
      const out = request({ hostname, port, method: req.method, path: req.url, headers }, (answer) => {
        readAll(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text: text.toString('utf8') }), reject);
      });
      out.on('error', reject);
      out.end(body);
    });

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    behave(as) {
      behaviour = as;
      seen.length = 0;
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function readAll(from: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const sayer =
  (type: string) =>
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (_, res) =>
    void res.writeHead(status, { 'content-type': type, ...headers }).end(body);
/** Answers all requests alike. */
export const page = sayer('text/html');
export const json = sayer('application/json');
export const error = (status: number, code: string, headers?: Readonly<Record<string, string>>): Behaviour =>
  json(status, JSON.stringify({ error: { code, message: 'x' } }), headers);

/** Changes what the real server answers to one path; the rest passes. */
export const twist =
  (path: string, change: (body: Record<string, unknown>) => unknown): Behaviour =>
  async (req, res, forward) => {
    const { status, text } = await forward();
    const body = req.url === path && status === 200 ? JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)) : text;
    res.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
