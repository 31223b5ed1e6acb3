import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callback, customer, ticket } from '../../server/store/schema.ts';
import type { ExportRequest } from '../../shared/protocol/operations.ts';
import { act, list, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { troubledTransport } from '../support/core/troubled-transport.ts';

let office: Office;
let lin: Device;
let he: Device;
beforeAll(async () => {
  office = await openOffice();
  [lin, he] = await Promise.all([office.device('lin'), office.device('he')]);
});
afterAll(() => office.close());

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
type Phase = Awaited<ReturnType<typeof stateOf>>['phase'];
const stateOf = (device: Device) => device.read('imports.state', {});
async function until<P extends Phase>(device: Device, ...phases: P[]) {
  const state = await device.until('imports.state', {}, (s) => (phases as string[]).includes(s.phase), 60_000);
  return state as Extract<typeof state, { phase: P }>;
}
async function open(device: Device, name: string, bytes: Uint8Array) {
  await device.call('imports.open', { file: device.host.pick(name, bytes) });
  return until(device, 'mapping', 'unreadable');
}
/** Reads and checks a file with the columns that its heads suggest. */
async function checked(device: Device, name: string, bytes: Uint8Array) {
  const opened = await open(device, name, bytes);
  if (opened.phase !== 'mapping') throw new Error(opened.why);
  await device.call('imports.check', { mapping: opened.mapping });
  return until(device, 'checked');
}
async function commit(device: Device, mode: 'all' | 'good', tickets: boolean) {
  await device.call('imports.commit', { mode, tickets, owner: 'nobody' });
  return until(device, 'done', 'failed');
}
const customers = () => office.server.store.orm.select().from(customer);
const named = async (name: string) => (await customers()).filter((c) => c.name === name);

describe('X06 customers from a file', () => {
  test('X06 with a ticket and a callback for each row that asks for one; the same file again changes nothing', async () => {
    const file = utf8(
      '姓名,手机,邮箱,客户组,工单主题,回访时间\r\n' +
        '甲一,138-0001-0001,a1@example.com,金卡客户,安装预约,2099-12-01 14:30\r\n' +
        '甲二,13800010002、025-83001111,,,,\r\n',
    );
    expect(await checked(he, '客户.csv', file)).toMatchObject({ total: 2, fresh: 2, known: 0, badTotal: 0, withTicket: 1 });
    // Nothing is in use before it is wanted.
    expect(await named('甲一')).toEqual([]);
    expect(await commit(he, 'all', true)).toEqual({ phase: 'done', customers: 2, tickets: 1, known: 0, left: 0 });
    const [one] = await named('甲一');
    expect(one).toMatchObject({ phones: ['138-0001-0001'], emails: ['a1@example.com'], tier: '金卡客户', groupId: office.groups.one.id });
    const made = await office.server.store.orm.select().from(ticket).where(eq(ticket.customerId, one!.id));
    expect(made).toMatchObject([{ subject: '安装预约' }]);
    const calls = await office.server.store.orm.select().from(callback).where(eq(callback.ticketId, made[0]!.id));
    expect(calls.map((c) => new Date(c.dueAt).toISOString())).toEqual(made[0]!.assigneeId === null ? [] : ['2099-12-01T06:30:00.000Z']);
    await he.until(
      'customers.list',
      { view: 'all', text: '甲一', sort: 'name', descending: false, offset: 0, limit: 5 },
      (p) => p.total === 1,
    );

    expect(await checked(he, '客户.csv', file)).toMatchObject({ fresh: 0, known: 2 });
    expect(await commit(he, 'all', true)).toEqual({ phase: 'done', customers: 0, tickets: 0, known: 2, left: 0 });
    expect(await named('甲一')).toHaveLength(1);
    expect(await office.server.store.orm.select().from(ticket).where(eq(ticket.customerId, one!.id))).toHaveLength(1);
  });

  test('R19 bad rows are listed with line, value and reason; all or nothing, or the good ones, as the agent chooses', async () => {
    const file = utf8(
      '姓名,电话,回访时间\n乙一,13900020001,\n,13900020002,\n乙三,无,\n乙四,,\n乙五,13900020001,\n乙六,13900020006,三天后\n乙七,13900020007,20991201\n',
    );
    const state = await checked(he, 'bad.csv', file);
    expect(state).toMatchObject({ total: 7, fresh: 2, badTotal: 5 });
    expect(state.bad.map((b) => [b.line, b.why, b.value])).toEqual([
      [3, 'name-missing', '13900020002'],
      [4, 'phone-bad', '无'],
      [5, 'contact-missing', '乙四'],
      [6, 'twin', '13900020001'],
      [7, 'date-bad', '三天后'],
    ]);
    expect(await commit(he, 'all', false)).toEqual({ phase: 'failed', reason: 'bad-rows' });
    expect(await named('乙一')).toEqual([]);
    await checked(he, 'bad.csv', file);
    expect(await commit(he, 'good', false)).toMatchObject({ phase: 'done', customers: 2, left: expect.any(Number) as number });
    expect([(await named('乙一')).length, (await named('乙七')).length, (await named('乙五')).length]).toEqual([1, 1, 0]);
  });

  test('R19 an encoding is found, shown and can be chosen; the columns chosen for such a file are remembered', async () => {
    const gbk = new Uint8Array([
      0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xc1, 0xaa, 0xcf, 0xb5, 0x0a, 0xd6, 0xdc, 0x2c, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x0a,
    ]);
    const opened = await open(he, 'gbk.csv', gbk);
    expect(opened).toMatchObject({
      phase: 'mapping',
      encoding: 'gb18030',
      header: ['姓名', '联系'],
      preview: [['周', '1234567']],
      mapping: { name: 0 },
    });
    await he.call('imports.check', { mapping: { name: 0, phone: 1 } });
    expect(await until(he, 'checked')).toMatchObject({ fresh: 1 });
    expect(await open(he, 'again.csv', gbk)).toMatchObject({ mapping: { name: 0, phone: 1 } });
    await he.call('imports.encoding', { encoding: 'utf-8' });
    expect(await he.until('imports.state', {}, (s) => s.phase === 'mapping' && s.encoding === 'utf-8')).toMatchObject({
      alternatives: ['gb18030'],
    });
    await he.call('imports.check', { mapping: { name: 0, phone: 1 } });
    expect(await until(he, 'checked')).toMatchObject({ fresh: 0, bad: [{ line: 2, why: 'characters-lost' }] });
    await he.call('imports.cancel', {});
    expect(await stateOf(he)).toEqual({ phase: 'none' });
  });

  test.each<[string, Uint8Array, object]>([
    ['nothing', new Uint8Array(0), { why: 'empty' }],
    ['blanks', utf8(' \n \n'), { why: 'empty' }],
    ['a header alone', utf8('姓名,电话\n'), { why: 'no-rows' }],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 1, 0, 0, 0]), { why: 'not-text' }],
    ['half a workbook', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0]), { why: 'not-xlsx' }],
    ['a quote that never closes', utf8('姓名,电话\n甲,1234567\n"乙,1234568\n'), { why: 'quotes', line: 3 }],
  ])('R19 %s is refused with a reason', async (_, bytes, expected) => {
    expect(await open(he, 'x.csv', bytes)).toMatchObject({ phase: 'unreadable', ...expected });
  });

  test('R19 200 MB are refused before they are read', async () => {
    const file = he.host.pick('big.csv', utf8('姓名,电话\n甲,1234567\n'));
    await he.call('imports.open', { file: { ...file, size: 200_000_000 } });
    expect(await until(he, 'unreadable')).toMatchObject({ why: 'too-large' });
  });

  test('R19 ten thousand rows come in with their progress told, and cancelling leaves nothing', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => `批量${i},1860${String(i).padStart(7, '0')}`);
    const file = utf8(`姓名,电话\n${rows.join('\n')}\n`);
    const seen: number[] = [];
    const stop = he.client.watch(
      'imports.state',
      {},
      (s) => s.phase === 'checking' && seen.push(s.done),
      () => {},
    );
    const opened = await open(he, 'many.csv', file);
    if (opened.phase !== 'mapping') throw new Error(opened.why);
    await he.call('imports.check', { mapping: opened.mapping });
    await he.until('imports.state', {}, (s) => s.phase === 'checking' && s.done >= 1000);
    await he.call('imports.cancel', {});
    expect(await stateOf(he)).toEqual({ phase: 'none' });
    expect((await customers()).some((c) => c.name.startsWith('批量'))).toBe(false);
    expect(await checked(he, 'many.csv', file)).toMatchObject({ total: 10_000, fresh: 10_000, badTotal: 0 });
    stop();
    expect(seen.length).toBeGreaterThan(5);
    expect(await commit(he, 'all', false)).toEqual({ phase: 'done', customers: 10_000, tickets: 0, known: 0, left: 0 });
    expect((await customers()).filter((c) => c.name.startsWith('批量'))).toHaveLength(10_000);
  });

  test('X06 an agent cannot, and offline it is said', async () => {
    await open(lin, 'x.csv', utf8('姓名,电话\n丙,13900030001\n'));
    await lin.call('imports.check', { mapping: { name: 0, phone: 1 } });
    expect(await until(lin, 'failed')).toEqual({ phase: 'failed', reason: 'forbidden' });
    const { transport, trouble } = troubledTransport();
    const away = await office.device('he', { transport });
    trouble.offline = true;
    await open(away, 'x.csv', utf8('姓名,电话\n丙,13900030001\n'));
    await away.call('imports.check', { mapping: { name: 0, phone: 1 } });
    expect(await until(away, 'failed')).toEqual({ phase: 'failed', reason: 'offline' });
    expect(await named('丙')).toEqual([]);
  });

  test('X06 the template is a file that comes in as it is', async () => {
    const handle = he.host.chooseTarget();
    expect(await he.call('imports.template', { handle })).toEqual({ ok: true });
    const { bytes, state } = he.host.written.get(handle)!;
    expect(state).toBe('whole');
    expect(await checked(he, '模板.csv', bytes)).toMatchObject({ total: 1, badTotal: 0, withTicket: 1 });
    await he.call('imports.cancel', {});
  });
});

describe('X18 X19 export', () => {
  const ask = async (device: Device, request: Omit<ExportRequest, 'protocol' | 'zone'>) => {
    const handle = device.host.chooseTarget();
    await device.call('exports.start', { handle, fileName: '工单.csv', request });
    const state = await device.until(
      'exports.state',
      {},
      (s) => s.phase !== 'none' && s.phase !== 'running' && s.handle === handle,
      60_000,
    );
    const file = device.host.written.get(handle)!;
    return { state, file, rows: () => parse(Buffer.from(file.bytes), { bom: true, columns: true }) as Record<string, string>[] };
  };
  const all: Extract<ExportRequest['select'], { by: 'filter' }> = { by: 'filter', list: 'all', text: '', filter: [] };

  test('X19 chosen fields of ticked rows, or of all that the filter leaves, as CSV that Excel opens in Chinese', async () => {
    const one = await newTicket(lin, '=HYPERLINK("http://x")', { priority: 'urgent', description: '第一行\n第二行' });
    const two = await newTicket(lin, '普通，"引号"', { priority: 'low' });
    for (const id of [one, two]) await numbered(lin, id);
    await act(lin, two, 'update', { note: '已联系', changes: [], waiting: false });
    await he.until('tickets.get', { ticketId: two, transferId: null }, (t) => t?.status === 'processing');
    const ticked = await ask(he, {
      fields: ['number', 'subject', 'priority', 'lastNote'],
      select: { by: 'ids', ids: [two] },
      locale: 'zh-CN',
    });
    expect(ticked.state).toMatchObject({ phase: 'done', rows: 1, fileName: '工单.csv' });
    expect([...ticked.file.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [row] = ticked.rows();
    expect(Object.values(row!)).toEqual([
      String((await list(he, 'all')).rows.find((r) => r.id === two)!.number),
      '普通，"引号"',
      '低',
      '已联系',
    ]);

    const urgent = await ask(he, {
      fields: ['subject', 'description', 'customer'],
      select: { ...all, filter: [{ field: 'priority', any: ['urgent'] }] },
      locale: 'zh-CN',
    });
    const found = urgent.rows().map((r) => Object.values(r));
    expect(found).toHaveLength(
      (
        await he.read('tickets.list', {
          list: 'all',
          text: '',
          filter: [{ field: 'priority', any: ['urgent'] }],
          due: 'all',
          sort: 'updated',
          descending: true,
          offset: 0,
          limit: 1,
        })
      ).total,
    );
    // R20: shown as text, not run.
    expect(found).toContainEqual([`'=HYPERLINK("http://x")`, '第一行\n第二行', '周砚秋']);
  });

  test('X18 an agent gets nothing, nor a leader what is not of the own group; offline it is said; and nothing is left of it', async () => {
    const denied = await ask(lin, { fields: ['subject'], select: all, locale: 'zh-CN' });
    expect([denied.state, denied.file.state]).toMatchObject([{ phase: 'failed', reason: 'forbidden' }, 'aborted']);
    const ji = await office.device('ji');
    const foreign = await newTicket(ji, '二组的机密');
    await numbered(ji, foreign);
    const asked = await ask(he, { fields: ['subject'], select: { by: 'ids', ids: [foreign] }, locale: 'zh-CN' });
    expect(asked.rows()).toEqual([]);
    const { transport, trouble } = troubledTransport();
    const away = await office.device('he', { transport });
    trouble.offline = true;
    const offline = await ask(away, { fields: ['subject'], select: all, locale: 'zh-CN' });
    expect([offline.state, offline.file.state]).toMatchObject([{ phase: 'failed', reason: 'offline' }, 'aborted']);
  });

  test('X19 a full disk is said, and no half file stands under the name', async () => {
    he.host.diskFull = true;
    const full = await ask(he, { fields: ['subject'], select: all, locale: 'en-US' });
    he.host.diskFull = false;
    expect([full.state, full.file.state]).toMatchObject([{ phase: 'failed', reason: 'disk' }, 'aborted']);
  });
});
