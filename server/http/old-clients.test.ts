import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../../shared/lib/logger.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { errorBody, paths, versionHeaders } from '../../shared/protocol/wire.ts';
import { createServer, type ZuoxiServer } from '../create-server.ts';
import type { Store } from '../store/store.ts';
import { openTestStore, plainHasher } from '../testing.ts';

let store: Store;
let server: ZuoxiServer;
beforeAll(async () => {
  store = await openTestStore();
  const clock = { now: () => Date.now() };
  server = await createServer({
    store,
    clock,
    ids: v7,
    logger: silentLogger,
    name: '',
    hasher: plainHasher,
    timers: false,
    lowestClient: '1.4.0',
  });
});
afterAll(async () => {
  await server.close();
  await store.close();
});

const signIn = (client: string | null) =>
  server.inject({
    method: 'POST',
    url: paths.signIn,
    headers: client === null ? {} : { [versionHeaders.client]: client },
    payload: { protocol: PROTOCOL_VERSION, staffNo: 'A1', password: 'wrong-pass', deviceId: v7() },
  });

test('D07 a server says from which version of the app on it serves, and refuses older ones before it looks at who they are', async () => {
  for (const client of ['1.3.9', '1.3.9-test', '0.1.0', 'nonsense', '', null]) {
    const answer = await signIn(client);
    expect(answer.statusCode, String(client)).toBe(426);
    expect(answer.headers[versionHeaders.lowest]).toBe('1.4.0');
    expect(errorBody.parse(answer.json()).error).toMatchObject({ code: 'protocol-unsupported' });
  }
  for (const client of ['1.4.0', '1.4.0-test', '1.10.0', '2.0.0']) expect((await signIn(client)).statusCode, client).toBe(401);
  // Whoever only asks who is there is told, and with it the version.
  const hello = await server.inject({ method: 'GET', url: paths.hello });
  expect([hello.statusCode, hello.headers[versionHeaders.lowest]]).toEqual([200, '1.4.0']);
});
