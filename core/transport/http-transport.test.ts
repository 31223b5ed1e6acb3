import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { TransportError } from '../ports.ts';
import { createHttpTransport } from './http-transport.ts';
import { isPortal, obstacleOf } from './obstacle.ts';

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

const hello = { product: 'zuoxi', name: '客服中心', demo: false, protocol: { oldest: 1, newest: 99 }, epoch: 'e', now: 1 };

/** What the transport makes of an answer. */
async function ask(answer: RequestListener) {
  server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createHttpTransport({ timeoutMs: 3_000, maxAnswer: 100_000 })
    .hello(url)
    .then(
      (value) => ({ value }),
      (error: TransportError) => ({ kind: error.kind, way: error.way }),
    );
}
const zipped = { 'content-type': 'application/json', 'content-encoding': 'gzip' };

test('an answer may come compressed, and is asked for so', async () => {
  let accepted: string | undefined;
  const { value } = (await ask((req, res) => {
    accepted = req.headers['accept-encoding'];
    res.writeHead(200, zipped).end(gzipSync(JSON.stringify(hello)));
  })) as { value: typeof hello };
  expect(accepted).toBe('gzip');
  expect(value.name).toBe('客服中心');
});

test('what unfolds to more than any answer is given up before it is held in memory', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect(bomb.length).toBeLessThan(100_000);
  expect(await ask((_, res) => void res.writeHead(200, zipped).end(bomb))).toEqual({ kind: 'garbage', way: 'not-zuoxi' });
});

test('what is not compressed as it says, or not whole, is no answer', async () => {
  expect(await ask((_, res) => void res.writeHead(200, zipped).end('{"name":"x"}'))).toMatchObject({ kind: 'unreachable' });
  server.closeAllConnections();
  server.close();
  const half = gzipSync(JSON.stringify(hello)).subarray(0, 40);
  expect(await ask((_, res) => void res.writeHead(200, zipped).end(half))).toMatchObject({ kind: 'unreachable' });
});

const fault = (code: string, message = '', statusCode?: number): Error => Object.assign(new Error(message), { code, statusCode });
test.each([
  [fault('CERT_HAS_EXPIRED'), 'certificate-expired'],
  [fault('CERT_NOT_YET_VALID'), 'certificate-early'],
  [fault('ERR_TLS_CERT_ALTNAME_INVALID'), 'certificate-host'],
  [fault('DEPTH_ZERO_SELF_SIGNED_CERT'), 'certificate-self-signed'],
  [fault('SELF_SIGNED_CERT_IN_CHAIN'), 'certificate-unknown'],
  [fault('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'certificate-unknown'],
  [fault('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'certificate-unknown'],
  [fault('CERT_REVOKED'), 'certificate-unknown'],
  [fault('INVALID_PURPOSE'), 'certificate-unknown'],
  [fault('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), 'tls-old'],
  [fault('ERR_SSL_UNSUPPORTED_PROTOCOL'), 'tls-old'],
  [fault('EPROTO', 'write EPROTO 1:error:100000f0:SSL routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL:ssl.cc'), 'tls-old'],
  [fault('EPROTO', 'write EPROTO 1:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:rec.c'), 'tls-old'],
  // Something that speaks no TLS at all.
  [fault('ERR_SSL_WRONG_VERSION_NUMBER'), null],
  [fault('ERR_PROXY_TUNNEL', '', 407), 'proxy'],
  [fault('ERR_PROXY_TUNNEL', '', 403), 'proxy'],
  [fault('ERR_PROXY_TUNNEL', '', 502), null],
  [fault('ERR_PROXY_TUNNEL', ''), null],
  [fault('ECONNREFUSED'), null],
  [fault('ENOTFOUND'), null],
  ['no error', null],
])('%s says of the way: %s', async (error, expected) => {
  server = createServer();
  expect(obstacleOf(error)).toBe(expected);
});

test.each([
  [200, 'text/html; charset=utf-8', true],
  [302, '', true],
  [511, 'application/json', true],
  [401, 'text/html', true],
  [500, 'text/html', false],
  [404, 'text/html', false],
  [200, 'application/json', false],
])('%i with %j is a portal: %s', async (status, type, expected) => {
  server = createServer();
  expect(isPortal(status, type)).toBe(expected);
});
