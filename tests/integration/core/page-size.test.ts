import { afterEach, beforeEach, expect, test } from 'vitest';
import { ticket } from '../../../server/store/schema.ts';
import { createHttpTransport } from '../../../core/transport/http-transport.ts';
import { newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const MANY = 400;

test('a first sync begins with a small page, asks for others by what the last one took, and has all in the end', async () => {
  const maker = await office.device('lin');
  const id = await newTicket(maker, '第一张');
  await numbered(maker, id);
  await maker.stop();
  const { orm } = office.server.store;
  const [first] = await orm.select().from(ticket);
  const more = Array.from({ length: MANY - 1 }, (_, i) => ({
    ...first!,
    id: `${id.slice(0, -4)}${String(i + 1).padStart(4, '0')}`,
    number: first!.number! + i + 1,
  }));
  for (let i = 0; i < more.length; i += 100) await orm.insert(ticket).values(more.slice(i, i + 100));
  const real = createHttpTransport();
  const pages: { readonly limit: number; readonly tickets: number; readonly last: boolean }[] = [];
  const lin = await office.device('lin', {
    transport: {
      ...real,
      pull: async (url, token, request) => {
        const page = await real.pull(url, token, request);
        pages.push({ limit: request.limit, tickets: page.rows.tickets.length, last: page.after === null });
        return page;
      },
    },
  });
  const { total } = await lin.read('tickets.list', { list: 'pending', due: 'all', sort: 'next', descending: false, offset: 0, limit: 1 });
  expect(total).toBe(MANY);
  expect(pages[0]!.limit).toBe(100);
  expect(pages[0]!.tickets).toBeLessThanOrEqual(100);
  const snapshot = pages.slice(0, pages.findIndex((p) => p.last) + 1);
  expect(snapshot.length).toBeGreaterThan(1);
  for (const { limit } of snapshot) expect(limit >= 25 && limit <= 500, String(limit)).toBe(true);
});
