import { afterEach, describe, expect, test } from 'vitest';
import { attachment, file, filePiece } from '../../../server/store/schema.ts';
import { act, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import { attachTo, filesOf, filesUntil, someBytes } from '../../support/core/files.ts';

let office: Office;
afterEach(() => office.close());

describe('the way of a file', () => {
  test('offline it is saved here, and what comes behind it on its ticket waits for its bytes', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const id = await newTicket(lin);
    await numbered(lin, id);
    await attachTo(lin, `ticket:${id}`, '大.bin', someBytes(1_200_000));
    await lin.call('attachments.send', { ticketId: id, form: `ticket:${id}` });
    await act(lin, id, 'resolve', { report: '好了' });
    expect(await filesOf(lin, id)).toMatchObject([{ state: expect.stringMatching(/waiting|uploading/) as string }]);
    await lin.until('sync.state', {}, (s) => s.pending === 0);
    const orm = office.server.store.orm;
    expect(await orm.select({ name: attachment.name, size: attachment.size }).from(attachment)).toEqual([
      { name: '大.bin', size: 1_200_000 },
    ]);
    const { events } = (await lin.read('tickets.get', { ticketId: id, transferId: null }))!;
    expect(events.map((e) => e.command)).toEqual(['resolve', 'attach', 'create']);
    expect((await lin.read('attention.list', {})).length).toBe(0);
  });

  test('a new ticket for somebody else takes its files along, though it leaves this device', async () => {
    office = await openOffice();
    const he = await office.device('lin');
    await attachTo(he, 'new', '合同.bin', someBytes(600_000));
    await newTicket(he, '补合同', { assigneeId: 'pool', draft: 'new' });
    await he.until('sync.state', {}, (s) => s.pending === 0);
    await he.synced();
    expect(await he.read('attention.list', {})).toEqual([]);
    expect((await office.server.store.orm.select().from(attachment)).map((a) => a.name)).toEqual(['合同.bin']);
  });

  test('taken away it leaves every device, and the server forgets its bytes when the trash is emptied', async () => {
    let now = Date.now();
    office = await openOffice({ clock: { now: () => now } });
    const lin = await office.device('lin');
    const he = await office.device('he');
    const id = await newTicket(lin);
    await numbered(lin, id);
    await attachTo(lin, `ticket:${id}`, '错.bin', someBytes(1000));
    await lin.call('attachments.send', { ticketId: id, form: `ticket:${id}` });
    const [sent] = await filesUntil(lin, id, (f) => f[0]?.state === 'synced' && f[0].commandId === null);
    await filesUntil(he, id, (f) => f.length === 1);
    await act(he, id, 'removeAttachment', { attachmentId: sent!.id });
    await filesUntil(lin, id, (f) => f.length === 0);
    expect(await lin.call('attachments.save', { id: sent!.id, handle: lin.host.chooseTarget() })).toEqual({ ok: false, why: 'absent' });
    const { orm } = office.server.store;
    await office.server.runDue();
    expect(await orm.$count(filePiece)).toBe(1);
    now += 31 * 86_400_000;
    await office.server.runDue(now);
    expect(await orm.$count(filePiece)).toBe(0);
    expect(await orm.$count(file)).toBe(0);
  });
});
