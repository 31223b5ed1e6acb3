import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ticketEvent } from '../../../server/store/schema.ts';
import { coreContract } from '../../../shared/bridge/contract.ts';
import { portPair } from '../../../shared/bridge/port.ts';
import { createClient } from '../../../shared/bridge/rpc.ts';
import { act, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import { startDevice } from '../../support/core/device.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

describe('R13 more than one of a thing', () => {
  test('R13 two windows of one core: what is done in one is seen in the other, and text typed in one is a draft in both', async () => {
    const lin = await office.device('lin');
    const id = await newTicket(lin);
    await numbered(lin, id);
    const other = createClient(coreContract);
    const [near, far] = portPair();
    lin.core.serve(far);
    other.attach(near);
    const statuses: (string | undefined)[] = [];
    const seen = new Promise<void>((resolve) => {
      other.watch('tickets.get', { ticketId: id, transferId: null }, (t) => {
        statuses.push(t?.status);
        if (t?.status === 'processing') resolve();
      });
    });
    await act(lin, id, 'update', { note: '在第一个窗口里', changes: [], waiting: false });
    await seen;
    expect(statuses[0]).toBe('pending');
    await lin.call('drafts.save', { form: `ticket:${id}`, value: '"没写完"' });
    expect((await other.read('drafts.get', { form: `ticket:${id}` }))?.value).toBe('"没写完"');
    near.close();
  });

  test('R13 two cores on the same files (the shell starts only one): nothing is lost and nothing is done twice', async () => {
    const first = await office.device('lin');
    const id = await newTicket(first);
    await numbered(first, id);
    const second = startDevice({ dataDir: first.dataDir, host: first.host });
    await second.until('session.state', {}, (s) => s.phase === 'ready');
    const notes = Array.from({ length: 40 }, (_, i) => `第 ${i} 条`);
    for (const [i, note] of notes.entries()) await act(i % 2 === 0 ? first : second, id, 'note', { note });
    const said = async (): Promise<string[]> =>
      (await office.server.store.orm.select().from(ticketEvent)).filter((e) => e.command === 'note').map((e) => e.note);
    await expect.poll(async () => (await said()).length, { timeout: 30_000 }).toBe(notes.length);
    for (const device of [first, second]) await device.until('sync.state', {}, (s) => s.pending === 0 && s.attention === 0);
    expect((await said()).toSorted()).toEqual(notes.toSorted());
    await second.stop({ keep: true });
  });
});
