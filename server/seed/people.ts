import type { Account, Role, StaffGroup } from '../../shared/domain/people.ts';
import type { Customer } from '../../shared/domain/tickets.ts';
import type { Chance } from './random.ts';
import { areas, givenNames, streets, surnames, tiers } from './texts.ts';

/** Every account of the demo signs in with it. */
export const DEMO_PASSWORD = 'demo-2026';
/** 林知夏, whose desk is filled best. */
export const DEMO_AGENT = 'A20817';
export const DEMO_LEADER = 'L20101';
export const DEMO_QA = 'Q20101';
export const DEMO_ADMIN = 'G20001';

export interface DemoStaff {
  readonly groups: readonly StaffGroup[];
  readonly accounts: readonly Account[];
  readonly main: Account;
  readonly admin: Account;
  agentsOf(groupId: string): readonly Account[];
  leaderOf(groupId: string): Account;
}

const agentNames = [
  '苏见微',
  '秦朗月',
  '温如玉',
  '蒋牧野',
  '魏时雨',
  '邵明轩',
  '叶清和',
  '许南乔',
  '唐予安',
  '顾小满',
  '宋知行',
  '江晚舟',
  '罗听雨',
  '白一鸣',
  '洛川',
  '程嘉木',
  '韩景行',
];

export function makeStaff(chance: Chance, since: number): DemoStaff {
  const groups: StaffGroup[] = ['宽带一组', '家电二组', '投诉组'].map((name) => ({ id: chance.id(since), name }));
  const [broadband, appliances, complaints] = groups as [StaffGroup, StaffGroup, StaffGroup];
  const make = (staffNo: string, name: string, role: Role, groupIds: readonly string[]): Account => ({
    id: chance.id(since),
    staffNo,
    name,
    role,
    groupIds,
    priorityGroupId: groupIds[0]!,
    disabled: false,
    duty: 'on',
    dutySince: null,
  });
  const all = groups.map((g) => g.id);
  const main = make(DEMO_AGENT, '林知夏', 'agent', [broadband.id, appliances.id]);
  const admin = make(DEMO_ADMIN, '方立诚', 'admin', all);
  const leaders = [
    make(DEMO_LEADER, '贺云开', 'leader', [broadband.id]),
    make('L20102', '陆修远', 'leader', [appliances.id]),
    make('L20103', '沈怀瑾', 'leader', [complaints.id]),
  ];
  // Some sit in two groups.
  const places = [
    [broadband],
    [broadband],
    [broadband],
    [broadband, complaints],
    [broadband],
    [appliances],
    [appliances],
    [appliances],
    [appliances, broadband],
    [appliances],
    [appliances],
    [complaints],
    [complaints],
    [complaints],
    [complaints, appliances],
    [complaints],
    [broadband],
  ];
  const agents = agentNames.map((name, i) =>
    make(
      `A208${String(i + (i >= 16 ? 2 : 1)).padStart(2, '0')}`,
      name,
      'agent',
      places[i]!.map((g) => g.id),
    ),
  );
  const qa = [make(DEMO_QA, '曹思源', 'qa', all), make('Q20102', '丁若溪', 'qa', all)];
  const accounts = [admin, ...qa, ...leaders, main, ...agents];
  return {
    groups,
    accounts,
    main,
    admin,
    agentsOf: (groupId) => accounts.filter((a) => a.role === 'agent' && a.groupIds.includes(groupId)),
    leaderOf: (groupId) => leaders.find((l) => l.groupIds.includes(groupId))!,
  };
}

export function makeCustomer(chance: Chance, at: number): Customer {
  const phone = (): string =>
    `1${chance.pick(['33', '38', '39', '50', '58', '77', '86', '89'])}${String(chance.int(0, 99_999_999)).padStart(8, '0')}`;
  return {
    id: chance.id(at),
    name: chance.pick(surnames) + chance.pick(givenNames),
    phones: chance.hit(0.15) ? [phone(), phone()] : [phone()],
    emails: chance.hit(0.2) ? [`kehu${chance.int(1000, 9999)}@mail.example`] : [],
    address: `${chance.pick(areas)} · ${chance.pick(streets)} ${chance.int(1, 28)} 栋 ${chance.int(1, 32)}0${chance.int(1, 4)} 室`,
    tier: chance.pick(tiers),
    ownerId: null,
    groupId: null,
    source: chance.pick(['phone', 'phone', 'phone', 'app', 'wechat', 'chat', 'form', 'email']),
    invalidReleases: 0,
    invalidAt: null,
    invalidBy: null,
    releasedBy: [],
    createdAt: at,
    updatedAt: at,
  };
}
