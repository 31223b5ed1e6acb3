import http from 'node:http';

/** What a route answers: JSON text, or nothing if it has answered by itself. */
type Route = (request: Asked) => Promise<string | undefined> | string | undefined;

export interface Asked {
  readonly query: URLSearchParams;
  /** The whole of what was sent. */
  body(): Promise<string>;
  readonly response: http.ServerResponse;
}

/** Answers on a free port of this machine, and tells the parent process where. @param extra addresses of further servers */
export function answer(routes: Readonly<Record<string, Route>>, extra: Readonly<Record<string, string>> = {}): void {
  const server = http.createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    const route = routes[url.pathname];
    const fail = (status: number, text: string): void => {
      response.statusCode = status;
      response.end(text);
    };
    if (route === undefined) return fail(404, url.pathname);
    const body = async (): Promise<string> => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      return Buffer.concat(parts).toString();
    };
    void (async () => {
      try {
        const text = await route({ query: url.searchParams, body, response });
        if (text === undefined) return;
        response.setHeader('content-type', 'application/json');
        response.end(text);
      } catch (error) {
        console.error(error);
        fail(500, 'fault');
      }
    })();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    process.send!({ url: `http://127.0.0.1:${address.port}`, extra });
  });
}
