import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** A plain web server over loopback with the files of a folder, as a company would set up; ranges one at a time. */
export interface UpdateFeed {
  readonly url: string;
  /** Bytes that went out for each file since it was asked last. */
  sent(): ReadonlyMap<string, number>;
  /** What is served instead of a file from now on; null: the file. */
  swap(name: string, bytes: Buffer | null): void;
  stop(): Promise<void>;
}

export async function serveUpdates(folder: string): Promise<UpdateFeed> {
  const swapped = new Map<string, Buffer>();
  let sent = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const name = path.basename(decodeURIComponent(new URL(request.url!, 'http://feed').pathname));
    void (async () => {
      const whole = swapped.get(name) ?? (await readFile(path.join(folder, name)).catch(() => null));
      if (whole === null) return response.writeHead(404).end();
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      const bytes = range === null ? whole : whole.subarray(Number(range[1]), Number(range[2]) + 1);
      sent.set(name, (sent.get(name) ?? 0) + bytes.length);
      response.writeHead(range === null ? 200 : 206, {
        'content-length': bytes.length,
        'accept-ranges': 'bytes',
        ...(range !== null && { 'content-range': `bytes ${range[1]}-${range[2]}/${whole.length}` }),
      });
      response.end(bytes);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent() {
      const now = sent;
      sent = new Map();
      return now;
    },
    swap(name, bytes) {
      if (bytes === null) swapped.delete(name);
      else swapped.set(name, bytes);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
