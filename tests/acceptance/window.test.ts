import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ticket, ticketEvent } from '../../server/store/schema.ts';
import { act, list, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { troubledTransport } from '../support/core/troubled-transport.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const DAY = 86_400_000;
const resolved = { by: 'list', list: 'resolved', text: '', filter: [] } as const;
const older = (device: Device, select: object = resolved) =>
  device.call('tickets.older', { select: select as typeof resolved & { filter: [] }, behind: null });
const subjects = async (device: Device): Promise<string[]> => (await list(device, 'resolved')).rows.map((r) => r.subject);

/** Lin's resolved ticket that was last touched so many days ago. */
async function finished(lin: Device, subject: string, daysAgo: number): Promise<string> {
  const id = await newTicket(lin, subject);
  await act(lin, id, 'resolve', { report: `${subject} 已修好` });
  await lin.until('sync.state', {}, (s) => s.pending === 0);
  const at = Date.now() - daysAgo * DAY;
  const { orm } = office.server.store;
  await orm.update(ticket).set({ updatedAt: at, resolvedAt: at }).where(eq(ticket.id, id));
  await orm.update(ticketEvent).set({ receivedAt: at, occurredAt: at }).where(eq(ticketEvent.ticketId, id));
  return id;
}

describe('SY9 the window of finished tickets', () => {
  test('SY9 a new device holds what is open and lately finished; older ones come into its lists and search when asked for', async () => {
    const first = await office.device('lin');
    const id = await finished(first, '旧工单', 200);
    await finished(first, '新工单', 2);
    await first.stop();
    const lin = await office.device('lin');
    expect(await subjects(lin)).toEqual(['新工单']);
    expect(await older(lin)).toEqual({ ok: true, found: 1, next: null });
    expect((await subjects(lin)).sort()).toEqual(['新工单', '旧工单'].sort());
    expect((await list(lin, 'resolved')).total).toBe((await lin.read('tickets.counts', {})).resolved);
    expect((await lin.read('search.find', { text: 'jgd' })).tickets.map((t) => t.id)).toEqual([id]);
    const whole = await lin.read('tickets.get', { ticketId: id, transferId: null });
    expect(whole!.events.map((e) => e.command)).toEqual(['resolve', 'create']);
  });

  test('SY9 words and a customer choose among them; without a way to the server the reason is said', async () => {
    const first = await office.device('lin');
    const id = await finished(first, '光猫红灯', 120);
    await finished(first, '退款', 121);
    await first.stop();
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    expect(await older(lin, { ...resolved, text: '红灯' })).toMatchObject({ ok: true, found: 1 });
    expect(await subjects(lin)).toEqual(['光猫红灯']);
    const { customer } = (await lin.read('tickets.get', { ticketId: id, transferId: null }))!;
    expect(await older(lin, { by: 'customer', customerId: customer!.id })).toMatchObject({ ok: true, found: 1 });
    trouble.offline = true;
    expect(await older(lin)).toEqual({ ok: false, reason: 'offline' });
  });

  test('SY9 what was fetched is kept up to date, and leaves with the view', async () => {
    const first = await office.device('lin');
    const id = await finished(first, '旧工单', 200);
    await first.stop();
    const lin = await office.device('lin');
    await older(lin);
    const he = await office.device('he');
    await he.call('tickets.older', { select: { by: 'ids', ids: [id] }, behind: null });
    await act(he, id, 'reopen', { reason: '又坏了' });
    const again = await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.status === 'processing');
    expect(again!.events.map((e) => e.command)).toEqual(['reopen', 'resolve', 'create']);
    await act(he, id, 'assign', { toId: office.people.bai.id, note: '' });
    expect(await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null)).toBeNull();
  });

  test('SY9 a finished ticket that grows older than the window leaves the device, and nothing that still waits does', async () => {
    const clock = { ahead: 0, now: (): number => Date.now() + clock.ahead };
    await office.close();
    office = await openOffice({ clock });
    await office.server.staff.changeParameters({ ticketTtl: null });
    const lin = await office.device('lin', { clock });
    const id = await newTicket(lin, '会变旧');
    await act(lin, id, 'resolve', { report: '好' });
    const open = await newTicket(lin, '还开着');
    await numbered(lin, open);
    clock.ahead = 100 * DAY;
    await lin.signIn(office.server.url, 'A1');
    await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null);
    expect(await subjects(lin)).toEqual([]);
    expect((await list(lin, 'pending')).rows.map((r) => r.subject)).toEqual(['还开着']);
    expect(await older(lin)).toMatchObject({ ok: true, found: 1 });
    expect(await subjects(lin)).toEqual(['会变旧']);
  });
});

describe('SY14 R17 the server was restored from a backup', () => {
  test('SY14 R17 commands that it forgot go to it again, once, in their order; what it still knows is not done twice', async () => {
    const lin = await office.device('lin');
    const known = await newTicket(lin, '备份里有');
    await numbered(lin, known);
    await act(lin, known, 'note', { note: '备份里也有' });
    await lin.synced();
    const backup = await backUp();
    await act(lin, known, 'update', { note: '忘记了的', changes: [{ field: 'priority', from: 'high', to: 'urgent' }], waiting: false });
    const forgotten = await newTicket(lin, '忘记了的');
    await act(lin, forgotten, 'note', { note: '第一条' });
    await act(lin, forgotten, 'note', { note: '第二条' });
    await lin.synced();
    await backup.restore();
    await lin.call('sync.retry', {});
    const history = () => office.server.store.orm.select().from(ticketEvent).orderBy(ticketEvent.seq);
    await expect.poll(async () => (await history()).length, { timeout: 20_000 }).toBe(6);
    await lin.until('tickets.get', { ticketId: forgotten, transferId: null }, (t) => t?.events.length === 3 && !t.pending);
    await lin.synced();
    expect((await history()).map((e) => [e.ticketId === known ? 'known' : 'forgotten', e.command, e.note])).toEqual([
      ['known', 'create', ''],
      ['known', 'note', '备份里也有'],
      ['known', 'update', '忘记了的'],
      ['forgotten', 'create', ''],
      ['forgotten', 'note', '第一条'],
      ['forgotten', 'note', '第二条'],
    ]);
    expect(await lin.read('attention.list', {})).toEqual([]);
    expect(await lin.read('tickets.get', { ticketId: known, transferId: null })).toMatchObject({
      priority: 'urgent',
      status: 'processing',
    });
  });

  test('SY14 R17 a backup put back without a word is noticed though others have written past it; what waits here comes after what was forgotten', async () => {
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const bai = await office.device('bai');
    const backup = await backUp();
    const forgotten = await newTicket(lin, '忘记了的');
    await act(lin, forgotten, 'note', { note: '第一条' });
    await lin.synced();
    trouble.offline = true;
    await act(lin, forgotten, 'note', { note: '断网时写的' });
    await bai.stop();
    await backup.restore();
    const other = await office.device('bai');
    for (let i = 0; i < 4; i += 1) await newTicket(other, `后来的${i}`);
    await other.synced();
    trouble.offline = false;
    await lin.call('sync.retry', {});
    await lin.until('tickets.get', { ticketId: forgotten, transferId: null }, (t) => t?.events.length === 3 && !t.pending);
    await lin.synced();
    const history = await office.server.store.orm
      .select()
      .from(ticketEvent)
      .where(eq(ticketEvent.ticketId, forgotten))
      .orderBy(ticketEvent.seq);
    expect(history.map((e) => [e.command, e.note])).toEqual([
      ['create', ''],
      ['note', '第一条'],
      ['note', '断网时写的'],
    ]);
    expect(await lin.read('attention.list', {})).toEqual([]);
  });
});

/** All rows of the server as they are now; `restore` makes the database what it was, as a backup does. */
async function backUp(): Promise<{ restore(): Promise<void> }> {
  const { store } = office.server;
  const tables = (
    (await store.orm.execute(sql`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)) as unknown as {
      rows: { tablename: string }[];
    }
  ).rows
    .map((r) => r.tablename)
    .filter((name) => name !== 'schema_version');
  const kept = new Map<string, unknown[]>();
  for (const name of tables)
    kept.set(
      name,
      (
        (await store.orm.execute(sql.raw(`SELECT to_jsonb(x) AS row FROM "${name}" x`))) as unknown as { rows: { row: unknown }[] }
      ).rows.map((r) => r.row),
    );
  return {
    async restore() {
      // Sessions go on, as after a restore that was quick enough.
      await store.script(`SET session_replication_role = replica; TRUNCATE ${tables.map((t) => `"${t}"`).join(', ')};`);
      for (const [name, rows] of kept) {
        const json = JSON.stringify(rows).replaceAll("'", "''");
        const generated = name === 'ticket' ? 'rank' : '';
        const columns = (
          (await store.orm.execute(
            sql`SELECT attname FROM pg_attribute WHERE attrelid = ${name}::regclass AND attnum > 0 AND NOT attisdropped`,
          )) as unknown as { rows: { attname: string }[] }
        ).rows
          .map((r) => r.attname)
          .filter((c) => c !== generated)
          .map((c) => `"${c}"`)
          .join(', ');
        await store.script(
          `INSERT INTO "${name}" (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::"${name}", '${json}'::jsonb)`,
        );
      }
      await store.script('SET session_replication_role = origin;');
    },
  };
}
