import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordArgs } from '../../shared/domain/commands/index.ts';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import { MAX_SAVED_SEARCHES } from '../../shared/domain/personal.ts';
import { act, newTicket, numbered, type Office, openOffice, record } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';

let office: Office;
let lin: Device;
beforeAll(async () => {
  office = await openOffice();
  lin = await office.device('lin');
});
afterAll(() => office.close());

const found = async (filter: TicketFilter, text = '', device = lin, list: 'pending' | 'processing' | 'transferred' = 'pending') => {
  const page = await device.read('tickets.list', {
    list,
    text,
    filter,
    due: 'all',
    sort: 'created',
    descending: false,
    offset: 0,
    limit: 100,
  });
  expect(page.total).toBe(page.rows.length);
  return page.rows.map((r) => r.subject);
};

describe('X20 conditions of a list', () => {
  beforeAll(async () => {
    await newTicket(lin, '甲 退款', {
      category: '退款',
      priority: 'urgent',
      customer: { name: '张三丰', phones: ['13812346021'], tier: '金卡客户' },
    });
    const b = await newTicket(lin, '乙 掉线', { category: '宽带', priority: 'low', customer: { name: '单雄信', phones: ['02583001234'] } });
    await act(lin, b, 'scheduleCallback', { callbackId: (await import('uuid')).v7(), dueAt: Date.now() + 3_600_000, note: '确认时段' });
    await newTicket(lin, '丙 报修', { category: '家电', priority: 'urgent' });
    await lin.synced();
  });

  test('X20 every condition narrows the list, its counts and its parts, from the device alone', async () => {
    await office.server.close();
    expect(await found([{ field: 'priority', any: ['urgent'] }])).toEqual(['甲 退款', '丙 报修']);
    expect(await found([{ field: 'category', any: ['宽带', '退款'] }])).toEqual(['甲 退款', '乙 掉线']);
    expect(await found([{ field: 'tier', any: ['金卡客户'] }])).toEqual(['甲 退款']);
    expect(await found([{ field: 'phone', contains: '8300' }])).toEqual(['乙 掉线']);
    expect(await found([{ field: 'callback', is: true }])).toEqual(['乙 掉线']);
    expect(await found([{ field: 'callbackAt', at: { relative: 'next3' } }])).toEqual(['乙 掉线']);
    expect(await found([{ field: 'createdAt', at: { relative: 'today' } }])).toHaveLength(3);
    expect(await found([{ field: 'createdAt', at: { relative: 'yesterday' } }])).toEqual([]);
    expect(
      await found([
        { field: 'assigneeId', any: ['me'] },
        { field: 'priority', any: ['low'] },
      ]),
    ).toEqual(['乙 掉线']);
    expect(await found([{ field: 'history', contains: '确认' }])).toEqual(['乙 掉线']);
  });

  test('X20 together with words of the search box: by characters, by sounds, by digits', async () => {
    expect(await found([], 'tk')).toEqual(['甲 退款']);
    expect(await found([], 'zsf')).toEqual(['甲 退款']);
    expect(await found([], 'shanxiongxin')).toEqual(['乙 掉线']);
    expect(await found([{ field: 'priority', any: ['urgent'] }], '掉线')).toEqual([]);
    expect(await found([], '2346')).toEqual(expect.arrayContaining(['甲 退款']));
    const { tickets, ticketTotal } = await lin.read('search.find', { text: '退款' });
    expect([tickets.map((t) => t.subject), ticketTotal]).toEqual([['甲 退款'], 1]);
    expect(tickets[0]!.hits).toContainEqual({ field: 'subject', text: '甲 退款', ranges: [[2, 4]] });
  });
});

describe('X22 X23 常用搜索', () => {
  let other: Office;
  let one: Device;
  let two: Device;
  const search = (name: string, position = 1): RecordArgs<'putSearch'> => ({
    name,
    list: 'pending',
    text: '',
    filter: [{ field: 'priority', any: ['urgent'] }],
    sort: 'next',
    descending: false,
    position,
    replaces: null,
  });
  const names = async (device: Device): Promise<string[]> => (await device.read('searches.list', {})).map((s) => s.name);
  beforeAll(async () => {
    other = await openOffice();
    [one, two] = await Promise.all([other.device('lin'), other.device('lin')]);
  });
  afterAll(() => other.close());

  test('X22 the conditions of now are kept under a name, with what they find, on every device of the account', async () => {
    const urgent = await newTicket(one, '急件', { priority: 'urgent' });
    await newTicket(one, '不急', { priority: 'low' });
    await numbered(one, urgent);
    await record(one, 'putSearch', null, search('我的急件'));
    expect(await one.read('searches.list', {})).toMatchObject([{ name: '我的急件', total: 1, list: 'pending' }]);
    await two.until('searches.list', {}, (list) => list.length === 1 && list[0]!.total === 1);
    // Of this account alone.
    const he = await other.device('he');
    expect(await names(he)).toEqual([]);
  });

  test('X23 they are renamed, put in another order and deleted, also there', async () => {
    const [first] = await one.read('searches.list', {});
    await record(one, 'putSearch', null, search('第二个', 2));
    await record(one, 'putSearch', first!.id, { ...search('急件'), position: 3 });
    expect(await names(one)).toEqual(['第二个', '急件']);
    await two.until('searches.list', {}, (list) => list.map((s) => s.name).join() === '第二个,急件');
    await record(two, 'removeSearch', first!.id, {});
    await one.until('searches.list', {}, (list) => list.map((s) => s.name).join() === '第二个');
  });

  test('X23 there are at most eight: the ninth is refused, and can take the place of another', async () => {
    for (let n = 2; n <= MAX_SAVED_SEARCHES; n += 1) await record(one, 'putSearch', null, search(`第 ${n} 条`, n));
    expect(await names(one)).toHaveLength(8);
    const ninth = { kind: 'putSearch' as const, subjectId: null, args: search('第九条', 9) };
    expect(await one.call('records.act', ninth)).toEqual({ ok: false, refusal: { code: 'too-many' } });
    const [oldest] = await one.read('searches.list', {});
    await record(one, 'putSearch', null, { ...search('第九条', 9), replaces: oldest!.id });
    expect(await names(one)).toHaveLength(8);
    expect(await names(one)).not.toContain(oldest!.name);
    await two.until('searches.list', {}, (list) => list.length === 8 && list.at(-1)!.name === '第九条');
  });

  test('X23 two devices that fill the last place offline: the server takes one, the other is shown with its reason', async () => {
    const [gone] = await one.read('searches.list', {});
    await record(one, 'removeSearch', gone!.id, {});
    await two.until('searches.list', {}, (list) => list.length === 7);
    await Promise.all([record(one, 'putSearch', null, search('甲', 20)), record(two, 'putSearch', null, search('乙', 21))]);
    const refused = async () => (await Promise.all([one, two].map((d) => d.read('attention.list', {})))).flat();
    await expect.poll(refused, { timeout: 10_000 }).toMatchObject([{ kind: 'putSearch', refusal: { code: 'too-many' } }]);
    await one.until('searches.list', {}, (list) => list.length === 8);
  });
});
