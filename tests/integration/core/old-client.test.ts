import { type AddressInfo, connect, createServer as listen, type Server, type Socket } from 'node:net';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpTransport } from '../../../core/transport/http-transport.ts';
import { createServer, type ZuoxiServer } from '../../../server/create-server.ts';
import { plainHasher } from '../../../server/testing.ts';
import { silentLogger } from '../../../shared/lib/logger.ts';
import { act, detail, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import { type Device, startDevice } from '../../support/core/device.ts';

// A server that takes the app only from a version on, and desks of both sides of it.

let office: Office;
let strict: ZuoxiServer;
/** Leads to one server or the other, as an address does while its server is exchanged. */
let front: Server;
let port: number;
const sockets = new Set<Socket>();
const desks: Device[] = [];

beforeAll(async () => {
  office = await openOffice();
  strict = await createServer({
    store: office.server.store,
    clock: { now: () => Date.now() },
    ids: v7,
    logger: silentLogger,
    name: '',
    hasher: plainHasher,
    timers: false,
    lowestClient: '1.4.0',
  });
  port = Number(new URL(office.server.url).port);
  front = listen((socket) => {
    const far = connect(port, '127.0.0.1');
    socket.pipe(far).pipe(socket);
    for (const each of [socket, far]) {
      sockets.add(each);
      each.on('error', () => each.destroy()).on('close', () => sockets.delete(each));
    }
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const each of desks) await each.stop();
  for (const each of sockets) each.destroy();
  front.close();
  await strict.close();
  await office.close();
});

const leadTo = (to: number): void => {
  port = to;
  for (const each of sockets) each.destroy();
};
async function desk(client: string, staffNo: string): Promise<Device> {
  const device = startDevice({ transport: createHttpTransport({ client }) });
  desks.push(device);
  await device.signIn(`http://127.0.0.1:${(front.address() as AddressInfo).port}`, staffNo, 'secret-pass');
  return device;
}

test('D07 a desk older than its server takes says so and keeps all, a newer one goes on; with the older server back it sends what waited', async () => {
  const old = await desk('1.3.9', 'A1');
  const fresh = await desk('1.4.0', 'A2');
  const ticketId = await newTicket(old);
  await numbered(old, ticketId);
  const before = Number(new URL(office.server.url).port);
  leadTo((await strict.listen({ host: '127.0.0.1', port: 0 })).port);
  await act(old, ticketId, 'note', { note: '写在旧版本里' });
  await old.call('sync.retry', {});
  await old.until('sync.state', {}, (s) => s.problem === 'protocol' && s.connection === 'offline', 20_000);
  expect(await old.read('sync.state', {})).toMatchObject({ pending: 1 });
  expect((await old.read('session.state', {})).phase).toBe('ready');
  expect((await detail(old, ticketId))!.events.map((e) => e.note)).toContain('写在旧版本里');
  await fresh.call('sync.retry', {});
  await fresh.until('sync.state', {}, (s) => s.problem === null && s.connection === 'online', 20_000);
  leadTo(before);
  await old.call('sync.retry', {});
  await old.until('sync.state', {}, (s) => s.problem === null && s.connection === 'online' && s.pending === 0, 20_000);
});
