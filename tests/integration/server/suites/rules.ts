import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customFieldLimits } from '../../../../shared/domain/custom-fields.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany, HOUR, MINUTE } from '../company.ts';
import { command, type Device, verdict } from '../device.ts';
import { expectTruth } from './pull.ts';

export function rulesSuite(store: () => Store): void {
  describe('rules and fields', () => {
    let company: Company;
    let ada: Device;
    let ann: Device;
    beforeEach(async () => {
      company = await foundCompany(store());
      [ada, ann] = [await company.device('ada'), await company.device('ann')];
    });
    afterEach(() => company.close());
    const now = (): number => company.clock.now();

    describe('工单期限', () => {
      it.each<[string, number | null, number | null, number | null]>([
        ['longer', 3 * DAY, 5 * DAY, 5 * DAY],
        ['shorter', 3 * DAY, DAY, DAY],
        ['none any more', 3 * DAY, null, null],
        ['the first one', null, 2 * DAY, 2 * DAY],
        ['the same', 3 * DAY, 3 * DAY, 3 * DAY],
      ])('%s: the preview says what setting it then does', async (_name, was, ttl, expected) => {
        await ada.operate('parameters.set', { change: { ticketTtl: was }, applyToOpen: false });
        const start = now();
        const { ticketId } = await company.newTicket(ann);
        const withCallback = (await company.newTicket(ann)).ticketId;
        await ann.push(command('scheduleCallback', withCallback, { callbackId: v7(), dueAt: start + HOUR, note: '' }, start));
        const done = (await company.newTicket(ann)).ticketId;
        await ann.push(command('resolve', done, { report: '好' }, start));
        const pooled = (await company.newTicket(ann, { assigneeId: null })).ticketId;
        const before = await company.truth();
        await ann.sync();
        company.clock.pass(MINUTE);
        const preview = await ada.operate('parameters.preview', { change: { ticketTtl: ttl } });
        expect((await company.truth()).tickets).toEqual(before.tickets);
        const { retimed } = await ada.operate('parameters.set', { change: { ticketTtl: ttl }, applyToOpen: true });
        expect(preview).toMatchObject({ open: 2, retimed });
        expect(retimed).toBe(was === ttl ? 0 : 2);
        // Moved by the difference; the first one counts from now.
        const due = expected === null ? null : (was === null ? now() : start) + expected;
        expect(await company.ticket(ticketId)).toMatchObject({ dueAt: due, nextAt: due });
        expect(await company.ticket(withCallback)).toMatchObject({ dueAt: due, nextAt: start + HOUR });
        for (const id of [done, pooled]) {
          const row = before.tickets.find((t) => t.row.id === id)!.row;
          expect(await company.ticket(id)).toEqual(row);
        }
        const lines = (await company.truth()).events.filter((e) => e.command === 'retime');
        expect(lines).toHaveLength(retimed);
        if (retimed > 0) {
          const from = was === null ? null : start + was;
          expect(lines[0]).toMatchObject({ actorId: ada.account.id, changes: { dueAt: { from, to: due } } });
        }
        await ann.sync();
        await expectTruth(company, ann);
      });

      it('tells how many would be released at once, and they are', async () => {
        for (let i = 0; i < 3; i++) await company.newTicket(ann);
        company.clock.pass(2 * HOUR);
        [ada, ann] = [await company.device('ada'), await company.device('ann')];
        await company.newTicket(ann);
        const change = { ticketTtl: 2 * HOUR };
        expect(await ada.operate('parameters.preview', { change })).toEqual({ open: 4, retimed: 4, releasedAtOnce: 3 });
        await ada.operate('parameters.set', { change, applyToOpen: true });
        expect((await company.server.runDue()).expired).toBe(3);
      });

      it('leaves open tickets alone unless asked, and gives new ones the new deadline', async () => {
        const old = await company.newTicket(ann);
        const { retimed } = await ada.operate('parameters.set', { change: { ticketTtl: HOUR }, applyToOpen: false });
        expect(retimed).toBe(0);
        const fresh = await company.newTicket(ann);
        expect((await company.ticket(old.ticketId)).dueAt).toBe(now() + 3 * DAY);
        expect((await company.ticket(fresh.ticketId)).dueAt).toBe(now() + HOUR);
      });
    });

    it('brings changed rules to everyone and leaves the others as they were', async () => {
      await ann.sync();
      await ada.operate('parameters.set', { change: { agentsMayCreate: false, maskPhones: false }, applyToOpen: false });
      const [page] = await ann.sync();
      expect(page!.rows.parameters).toMatchObject({ agentsMayCreate: false, maskPhones: false, invalidReleaseLimit: 2 });
      await expect(company.newTicket(ann)).rejects.toThrow('not-allowed');
      expect((await ada.ask('parameters.set', { change: { ticketTtl: -1 }, applyToOpen: false })).status).toBe(400);
    });

    describe('custom fields', () => {
      const text = { id: null, name: '片区', type: 'text' as const, options: [], required: false };

      it('are kept in their order, brought to everyone, and checked on tickets', async () => {
        await ann.sync();
        const { field } = await ada.operate('fields.put', { ...text, type: 'single', options: ['东', '西', '东'] });
        expect(field).toMatchObject({ options: ['东', '西'], position: 1 });
        const second = await ada.operate('fields.put', { ...text, name: '型号' });
        await ada.operate('fields.order', { ids: [second.field.id] });
        await ann.sync();
        expect(ann.customFields.map((f) => f.name)).toEqual(['型号', '片区']);
        company.clock.pass(1);
        const { ticketId } = await company.newTicket(ann, { custom: { [field.id]: '东' } });
        const set = (to: string): ReturnType<typeof command> =>
          command('update', ticketId, { note: '', waiting: false, changes: [{ field: 'custom', key: field.id, from: '东', to }] }, now());
        expect(verdict((await ann.push(set('北')))[0])).toBe('field-misfit');
        expect(verdict((await ann.push(set('西')))[0])).toBe('applied');
        await expect(company.newTicket(ann, { custom: { nonsense: 'x' } })).rejects.toThrow('field-misfit');
      });

      it('that are required must be filled in before a ticket is done, but not by who did not know it', async () => {
        const { ticketId } = await company.newTicket(ann);
        const other = await company.newTicket(ann);
        const before = now();
        company.clock.pass(5 * MINUTE);
        const { field } = await ada.operate('fields.put', { ...text, required: true });
        const [late] = await ann.push(command('resolve', ticketId, { report: '好' }, now()));
        expect(late).toMatchObject({ refusal: { code: 'field-required', detail: field.id } });
        expect(verdict((await ann.push(command('resolve', other.ticketId, { report: '好' }, before)))[0])).toBe('applied');
      });

      it('that are taken out of use keep their values, and come back', async () => {
        const { field } = await ada.operate('fields.put', text);
        company.clock.pass(1);
        const { ticketId } = await company.newTicket(ann, { custom: { [field.id]: '东区' } });
        expect((await ada.operate('fields.retire', { id: field.id, retired: true })).field.removedAt).toBe(now());
        company.clock.pass(1);
        expect((await company.ticket(ticketId)).custom).toEqual({ [field.id]: '东区' });
        await expect(company.newTicket(ann, { custom: { [field.id]: '西区' } })).rejects.toThrow('field-misfit');
        expect((await ada.operate('fields.retire', { id: field.id, retired: false })).field.removedAt).toBeNull();
      });

      it('say why they cannot be', async () => {
        const { field } = await ada.operate('fields.put', text);
        const { id } = field;
        expect(await ada.impossible('fields.put', { ...text, id: v7() })).toBe('not-found');
        expect(await ada.impossible('fields.put', { ...text, id, type: 'number' })).toBe('type-fixed');
        expect(await ada.impossible('fields.put', { ...text, type: 'number' })).toBe('name-taken');
        expect(await ada.impossible('fields.put', { ...text, name: '选择', type: 'multiple' })).toBe('options-missing');
        expect(await ada.impossible('fields.retire', { id: v7(), retired: true })).toBe('not-found');
        expect(await ada.impossible('fields.order', { ids: [v7()] })).toBe('not-found');
        await ada.operate('fields.retire', { id, retired: true });
        await ada.operate('fields.put', text);
        expect(await ada.impossible('fields.retire', { id, retired: false })).toBe('name-taken');
        for (let i = 1; i < customFieldLimits.fields; i++) await ada.operate('fields.put', { ...text, name: `f${i}` });
        expect(await ada.impossible('fields.put', { ...text, name: 'one more' })).toBe('too-many');
      });
    });
  });
}
