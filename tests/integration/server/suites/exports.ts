import { parse } from 'csv-parse/sync';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { condition, type TicketFilter } from '../../../../shared/domain/filter/filter.ts';
import { matches } from '../../../../shared/domain/filter/matches.ts';
import { natures, priorities, ticketStatuses } from '../../../../shared/domain/tickets.ts';
import { type ExportRequest, exportFields } from '../../../../shared/protocol/operations.ts';
import { PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { errorBody, paths } from '../../../../shared/protocol/wire.ts';
import { audit } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany, HOUR, MINUTE } from '../company.ts';
import { command, type Device } from '../device.ts';

type Asked = Omit<ExportRequest, 'protocol'>;
export const asked = (more: Partial<Asked> = {}): Asked => ({
  fields: ['number', 'subject'],
  select: { by: 'filter', list: 'all', text: '', filter: [] },
  locale: 'zh-CN',
  zone: 'Asia/Shanghai',
  ...more,
});
export const rowsOf = (text: string): string[][] => parse(text, { bom: true, relax_column_count: false });

export function exportSuite(store: () => Store): void {
  describe('export (X18, R20)', () => {
    let company: Company;
    let ann: Device;
    let lea: Device;
    let ada: Device;
    beforeEach(async () => {
      company = await foundCompany(store());
      [ann, lea, ada] = [await company.device('ann'), await company.device('lea'), await company.device('ada')];
    });
    afterEach(() => company.close());
    const now = (): number => company.clock.now();
    const numbers = async (by: Device, more: Partial<Asked> = {}): Promise<string[]> => {
      const { text } = await by.download(asked(more));
      return rowsOf(text)
        .slice(1)
        .map((r) => r[0]!);
    };

    it('is refused to agents, and noted either way', async () => {
      await company.newTicket(ann);
      expect(await ann.download(asked())).toMatchObject({ status: 403 });
      expect((await lea.download(asked({ fields: ['number', 'phones'] }))).status).toBe(200);
      const notes = (await store().orm.select().from(audit)).filter((a) => ['denied', 'export'].includes(a.action));
      expect(notes.map((a) => [a.action, a.accountId, a.detail])).toEqual(
        expect.arrayContaining([
          ['denied', ann.account.id, 'export'],
          ['export', lea.account.id, 'rows=1 from=all fields=number,phones'],
        ]),
      );
    });

    it('gives each only what it may see, by list and by id', async () => {
      const leo = await company.device('leo');
      const cid = await company.device('cid');
      const mine = await company.newTicket(ann);
      const theirs = await company.newTicket(cid);
      const ids = [theirs.ticketId, mine.ticketId, v7()];
      expect(await numbers(lea)).toEqual(['100001']);
      expect(await numbers(leo)).toEqual(['100002']);
      expect(await numbers(ada)).toEqual(['100001', '100002']);
      expect(await numbers(lea, { select: { by: 'ids', ids } })).toEqual(['100001']);
      // In the order in which they were ticked.
      expect(await numbers(ada, { select: { by: 'ids', ids } })).toEqual(['100002', '100001']);
    });

    it('knows the lists as the device does', async () => {
      const own = (await company.newTicket(lea)).ticketId;
      const active = (await company.newTicket(lea)).ticketId;
      await lea.push(command('update', active, { note: 'n', changes: [], waiting: false }, now()));
      const done = (await company.newTicket(lea)).ticketId;
      await lea.push(command('resolve', done, { report: 'r' }, now()));
      const given = (await company.newTicket(lea)).ticketId;
      await lea.push(command('transfer', given, { toId: ann.account.id, reason: '' }, now()));
      await ann.push(command('note', given, { note: '之后的事' }, now()));
      const pooled = (await company.newTicket(ann, { assigneeId: null })).ticketId;
      const list = (name: 'pending' | 'processing' | 'resolved' | 'transferred' | 'pool' | 'all' | 'review' | 'expired') =>
        lea.download(asked({ fields: ['number', 'lastNote'], select: { by: 'filter', list: name, text: '', filter: [] } }));
      const numberOf = async (id: string): Promise<string> => String((await company.ticket(id)).number);
      const got = async (name: Parameters<typeof list>[0]): Promise<string[]> =>
        rowsOf((await list(name)).text)
          .slice(1)
          .map((r) => r[0]!);
      expect(await got('pending')).toEqual([await numberOf(own)]);
      expect(await got('processing')).toEqual([await numberOf(active)]);
      expect(await got('resolved')).toEqual([await numberOf(done)]);
      expect(await got('review')).toEqual([await numberOf(done)]);
      expect(await got('pool')).toEqual([await numberOf(pooled)]);
      expect(await got('all')).toHaveLength(5);
      expect(await got('expired')).toEqual([]);
      expect(await got('transferred')).toEqual([await numberOf(given)]);
      expect((await list('transferred')).text).not.toContain('之后的事');
      company.clock.pass(3 * DAY);
      await company.server.runDue();
      lea = await company.device('lea');
      expect(await got('expired')).toHaveLength(3);
    });

    it('writes a file that a spreadsheet reads: BOM, CRLF, words and times of the reader', async () => {
      const { field } = await ada.operate('fields.put', { id: null, name: '下行速率', type: 'number', options: [], required: false });
      const asks = await ada.operate('fields.put', {
        id: null,
        name: '涉及业务',
        type: 'multiple',
        options: ['宽带', '电视'],
        required: false,
      });
      company.clock.pass(1);
      const { ticketId } = await company.newTicket(ann, {
        customer: {
          name: '周砚秋',
          phones: ['13800006021', '010-88886666'],
          emails: ['z@mail.example'],
          address: '云锦苑',
          tier: '金卡客户',
        },
        subject: '一行\n两行, "引号"',
        custom: { [field.id]: -5.5, [asks.field.id]: ['宽带', '电视'] },
      });
      await ann.push(command('scheduleCallback', ticketId, { callbackId: v7(), dueAt: now() + HOUR, note: '回访' }, now()));
      const request = asked({
        fields: [...exportFields, { custom: field.id }, { custom: asks.field.id }, { custom: v7() }],
        select: { by: 'ids', ids: [ticketId] },
      });
      const { text, total } = await lea.download(request);
      expect(total).toBe('1');
      expect(text.startsWith('\uFEFF"工单编号","主题"')).toBe(true);
      expect(text.endsWith('\r\n')).toBe(true);
      expect(text).toContain('\r\n100001,"一行\n两行, ""引号""",');
      const [header, cells] = rowsOf(text) as [string[], string[]];
      const row = Object.fromEntries(header.map((h, i) => [h, cells[i]]));
      expect(row).toMatchObject({
        状态: '待处理',
        优先级: '中',
        性质: '孤立事件',
        来源: '电话',
        客户: '周砚秋',
        电话: '13800006021；010-88886666',
        处理人: 'ann',
        受理组: 'one',
        创建时间: '2026-11-21 09:00',
        回访时间: '2026-11-21 10:00',
        完成时间: '',
        无效: '否',
        最近备注: '回访',
        下行速率: '-5.5',
        涉及业务: '宽带；电视',
      });
      const english = await lea.download({ ...request, locale: 'en-US', zone: 'America/New_York' });
      expect(english.text).toContain('"To do","Normal"');
      expect(english.text).toContain('"2026-11-20 20:00"');
    });

    it('answers a zone that is none, and fields that are none, with a typed error', async () => {
      for (const bad of [
        { ...asked(), zone: 'Mars/Olympus' },
        { ...asked(), fields: ['password'] as never },
        { ...asked(), extra: 1 },
      ]) {
        const { status, text } = await lea.download(bad);
        expect([status, errorBody.parse(JSON.parse(text)).error.code]).toEqual([400, 'bad-request']);
      }
    });

    it('leaves in exactly what the filter and the words mean', async () => {
      const { field } = await ada.operate('fields.put', { id: null, name: '片区', type: 'text', options: [], required: false });
      company.clock.pass(1);
      const subjects = ['光猫红灯', '退款', '宽带掉线', '空调漏水'];
      for (let i = 0; i < 16; i++) {
        const by = i % 2 === 0 ? ann : lea;
        const { ticketId } = await company.newTicket(by, {
          subject: subjects[i % 4]!,
          priority: priorities[i % 4]!,
          nature: natures[i % 3]!,
          custom: i % 3 === 0 ? { [field.id]: `片区${i % 2}` } : {},
          customer: { name: i % 5 === 0 ? '张三丰' : '李四', phones: [`1380000${1000 + i}`], tier: i % 2 === 0 ? '金卡客户' : '' },
        });
        if (i % 4 === 1) await by.push(command('update', ticketId, { note: '已约周五', changes: [], waiting: i % 8 === 1 }, now()));
        if (i % 4 === 2)
          await by.push(command('scheduleCallback', ticketId, { callbackId: v7(), dueAt: now() + i * HOUR, note: '' }, now()));
        if (i % 8 === 7) await by.push(command('resolve', ticketId, { report: '好' }, now()));
        company.clock.pass(MINUTE / 2);
      }
      [lea, ada] = [await company.device('lea'), await company.device('ada')];
      const filters: TicketFilter[] = [
        [{ field: 'priority', any: ['urgent', 'high'] }],
        [{ field: 'status', any: [...ticketStatuses].slice(1) }],
        [{ field: 'assigneeId', any: ['me', null] }],
        [{ field: 'createdBy', any: [ann.account.id] }],
        [{ field: 'ownerId', any: [null, ann.account.id] }],
        [
          { field: 'tier', any: ['金卡客户'] },
          { field: 'subject', contains: '红' },
        ],
        [{ field: 'customer', contains: '三' }],
        [{ field: 'phone', contains: '0 1003' }],
        [{ field: 'history', contains: '周五' }],
        [{ field: 'callback', is: true }],
        [{ field: 'callbackAt', at: { relative: 'today' } }],
        [{ field: 'resolvedAt', at: { relative: 'none' } }],
        [{ field: 'createdAt', at: { from: now() - 3 * MINUTE, to: null } }],
        [{ field: 'number', from: 100_003, to: 100_009 }],
        [{ field: 'invalid', is: false }],
        [{ field: 'custom', key: field.id, test: { op: 'contains', text: '区1' } }],
        [{ field: 'custom', key: field.id, test: { op: 'empty' } }],
      ];
      const truth = await company.truth();
      for (const filter of filters) {
        expect(condition.safeParse(filter[0]).success).toBe(true);
        const meant = truth.tickets
          .map((t) => t.row)
          .filter((t) =>
            matches(
              filter,
              {
                ticket: t,
                customer: truth.customers.find((c) => c.row.id === t.customerId)!.row,
                callbacks: truth.callbacks.filter((c) => c.ticketId === t.id),
                events: truth.events.filter((e) => e.ticketId === t.id),
              },
              { me: lea.account.id, now: now(), zone: 'Asia/Shanghai' },
            ),
          )
          .map((t) => String(t.number))
          .toSorted();
        expect([filter, await numbers(lea, { select: { by: 'filter', list: 'all', text: '', filter } })]).toEqual([filter, meant]);
        expect(meant.length, JSON.stringify(filter)).toBeGreaterThan(0);
      }
      const words = async (text: string): Promise<number> =>
        (await numbers(lea, { select: { by: 'filter', list: 'all', text, filter: [] } })).length;
      expect([await words('gmhd'), await words('退款'), await words('周五'), await words('zsf'), await words('没有这个')]).toEqual([
        4, 4, 4, 4, 0,
      ]);
    });

    it('reads more than one batch without losing or repeating a row', async () => {
      const importId = v7();
      const rows = Array.from({ length: 500 }, (_, i) => ({
        line: i + 2,
        name: `客${i}`,
        phones: [String(13_500_000_000 + i)],
        emails: [],
        address: '',
        tier: '',
        subject: `第${i}单`,
        description: '',
        category: '',
      }));
      for (const part of [0, 1, 2]) {
        await ada.operate('import.stage', {
          importId,
          rows: rows.map((r) => ({ ...r, line: r.line + part * 500, phones: [String(13_500_000_000 + part * 500 + r.line)] })),
        });
      }
      await ada.operate('import.commit', { importId, mode: 'all', tickets: true, owner: 'nobody', groupId: company.groups.one.id });
      const { text, total } = await ada.download(asked({ fields: ['number', 'customer'] }));
      expect(total).toBe('1500');
      const got = rowsOf(text)
        .slice(1)
        .map((r) => Number(r[0]));
      expect(got).toEqual(Array.from({ length: 1500 }, (_, i) => 100_001 + i));
    });

    it('ends its work when the client goes away, and when the account may export no longer', async () => {
      await company.close();
      company = await foundCompany(store(), { listen: true });
      [lea, ada] = [await company.device('lea'), await company.device('ada')];
      const importId = v7();
      const description = '长'.repeat(1500);
      for (let part = 0; part < 20; part++) {
        const rows = Array.from({ length: 150 }, (_, i) => ({
          line: part * 150 + i + 2,
          name: '客',
          phones: [String(13_500_000_000 + part * 150 + i)],
          emails: [],
          address: '',
          tier: '',
          subject: '单',
          description,
          category: '',
        }));
        await ada.operate('import.stage', { importId, rows });
      }
      await ada.operate('import.commit', { importId, mode: 'all', tickets: true, owner: 'nobody', groupId: company.groups.one.id });
      const ask = (by: Device, signal?: AbortSignal): Promise<Response> =>
        fetch(company.server.url + paths.export, {
          method: 'POST',
          headers: { authorization: `Bearer ${by.access}`, 'content-type': 'application/json' },
          body: JSON.stringify({ protocol: PROTOCOL_VERSION, ...asked({ fields: ['number', 'description'] }) }),
          ...(signal && { signal }),
        });
      const leaving = new AbortController();
      const response = await ask(lea, leaving.signal);
      expect(response.headers.get('x-total')).toBe('3000');
      await response.body!.getReader().read();
      leaving.abort();
      const brokenOff = async (): Promise<string[]> =>
        (await store().orm.select().from(audit)).filter((a) => a.action === 'export-broken-off').map((a) => a.detail);
      await expect.poll(brokenOff, { timeout: 20_000 }).toHaveLength(1);
      expect(Number(/rows=(\d+)/.exec((await brokenOff())[0]!)![1])).toBeLessThan(3000);
      // Demoted while the file is on its way: what comes is not the whole of it.
      const second = await ask(lea);
      const reader = second.body!.getReader();
      await reader.read();
      await ada.operate('staff.change', { id: lea.account.id, role: 'agent' });
      const rest = (async () => {
        while (!(await reader.read()).done);
      })();
      await expect(rest).rejects.toThrow();
    });
  });
}
