import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../../../shared/domain/commands/index.ts';
import { callback, commandLog, ticketEvent } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany, HOUR, MINUTE } from '../company.ts';
import { command, type Device } from '../device.ts';

export function pushSuite(store: () => Store): void {
  describe('push', () => {
    let company: Company;
    let ann: Device;
    let now: number;
    beforeEach(async () => {
      company = await foundCompany(store());
      ann = await company.device('ann');
      now = company.clock.now();
    });
    afterEach(() => company.close());

    it('gives new tickets numbers in a row, a deadline and their maker as assignee', async () => {
      const first = await company.newTicket(ann);
      const second = await company.newTicket(ann);
      const [a, b] = [await company.ticket(first.ticketId), await company.ticket(second.ticketId)];
      expect(a).toMatchObject({
        number: 100_001,
        status: 'pending',
        assigneeId: ann.account.id,
        createdBy: ann.account.id,
        dueAt: now + 3 * DAY,
      });
      expect(b.number).toBe(100_002);
    });

    it('answers a repeated command as the first time and does nothing more', async () => {
      const { ticketId } = await company.newTicket(ann);
      const note = command('note', ticketId, { note: '一次' }, now);
      const [first] = await ann.push(note);
      const [again] = await ann.push(note);
      expect(first).toMatchObject({ status: 'applied' });
      expect(again).toEqual(first);
      const events = await store()
        .orm.select()
        .from(ticketEvent)
        .where(sql`ticket_id = ${ticketId}`);
      expect(events.map((e) => e.command)).toEqual(['create', 'note']);
      expect((await company.ticket(ticketId)).version).toBe(2);
    });

    it('gives what comes in one moment times in its order', async () => {
      const { ticketId } = await company.newTicket(ann);
      const [c, b, a] = [v7(), v7(), v7()].toReversed();
      const note = (id: string, text: string) => ({ ...command('note', ticketId, { note: text }, now), id });
      await ann.push(note(c!, '一'), note(b!, '二'), note(a!, '三'));
      const events = await store().orm.select().from(ticketEvent);
      const times = events.toSorted((x, y) => x.receivedAt! - y.receivedAt!);
      expect(times.map((e) => e.note)).toEqual(['', '一', '二', '三']);
      expect(new Set(times.map((e) => e.receivedAt)).size).toBe(4);
    });

    it('does not make a callback under the id of another ticket’s', async () => {
      const ben = await company.device('ben');
      const [one, other] = [await company.newTicket(ann), await company.newTicket(ben)];
      const callbackId = v7();
      const schedule = (ticketId: string, note: string) =>
        command('scheduleCallback', ticketId, { callbackId, dueAt: now + HOUR, note }, now);
      await ann.push(schedule(one.ticketId, '她的'));
      const [taken] = await ben.push(schedule(other.ticketId, '他的'));
      expect(taken).toMatchObject({ status: 'refused', refusal: { code: 'id-taken' } });
      const kept = await store().orm.select().from(callback);
      expect(kept).toMatchObject([{ id: callbackId, ticketId: one.ticketId, note: '她的' }]);
      const both = v7();
      const [first, second] = await ann.push(
        command('scheduleCallback', one.ticketId, { callbackId: both, dueAt: now + HOUR, note: '' }, now),
        command('scheduleCallback', (await company.newTicket(ann)).ticketId, { callbackId: both, dueAt: now + HOUR, note: '' }, now),
      );
      expect([first!.status, second!.status]).toEqual(['applied', 'refused']);
    });

    it('takes effect once when the same command comes twice at the same time', async () => {
      const { ticketId } = await company.newTicket(ann);
      const note = command('note', ticketId, { note: '一次' }, now);
      const answers = await Promise.all([ann.push(note), ann.push(note), ann.push(note), ann.push(note)]);
      expect(new Set(answers.map((a) => JSON.stringify(a))).size).toBe(1);
      expect((await company.ticket(ticketId)).version).toBe(2);
    });

    it('keeps a refusal as it was, although the command would be allowed by now', async () => {
      const ben = await company.device('ben');
      const lea = await company.device('lea');
      const { ticketId } = await company.newTicket(ann);
      const early = command('assign', ticketId, { toId: ann.account.id, note: '' }, now);
      expect((await lea.push(early))[0]).toMatchObject({ refusal: { code: 'same-assignee' } });
      await ann.push(command('transfer', ticketId, { toId: ben.account.id, reason: '' }, now));
      expect((await lea.push(early))[0]).toMatchObject({ status: 'refused', refusal: { code: 'same-assignee' } });
      expect(
        await store()
          .orm.select()
          .from(commandLog)
          .where(sql`id = ${early.id}`),
      ).toHaveLength(1);
    });

    it("tells nobody the answer to another account's command", async () => {
      const ben = await company.device('ben');
      const { ticketId } = await company.newTicket(ann);
      const note = command('note', ticketId, { note: '我的' }, now);
      await ann.push(note);
      expect(await ben.push(note)).toEqual([{ id: note.id, status: 'refused', refusal: { code: 'id-taken' } }]);
    });

    it('runs the commands of a batch in their order', async () => {
      const { ticketId } = await company.newTicket(ann);
      const results = await ann.push(
        command('update', ticketId, { note: '联系客户', changes: [], waiting: false }, now),
        command('resolve', ticketId, { report: '已修好' }, now),
        command('update', ticketId, { note: '太晚', changes: [], waiting: false }, now),
      );
      expect(results.map((r) => r.status)).toEqual(['applied', 'applied', 'refused']);
      expect(results[2]).toMatchObject({ refusal: { code: 'wrong-state', current: { status: 'resolved', lastCommand: 'resolve' } } });
    });

    it('refuses a malformed command by itself, names what does not fit, and runs its neighbours', async () => {
      const { ticketId } = await company.newTicket(ann);
      const good = command('note', ticketId, { note: '好' }, now);
      const results = await ann.push(
        { ...good, id: v7(), args: { note: 7 } },
        null,
        { ...good, id: v7(), kind: 'erase' },
        { ...good, id: v7(), assigneeId: ann.account.id },
        good,
      );
      expect(results.map((r) => (r.status === 'refused' ? r.refusal.code : r.status))).toEqual([
        'bad-arguments',
        'bad-arguments',
        'bad-arguments',
        'bad-arguments',
        'applied',
      ]);
      expect(results[0]).toMatchObject({ refusal: { detail: 'args.note' } });
    });

    it.each(['expire', 'autoClose', 'customerReply'] as const)('refuses %s from a device', async (kind) => {
      const { ticketId } = await company.newTicket(ann);
      company.clock.pass(30 * DAY);
      const args = kind === 'customerReply' ? { text: '在吗' } : {};
      const raw = { id: v7(), kind, ticketId, args, occurredAt: now } as Command;
      const ada = await company.device('ada');
      // At the door: it never comes to a decision, which would tell how the ticket stands.
      expect(await ada.push(raw)).toEqual([{ id: raw.id, status: 'refused', refusal: { code: 'not-allowed' } }]);
      expect((await company.ticket(ticketId)).status).toBe('pending');
    });

    it.each(['ownerId', 'role', 'createdAt', 'createdBy', 'version', 'number', 'actorId', 'receivedAt'])(
      'does not let a device set %s',
      async (field) => {
        const { ticketId } = await company.newTicket(ann);
        const change = { field, from: null, to: 'x' };
        const raw = { id: v7(), kind: 'update', ticketId, args: { note: 'n', changes: [change], waiting: false }, occurredAt: now };
        expect((await ann.push(raw))[0]).toMatchObject({ refusal: { code: 'bad-arguments' } });
        expect((await ann.push({ ...raw, args: { note: 'n', changes: [], waiting: false, [field]: 'x' } }))[0]).toMatchObject({
          refusal: { code: 'bad-arguments' },
        });
      },
    );

    it('stamps events with its own time, whatever the device believes', async () => {
      const { ticketId } = await company.newTicket(ann);
      company.clock.pass(5 * MINUTE);
      await ann.push(command('resolve', ticketId, { report: '好' }, now - 400 * DAY));
      const [event] = await store()
        .orm.select()
        .from(ticketEvent)
        .where(sql`command = 'resolve'`);
      expect(event).toMatchObject({ receivedAt: now + 5 * MINUTE, occurredAt: now - 400 * DAY, actorId: ann.account.id });
      expect((await company.ticket(ticketId)).resolvedAt).toBe(now + 5 * MINUTE);
    });

    it('merges edits of different fields and refuses the same field with both values', async () => {
      const { ticketId } = await company.newTicket(ann, { subject: '原题' });
      const other = await company.device('ann');
      const edit = (field: 'subject' | 'category', from: string, to: string): Command =>
        command('update', ticketId, { note: '', changes: [{ field, from, to }], waiting: false }, now);
      await ann.push(edit('subject', '原题', '甲'));
      expect((await other.push(edit('category', '宽带', '家电')))[0]).toMatchObject({ status: 'applied' });
      expect((await other.push(edit('subject', '原题', '乙')))[0]).toMatchObject({
        refusal: { code: 'conflict', fields: [{ field: 'subject', base: '原题', mine: '乙', theirs: '甲' }] },
      });
      expect(await company.ticket(ticketId)).toMatchObject({ subject: '甲', category: '家电' });
    });

    it('answers with not-found for a ticket that the account may not see, as for one that does not exist', async () => {
      const cid = await company.device('cid');
      const { ticketId } = await company.newTicket(ann);
      const [hidden, missing] = await cid.push(command('note', ticketId, { note: 'x' }, now), command('note', v7(), { note: 'x' }, now));
      expect(hidden).toMatchObject({ refusal: { code: 'not-found' } });
      expect(missing).toMatchObject({ refusal: { code: 'not-found' } });
      expect((hidden as { refusal: object }).refusal).toEqual((missing as { refusal: object }).refusal);
    });

    it('does not open a customer to an account that only knows its id', async () => {
      const cid = await company.device('cid');
      const { customerId } = await company.newTicket(ann);
      await expect(company.newTicket(cid, { customerId })).rejects.toThrow('customer-missing');
      await cid.sync();
      expect([...cid.customers.keys()]).toEqual([]);
    });

    it('does not let a known id of a hidden customer overwrite that customer', async () => {
      const cid = await company.device('cid');
      const { customerId } = await company.newTicket(ann);
      await expect(company.newTicket(cid, { customerId, customer: { name: '顶替', phones: [] } })).rejects.toThrow();
      const { customers } = await company.truth();
      expect(customers.map((c) => c.row.name)).toEqual(['周砚秋']);
    });

    it('makes no ticket in a group that does not exist', async () => {
      const ada = await company.device('ada');
      await expect(company.newTicket(ada, { groupId: v7() })).rejects.toThrow('args.groupId');
    });

    it('lets exactly one of several claims win', async () => {
      const ben = await company.device('ben');
      const { ticketId } = await company.newTicket(ann, { assigneeId: null });
      const answers = await Promise.all([ann, ben].map((d) => d.push(command('claim', ticketId, {}, now))));
      expect(
        answers
          .flat()
          .map((r) => r.status)
          .toSorted(),
      ).toEqual(['applied', 'refused']);
      expect((await company.ticket(ticketId)).version).toBe(2);
    });

    it('takes a release back within ten seconds of its receipt, with its callbacks and the owner', async () => {
      const { ticketId, customerId } = await company.newTicket(ann);
      await ann.push(command('scheduleCallback', ticketId, { callbackId: v7(), dueAt: now + HOUR, note: '' }, now));
      const before = await company.truth();
      const release = command('release', ticketId, { reason: '' }, now);
      await ann.push(release);
      company.clock.pass(10_000);
      expect((await ann.push(command('undo', ticketId, { eventId: release.id }, now)))[0]).toMatchObject({ status: 'applied' });
      const after = await company.truth();
      expect(after.callbacks).toEqual(before.callbacks);
      const owner = (t: typeof before): string | null | undefined => t.customers.find((c) => c.row.id === customerId)?.row.ownerId;
      expect(owner(after)).toBe(owner(before));
      expect(await company.ticket(ticketId)).toMatchObject({ status: 'pending', assigneeId: ann.account.id });
    });

    it('fails what the database could not take, and what follows on the same ticket, and goes on with others', async () => {
      const { ticketId } = await company.newTicket(ann);
      const other = await company.newTicket(ann);
      // A fault of the database for one text.
      await store().script(`CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.note = 'break' THEN RAISE EXCEPTION 'planted'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER break_it BEFORE INSERT ON ticket_event FOR EACH ROW EXECUTE FUNCTION break_it();`);
      const broken = command('note', ticketId, { note: 'break' }, now);
      const behind = command('note', ticketId, { note: '后面' }, now);
      try {
        const results = await ann.push(broken, behind, command('note', other.ticketId, { note: '别的' }, now));
        expect(results.map((r) => r.status)).toEqual(['failed', 'failed', 'applied']);
        expect((await company.ticket(ticketId)).version).toBe(1);
      } finally {
        await store().script('DROP TRIGGER break_it ON ticket_event; DROP FUNCTION break_it();');
      }
      // Neither was recorded: both can be sent again, in their order.
      expect((await ann.push(broken, behind)).map((r) => r.status)).toEqual(['applied', 'applied']);
      const notes = (await company.truth()).events.filter((e) => e.ticketId === ticketId).map((e) => e.note);
      expect(notes.toSorted()).toEqual(['', 'break', '后面'].toSorted());
    });
  });
}
