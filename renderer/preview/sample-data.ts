import type { Callback, Customer, Nature, Priority, Source, Ticket, TicketEvent, TicketStatus } from '../../shared/domain/tickets.ts';
import type { Account } from '../../shared/domain/people.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

/** Commands take only real ids. */
export const uid = (short: string): string =>
  `00000000-0000-7000-8000-${[...short]
    .map((c) => c.charCodeAt(0).toString(16))
    .join('')
    .padStart(12, '0')}`;

const person = (id: string, staffNo: string, name: string, role: Account['role'], group: string, disabled = false): Account => ({
  id: uid(id),
  staffNo,
  name,
  role,
  groupIds: [uid(group)],
  priorityGroupId: uid(group),
  disabled,
});

export const groups = [
  { id: uid('g1'), name: '宽带一组' },
  { id: uid('g2'), name: '家电二组' },
];
export const accounts: readonly Account[] = [
  person('a1', 'A20817', '林知夏', 'agent', 'g1'),
  person('a2', 'L20101', '贺云开', 'leader', 'g1'),
  person('a3', 'A20633', '江晚舟', 'agent', 'g1'),
  person('a4', 'A20718', '白露', 'agent', 'g1'),
  person('a5', 'A20902', '季远航', 'agent', 'g1'),
  person('a6', 'A20655', '乔木', 'agent', 'g2'),
  person('a7', 'A20660', '童安', 'agent', 'g2', true),
  person('a8', 'Q20003', '尹长风', 'qa', 'g2'),
];
export const categories = [
  '宽带 · 断网',
  '宽带 · 掉线',
  '宽带 · 资费',
  '宽带 · 组网',
  '空调 · 维修',
  '空调 · 安装',
  '热水器 · 维修',
  '洗衣机 · 维修',
  '烟机 · 费用',
  '投诉 · 服务',
  '电视 · 卡顿',
  '其他 · 发票',
];

const subjects: readonly (readonly [string, string, string])[] = [
  ['光猫红灯常亮，重启无效，已催两次', '宽带 · 断网', '郭远山 先生'],
  ['空调装完滴水到地板，要求当天上门', '空调 · 安装', '沈栖迟 女士'],
  ['第二次投诉：装维未按约定时间到', '投诉 · 服务', '叶清和 女士'],
  ['空调制冷差，等配件到货时间回告', '空调 · 维修', '许南乔 先生'],
  ['晚间 8 点后频繁掉线，千兆测速不到 100M', '宽带 · 掉线', '周砚秋 女士'],
  ['路由器换新后电视盒子连不上', '宽带 · 组网', '唐予安 先生'],
  ['新装宽带预约改期，改为周五下午', '宽带 · 组网', '顾小满 女士'],
  ['洗衣机脱水异响，保修期内，要求换机', '洗衣机 · 维修', '宋知行 先生'],
  ['抽油烟机安装费与报价不一致', '烟机 · 费用', '江晚晴 女士'],
  ['热水器 E4 报警，现场已断电', '热水器 · 维修', '罗听雨 女士'],
  ['搬家移机，旧址月底前停用', '宽带 · 组网', '白一鸣 先生'],
  ['集成灶打火异响，装好第二天出现', '烟机 · 费用', '洛川 先生'],
  ['FTTR 从光猫卧室不亮灯，换过位置仍不行', '宽带 · 组网', '贺棠 女士'],
  ['冰箱门封条老化，等待寄件单号', '其他 · 发票', '邵明轩 先生'],
  ['千兆套餐资费争议，要求核对 9 月账单，并说明两次自动续约分别是谁办理的、为什么没有短信通知', '宽带 · 资费', '秦朗月 女士'],
  ['IPTV 回看卡顿，客户自行重置过', '电视 · 卡顿', '温如玉 女士'],
  ['装机师傅未穿鞋套，要求致歉', '投诉 · 服务', '蒋牧野 先生'],
  ['空调移机后遥控失灵', '空调 · 安装', '苏见微 女士'],
  ['燃气灶点火后自熄，预约上门检测', '烟机 · 费用', '魏时雨 女士'],
  ['光猫换新后公网地址丢失，影响监控', '宽带 · 组网', '方若溪 女士'],
  ['停机保号到期，咨询复机与欠费', '宽带 · 资费', '何青禾 先生'],
  ['新房预埋光纤不通，需施工队核线', '宽带 · 断网', '陈默言 先生'],
  ['套餐到期自动续约，要求退回差价', '宽带 · 资费', '陆云归 先生'],
  ['宽带提速后上行未生效', '宽带 · 掉线', '殷若谷 先生'],
];
const places = ['雨润片区 · 云锦苑 7 栋', '高新片区 · 听松苑 12 栋', '高新片区 · 梧桐里 3 栋', '滨湖片区 · 望江府 2 栋'];
const sources: readonly Source[] = ['phone', 'wechat', 'app', 'form', 'phone', 'email'];
const priorities: readonly Priority[] = ['normal', 'high', 'normal', 'normal', 'low'];
const natures: readonly Nature[] = ['incident', 'problem', 'question', 'task'];
/** Minutes from now of the callback or the deadline, as a day at the desk would have them. */
const dues = [
  -41, -26, -12, -1, 18, 41, 89, 112, 134, 179, 214, 269, 329, 1109, 1169, 1229, 1470, 1560, 2549, 2580, 2670, 2820, 2970, 3090,
];

export interface Sample {
  tickets: Ticket[];
  readonly customers: Customer[];
  callbacks: Callback[];
  readonly events: Map<string, TicketEvent[]>;
  readonly drafts: Map<string, { value: string; savedAt: number }>;
  readonly unseen: Set<string>;
  readonly pending: Set<string>;
  readonly transfers: { id: string; ticketId: string; toName: string; at: number; reason: string }[];
}

/** Invented. @param many how many tickets in 处理中. */
export function sampleData(now: number, many: number): Sample {
  const sample: Sample = {
    tickets: [],
    customers: [],
    callbacks: [],
    events: new Map(),
    drafts: new Map(),
    unseen: new Set(),
    pending: new Set(),
    transfers: [],
  };
  const add = (i: number, status: TicketStatus, who: string): Ticket => {
    const assigneeId = uid(who);
    const [subject, category, customerName] = subjects[i % subjects.length]!;
    const id = `t${sample.tickets.length}`;
    const due = now + (dues[i % dues.length]! + Math.floor(i / dues.length) * 1440) * MIN;
    const callback = i % 3 !== 1;
    const customer: Customer = {
      id: uid(`c${id}`),
      name: customerName,
      phones: [`138${String(10_246_021 + i * 7919).slice(0, 8)}`],
      emails: [],
      address: places[i % places.length]!,
      tier: i % 4 === 0 ? '金卡客户' : '普通客户',
      ownerId: assigneeId,
      source: 'phone',
      invalidReleases: i % 5 === 4 ? 1 : 0,
      invalidAt: null,
      invalidBy: null,
      releasedBy: [],
      createdAt: now - 90 * DAY,
      updatedAt: now - DAY,
    };
    const open = status === 'pending' || status === 'processing' || status === 'waiting';
    const ticket: Ticket = {
      id,
      number: 103_400 + ((i * 53) % 190),
      subject,
      description:
        i % 2 === 0
          ? '客户来电反映晚间高峰时段网络频繁中断，已自行重启光猫和路由器，问题依旧。家里有孩子上网课，希望尽快安排上门，并在上门前电话确认时间。'
          : '',
      category,
      nature: natures[i % natures.length]!,
      priority: i === 0 ? 'urgent' : priorities[i % priorities.length]!,
      source: sources[i % sources.length]!,
      status,
      customerId: customer.id,
      assigneeId,
      groupId: uid('g1'),
      createdBy: null,
      createdAt: now - (i + 3) * 3 * HOUR,
      updatedAt: now - (i * 11 + 3) * MIN,
      dueAt: open ? (callback ? due + 5 * HOUR : due) : null,
      nextAt: open ? due : null,
      resolvedAt: status === 'resolved' ? now - i * HOUR : null,
      invalid: false,
      expiredFrom: null,
      custom: i % 2 === 0 ? { 光猫型号: 'HG-6145F', 上门时段: '今天 19:00–21:00' } : {},
      deletedAt: null,
      version: 1,
    };
    sample.tickets.push(ticket);
    sample.customers.push(customer);
    if (callback && open)
      sample.callbacks.push({
        id: uid(`b${id}`),
        ticketId: id,
        customerId: customer.id,
        assigneeId,
        dueAt: due,
        note: '告知客户装维到场时间',
        outcome: null,
        outcomeNote: '',
        snoozes: i % 4 === 0 ? 1 : 0,
        createdAt: now - HOUR,
        closedAt: null,
      });
    const event = (
      n: number,
      actorId: string | null,
      command: string,
      note: string,
      ago: number,
      changes: TicketEvent['changes'] = {},
      late = 0,
    ): TicketEvent => ({
      id: `e${id}${n}`,
      ticketId: id,
      actorId,
      command,
      note,
      changes,
      occurredAt: now - ago,
      receivedAt: now - ago + late,
    });
    sample.events.set(id, [
      event(
        1,
        assigneeId,
        'update',
        '远程复位光猫后仍掉线，下行 92 Mbps。客户同意今晚上门。',
        19 * MIN,
        { priority: { from: 'normal', to: 'high' } },
        12 * MIN,
      ),
      event(2, '~', 'customerReply', '第二次来电，晚上孩子要上网课，希望今天解决。', 51 * MIN),
      event(3, uid('a2'), 'assign', '原在公共池，备注：优先安排。', 3.4 * HOUR, { assigneeId: { from: null, to: '林知夏' } }),
      event(4, null, 'create', '', 18 * HOUR),
    ]);
    return ticket;
  };
  for (let i = 0; i < many; i++) add(i, i === 2 || i === 3 || i === 9 || i === 13 ? 'waiting' : 'processing', 'a1');
  for (let i = 5; i < 17; i++) add(i, 'pending', 'a1');
  for (let i = 0; i < 26; i++) add(i, i % 6 === 5 ? 'closed' : 'resolved', 'a1');
  for (const [n, who] of ['a3', 'a4', 'a5', 'a6'].entries())
    for (let i = n; i < 20; i += 3) add(i, i % 4 === 0 ? 'pending' : 'processing', who);
  for (const id of ['t5', 't18']) sample.unseen.add(id);
  sample.drafts.set('ticket:t7', {
    value: JSON.stringify({ note: '已报厂家换机，等', waiting: false, changes: [], callbackNote: '' }),
    savedAt: now - 8 * MIN,
  });
  for (let i = 0; i < 4; i++)
    sample.transfers.push({
      id: `x${i}`,
      ticketId: `t${many + 14 + i}`,
      toName: accounts[2 + (i % 3)]!.name,
      at: now - (i + 1) * 7 * HOUR,
      reason: i % 2 === 0 ? '客户要求同一位师傅跟进，转回原受理人' : '',
    });
  return sample;
}
