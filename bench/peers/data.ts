// The one data set that every engine gets: seeded, Chinese text, no network. Each run makes the same rows in each process.

/** The fixed present of the data, epoch ms: 10:00 in Asia/Shanghai. */
export const NOW = Date.UTC(2026, 10, 20, 2, 0, 0);
export const ZONE = 'Asia/Shanghai';
const MINUTE = 60_000;
const DAY = 86_400_000;
const MIDNIGHT = NOW - 10 * 60 * MINUTE;

const statuses = ['new', 'open', 'pending', 'solved', 'closed'] as const;
const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export const regions = ['华东', '华北', '华南', '西南', '西北'] as const;
export const channels = ['电话', '微信', '网页', '门店'] as const;

/** A ticket as the peers get it: its customer inside it, times in epoch ms. */
export interface SampleTicket {
  readonly id: string;
  readonly number: string;
  readonly subject: string;
  description: string;
  status: (typeof statuses)[number];
  readonly priority: (typeof priorities)[number];
  readonly category: string;
  readonly customer: { readonly id: string; readonly name: string; readonly phone: string };
  readonly assigneeId: string;
  readonly groupId: string;
  readonly createdAt: number;
  updatedAt: number;
  dueAt: number | null;
  /** Never before `dueAt`, so that the desk's order by 时限 and an order by `dueAt` are one. */
  callbackAt: number | null;
  readonly custom: {
    readonly region: (typeof regions)[number];
    readonly channel: (typeof channels)[number];
    readonly vip: boolean;
    readonly amount: number;
    readonly note: string;
  };
  /** Place in the feed. */
  seq: number;
  /** How often it was changed. */
  rev: number;
}

export const ACCOUNTS = 50;
export const GROUPS = 8;
/** Whose list and counts are measured. */
export const ME = 'a7';

/** Stands in one ticket of 5,000. */
export const RARE = '熔炉';
/** Stands in about one ticket of sixteen. */
export const COMMON = '退款';
export const NOWHERE = '绝无';

/** The six windows of the desk, [name, from, to): due dates and callbacks of my open tickets are counted in each. */
export const WINDOWS: readonly (readonly [name: string, from: number, to: number])[] = [
  ['past30', MIDNIGHT - 30 * DAY, MIDNIGHT],
  ['past7', MIDNIGHT - 7 * DAY, MIDNIGHT],
  ['yesterday', MIDNIGHT - DAY, MIDNIGHT],
  ['today', MIDNIGHT, MIDNIGHT + DAY],
  ['next3', MIDNIGHT, MIDNIGHT + 3 * DAY],
  ['next7', MIDNIGHT, MIDNIGHT + 7 * DAY],
];

export const isOpen = (ticket: Pick<SampleTicket, 'status'>): boolean => ticket.status !== 'solved' && ticket.status !== 'closed';

type Random = () => number;

/** Mulberry32. @returns numbers in [0, 1) */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
const givenNames = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建文玲红玉'];
const products = '空调 洗衣机 冰箱 宽带 路由器 会员卡 电饭煲 热水器 手机 平板电脑 耳机 充电器 智能门锁 机顶盒 净水器 扫地机器人'.split(' ');
const troubles =
  '无法开机 漏水严重 噪音很大 信号中断 无法登录 重复扣费 发票抬头错误 物流超时 配件缺失 屏幕碎裂 密码忘记 账户被冻结 维修未到场 申请换货 安装预约 地址修改 积分未到账 优惠券失效'.split(
    ' ',
  );
const sentences = [
  '客户来电反映该问题已持续三天',
  '要求尽快安排工程师上门处理',
  '已告知客户需提供购买凭证',
  '核实系统显示订单状态为已签收',
  '客户情绪较为激动请优先跟进',
  '已升级至二线技术支持',
  '承诺二十四小时内回电',
  '建议重启设备后观察',
  '客户表示不接受该方案',
  '需与仓库确认库存情况',
  '上次处理结果不满意要求重新派单',
  '请财务同事协助核对账单明细',
  '已发送短信通知客户',
  '客户希望更换收货地址',
  '设备序列号已登记',
  '远程诊断未发现异常',
  '等待供应商反馈',
  '客户要求开具增值税专用发票',
  '保修期内免费更换',
  '经沟通客户同意延期处理',
  '请在下班前完成回访',
  '电话无人接听稍后再次联系',
  '客户提供了现场照片',
  '疑似线路老化导致',
  '建议现场检测后再确定方案',
  '系统升级期间出现异常',
  '历史工单中有相同记录',
  '门店反馈缺货',
  '客户投诉服务态度',
  '协商后补偿五十元代金券',
];
const refunds = ['客户申请退款', '退款尚未到账请核实', '要求全额退款', '退款金额与订单不符', '已提交退款审核'];
const categories = ['售后', '账单', '物流', '技术', '投诉', '咨询', '安装', '会员'];

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const upTo = (random: Random, most: number): number => Math.floor(random() * most);

function hex(random: Random, length: number): string {
  let text = '';
  while (text.length < length)
    text += Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, length);
}

/** Random characters, common ones more often: they widen the vocabulary of pairs as names and places do. */
function characters(random: Random, length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) text += String.fromCharCode(0x4e00 + Math.floor(random() * random() * 6000));
  return text;
}

function description(random: Random, index: number): string {
  const length = 20 + Math.floor(random() * random() * 180);
  let text = random() < 0.06 ? `${pick(random, refunds)}，` : '';
  if (index % 5000 === 17) text += `附近${RARE}车间，`;
  while (text.length < length) {
    const kind = random();
    if (kind < 0.7) text += pick(random, sentences);
    else if (kind < 0.85) text += pick(random, products) + pick(random, troubles);
    else if (kind < 0.95) text += `地点${characters(random, 3 + upTo(random, 5))}路${upTo(random, 999)}号`;
    else text += `订单号DD${upTo(random, 1e9)}`;
    text += random() < 0.7 ? '，' : '。';
  }
  return text.slice(0, 200);
}

const dueDate = (random: Random): number => NOW + Math.floor((random() - 0.3) * 20 * DAY);
const callbackAfter = (random: Random, dueAt: number): number => dueAt + upTo(random, 3 * DAY);

function statusOf(part: number): SampleTicket['status'] {
  if (part < 0.08) return 'new';
  if (part < 0.22) return 'open';
  if (part < 0.3) return 'pending';
  return part < 0.6 ? 'solved' : 'closed';
}

function makeTicket(index: number, size: number, random: Random): SampleTicket {
  const updatedAt = NOW - (size - index) * MINUTE;
  const createdAt = updatedAt - upTo(random, 30 * DAY);
  const status = statusOf(random());
  const time = createdAt.toString(16).padStart(12, '0');
  const dueAt = random() < 0.15 ? null : dueDate(random);
  return {
    id: `${time.slice(0, 8)}-${time.slice(8)}-7${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`,
    number: `GD${String(index + 1).padStart(8, '0')}`,
    subject: pick(random, products) + pick(random, troubles) + (random() < 0.3 ? characters(random, 4) : ''),
    description: description(random, index),
    status,
    priority: pick(random, priorities),
    category: pick(random, categories),
    customer: {
      id: `c${upTo(random, size / 3)}`,
      name: pick(random, surnames) + pick(random, givenNames) + (random() < 0.6 ? pick(random, givenNames) : ''),
      phone: `13${String(upTo(random, 1e9)).padStart(9, '0')}`,
    },
    assigneeId: `a${upTo(random, ACCOUNTS)}`,
    groupId: `g${upTo(random, GROUPS)}`,
    createdAt,
    updatedAt,
    dueAt,
    callbackAt: dueAt === null || random() < 0.65 ? null : callbackAfter(random, dueAt),
    custom: {
      region: pick(random, regions),
      channel: pick(random, channels),
      vip: random() < 0.1,
      amount: Math.round(random() * 1e5) / 100,
      note: characters(random, 6),
    },
    seq: index + 1,
    rev: 0,
  };
}

/** All tickets, one by one: a million of them need not be held at once. */
export function* streamTickets(size: number): Generator<SampleTicket, void> {
  const random = seeded(42);
  for (let index = 0; index < size; index += 1) yield makeTicket(index, size, random);
}

export const makeTickets = (size: number): SampleTicket[] => [...streamTickets(size)];

/** What was noted on a ticket, oldest first; some sentences each. */
export function makeNotes(index: number, count: number): string[] {
  const random = seeded(5_000_000 + index);
  return Array.from({ length: count }, () => Array.from({ length: 1 + upTo(random, 2) }, () => pick(random, sentences)).join('，'));
}

/** So many tickets change at once; all of them if there are fewer. */
export const CHANGES = 1000;
/** How often that happens in one run. */
export const ROUNDS = 3;

/**
 * Changes some tickets in place: status and due date, of every fifth the description too.
 * @param round from 1; the same round changes the same tickets @param firstSeq of the first changed one
 * @returns those that changed, in the order of their new `seq`
 */
export function changeSome(tickets: readonly SampleTicket[], round: number, firstSeq: number): SampleTicket[] {
  const random = seeded(1000 + round);
  const changed = new Set<SampleTicket>();
  const count = Math.min(CHANGES, tickets.length);
  while (changed.size < count) {
    const ticket = pick(random, tickets);
    if (changed.has(ticket)) continue;
    ticket.status = pick(random, statuses);
    ticket.updatedAt = NOW + round * CHANGES + changed.size;
    ticket.dueAt = dueDate(random);
    if (ticket.callbackAt !== null) ticket.callbackAt = callbackAfter(random, ticket.dueAt);
    if (random() < 0.2) ticket.description = description(random, 1);
    ticket.seq = firstSeq + changed.size;
    ticket.rev = round;
    changed.add(ticket);
  }
  return [...changed];
}

/** A ticket that is made on the device. */
export function makeDraft(index: number): SampleTicket {
  const random = seeded(9_000_000 + index);
  const at = NOW + 10 * DAY + index;
  const made = makeTicket(index, 1000, random);
  return { ...made, id: `draft-${index}-${hex(random, 8)}`, number: '', status: 'new', createdAt: at, updatedAt: at, seq: 0 };
}
