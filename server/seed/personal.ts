import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { Phrase, SavedSearch } from '../../shared/domain/personal.ts';
import type { ListName, SortColumn } from '../../shared/domain/ticket-state.ts';
import { demoField } from './custom-fields.ts';
import { DEMO_LEADER, type DemoStaff } from './people.ts';
import type { Chance } from './random.ts';

const shared: readonly (readonly [string, string])[] = [
  ['开场', '您好，这里是云启客服中心，请问有什么可以帮您？'],
  ['核对身份', '为了保护您的信息，请您告诉我登记的姓名和地址。'],
  ['稍等', '请您稍等，我马上为您查询。'],
  ['久等了', '感谢您的耐心等待，查询结果如下：'],
  ['已派单', '您的问题我已经记录并派单，师傅会在两小时内与您联系。'],
  ['改期', '您预约的上门时间已改为：'],
  ['配件在途', '您需要的配件正在路上，到货后我们会第一时间通知您。'],
  ['资费说明', '您当前套餐的费用构成是：'],
  ['致歉', '给您带来不便，我们深表歉意，一定跟进到底。'],
  ['打扰了', '不好意思，打扰您了，我们改天再与您联系。'],
  ['回访', '您好，想了解一下上次的问题是否已经解决，您对服务还满意吗？'],
  ['结束', '感谢您的来电，祝您生活愉快，再见。'],
];

const own: readonly (readonly [string, string])[] = [
  ['测速步骤', '请用网线直连光猫，打开测速页面，连续测三次，把结果告诉我。'],
  ['光猫复位', '请按住光猫背后的复位孔五秒，等指示灯全部亮起后再试。'],
  ['今晚回电', '我今晚八点前给您回电话，请保持手机畅通。'],
  ['转二线', '这个问题需要二线工程师处理，我已经转过去，明天中午前会有结果。'],
];

export function demoPhrases(chance: Chance, main: Account, since: number): readonly Phrase[] {
  const make =
    (ownerId: string | null) =>
    ([title, text]: readonly [string, string], i: number): Phrase => ({
      id: chance.id(since),
      ownerId,
      title,
      text,
      position: i + 1,
      updatedAt: since,
    });
  return [...shared.map(make(null)), ...own.map(make(main.id))];
}

export function demoSearches(chance: Chance, staff: DemoStaff, since: number): readonly SavedSearch[] {
  const positions = new Map<string, number>();
  const make = (by: Account, name: string, list: ListName, sort: SortColumn, filter: TicketFilter, text = ''): SavedSearch => {
    const position = (positions.get(by.id) ?? 0) + 1;
    positions.set(by.id, position);
    return {
      id: chance.id(since),
      accountId: by.id,
      name,
      list,
      text,
      filter,
      sort,
      descending: sort === 'updated',
      position,
      updatedAt: since,
    };
  };
  const { main } = staff;
  const leader = staff.accounts.find((a) => a.staffNo === DEMO_LEADER)!;
  return [
    make(main, '今天要回电', 'processing', 'next', [{ field: 'callbackAt', at: { relative: 'today' } }]),
    make(main, '紧急和高', 'processing', 'due', [{ field: 'priority', any: ['urgent', 'high'] }]),
    make(main, '金卡客户', 'processing', 'next', [{ field: 'tier', any: ['金卡客户'] }]),
    make(main, '雨润片区', 'processing', 'updated', [
      { field: 'custom', key: demoField('片区').id, test: { op: 'any', values: ['雨润片区'] } },
    ]),
    make(leader, '本组逾期', 'all', 'due', [
      { field: 'status', any: ['pending', 'processing', 'waiting'] },
      { field: 'nextAt', at: { relative: 'overdue' } },
    ]),
    make(leader, '待审核的投诉', 'review', 'resolved', [{ field: 'nature', any: ['problem'] }]),
    make(leader, '光猫', 'all', 'updated', [], '光猫'),
  ];
}
