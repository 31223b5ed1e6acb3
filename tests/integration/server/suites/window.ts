import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../../server/store/store.ts';
import { paths, type PullResponse } from '../../../../shared/protocol/wire.ts';

import type { OperationInput } from '../../../../shared/protocol/operations.ts';
import { type Company, DAY, foundCompany, HOUR, type Name } from '../company.ts';
import { call, command, type Device } from '../device.ts';

type Select = OperationInput<'tickets.older'>['select'];

/** Finished tickets leave the devices' window; they are fetched when somebody asks (SY9). */
export function windowSuite(store: () => Store): void {
  describe('the window', () => {
    let company: Company;
    beforeEach(async () => {
      company = await foundCompany(store());
    });
    afterEach(() => company.close());
    const now = (): number => company.clock.now();
    const inList: Select & { by: 'list' } = { by: 'list', list: 'resolved', text: '', filter: [] };
    const idsOf = (page: { readonly tickets: readonly { readonly id: string }[] }): string[] => page.tickets.map((t) => t.id);

    /** A ticket of `by` that was resolved and closed now. */
    const finished = async (by: Device, subject: string): Promise<string> => {
      const { ticketId } = await company.newTicket(by, { subject });
      const results = await by.push(command('resolve', ticketId, { report: `${subject} 已修好` }, now()));
      expect(results.map((r) => r.status)).toEqual(['applied']);
      return ticketId;
    };
    /** Long enough for every session to have ended. */
    const later = async (days: number, name: Name = 'ann'): Promise<Device> => {
      company.clock.pass(days * DAY);
      return company.device(name);
    };

    it('SY9 a new device gets what is open and what was finished lately; the rest on demand, with all that hangs on it', async () => {
      let ann = await company.device('ann');
      const old = await finished(ann, '旧的');
      const { ticketId: open } = await company.newTicket(ann, { subject: '还开着', groupId: company.groups.one.id });
      await company.server.staff.changeParameters({ ticketTtl: null });
      ann = await later(91);
      const lately = await finished(ann, '新的');
      await ann.sync();
      expect([...ann.tickets.keys()].sort()).toEqual([open, lately].sort());
      // The customer of what is not here may be looked up all the same.
      expect(ann.customers.size).toBe(3);
      const found = await ann.operate('tickets.older', { select: inList, zone: 'Asia/Shanghai', behind: null, limit: 10 });
      expect(idsOf(found)).toEqual([old]);
      expect(found.events.map((e) => e.command)).toEqual(['create', 'resolve']);
      expect(found.customers).toHaveLength(1);
      expect(found).toMatchObject({ next: null, epoch: ann.epoch, view: ann.view, head: ann.cursor });
    });

    it('a finished ticket that still awaits a callback is kept on devices', async () => {
      let ann = await company.device('ann');
      const { ticketId } = await company.newTicket(ann);
      await ann.push(command('scheduleCallback', ticketId, { callbackId: v7(), dueAt: now() + HOUR, note: '' }, now()));
      await ann.push(command('resolve', ticketId, { report: '好' }, now()));
      ann = await later(200);
      await ann.sync();
      expect([...ann.tickets.keys()]).toEqual([ticketId]);
      expect(idsOf(await ann.operate('tickets.older', { select: inList, zone: 'Asia/Shanghai', behind: null, limit: 10 }))).toEqual([]);
    });

    it('an old ticket that comes to life again comes whole to a device that had let it go', async () => {
      let ann = await company.device('ann');
      const old = await finished(ann, '旧的');
      ann = await later(91);
      await ann.sync();
      expect(ann.tickets.size).toBe(0);
      const lea = await company.device('lea');
      const [reopened] = await lea.push(command('reopen', old, { reason: '又坏了' }, now()));
      expect(reopened).toMatchObject({ status: 'applied' });
      await ann.sync();
      expect(ann.tickets.get(old)).toMatchObject({ status: 'processing' });
      expect([...ann.events.values()].map((e) => e.command)).toEqual(['create', 'resolve', 'reopen']);
      expect(ann.customers.size).toBe(1);
    });

    it('old tickets are walked page by page, newest first, each once, and only those that the account may see', async () => {
      let ann = await company.device('ann');
      const cid = await company.device('cid');
      const mine: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        company.clock.pass(1000);
        mine.unshift(await finished(ann, `第 ${i} 张`));
      }
      const foreign = await finished(cid, '别组的');
      ann = await later(120);
      const walked: string[] = [];
      for (let behind = null as Parameters<typeof ann.operate<'tickets.older'>>[1]['behind']; ;) {
        const part = await ann.operate('tickets.older', { select: inList, zone: 'Asia/Shanghai', behind, limit: 2 });
        walked.push(...idsOf(part).toSorted((a, b) => mine.indexOf(a) - mine.indexOf(b)));
        if (part.next === null) break;
        behind = part.next;
      }
      expect(walked).toEqual(mine);
      const asked = await ann.operate('tickets.older', {
        select: { by: 'ids', ids: [mine[0]!, foreign] },
        zone: 'Asia/Shanghai',
        behind: null,
        limit: 10,
      });
      expect(idsOf(asked)).toEqual([mine[0]]);
      const { customerId } = await company.ticket(mine[2]!);
      const ofCustomer = await ann.operate('tickets.older', {
        select: { by: 'customer', customerId },
        zone: 'Asia/Shanghai',
        behind: null,
        limit: 10,
      });
      expect(idsOf(ofCustomer)).toEqual([mine[2]]);
      const all = { ...inList, list: 'all' as const };
      const lea = await company.device('lea');
      expect(idsOf(await lea.operate('tickets.older', { select: all, zone: 'Asia/Shanghai', behind: null, limit: 10 })).sort()).toEqual(
        mine.toSorted(),
      );
    });

    it('words and conditions hold on the server as on the device', async () => {
      let ann = await company.device('ann');
      const router = await finished(ann, '光猫红灯');
      await finished(ann, '退款未到账');
      ann = await later(100);
      const find = async (text: string): Promise<string[]> =>
        idsOf(await ann.operate('tickets.older', { select: { ...inList, text }, zone: 'Asia/Shanghai', behind: null, limit: 10 }));
      expect(await find('红灯')).toEqual([router]);
      expect(await find('gm')).toEqual([router]);
      expect(await find('没有的')).toEqual([]);
    });

    it('a device of protocol 2 knows of no window and gets everything', async () => {
      let ann = await company.device('ann');
      const old = await finished(ann, '旧的');
      ann = await later(91);
      const body = { protocol: 2, epoch: null, view: null, cursor: null, after: null, limit: 100 };
      const answer = await call(company.server, 'POST', paths.pull, body, ann.access);
      expect(idsOf((answer.body as PullResponse).rows)).toEqual([old]);
    });
  });
}
