import type { Attachment } from '../attachments.ts';
import type { CustomField } from '../custom-fields.ts';
import type { Account, Actor } from '../people.ts';
import { type Callback, type Customer, defaultParameters, type Parameters, type Ticket, type TicketEvent } from '../tickets.ts';
import type { Command, CommandArgs, CommandKind } from './command.ts';
import type { DecisionState } from './state.ts';

// A small world for the tests of the rules; not used by the program.

export const NOW = 1_800_000_000_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const TTL = 3 * DAY;

export const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const G1 = 'g1';
const G2 = 'g2';
export const TICKET = uuid(1);
export const CUSTOMER = uuid(2);
export const CALLBACK = uuid(3);
export const FILE = uuid(5);

const staff = (n: number, role: Account['role'], groupIds: readonly string[], disabled = false): Account => ({
  id: uuid(n),
  staffNo: `A${n}`,
  name: `n${n}`,
  role,
  groupIds,
  priorityGroupId: groupIds[0]!,
  disabled,
  duty: 'on',
  dutySince: null,
});

export const holder = staff(10, 'agent', [G1]);
export const colleague = staff(11, 'agent', [G1]);
export const stranger = staff(12, 'agent', [G2]);
export const leader = staff(13, 'leader', [G1]);
export const outside = staff(14, 'leader', [G2]);
export const qa = staff(15, 'qa', [G2]);
export const admin = staff(16, 'admin', [G2]);
export const gone = staff(17, 'agent', [G1], true);
export const both = staff(18, 'agent', [G2, G1]);

export const actors = {
  holder,
  colleague,
  stranger,
  leader,
  outside,
  qa,
  admin,
  system: { role: 'system' },
  channel: { role: 'channel' },
  disabled: { ...holder, disabled: true },
} satisfies Record<string, Actor>;
export type ActorName = keyof typeof actors;

export const stateNames = ['pending', 'processing', 'waiting', 'resolved', 'closed', 'released', 'suspended', 'deleted'] as const;
export type StateName = (typeof stateNames)[number];

export const baseTicket: Ticket = {
  id: TICKET,
  number: 100_001,
  subject: '晚间掉线',
  description: '',
  category: '宽带',
  nature: 'incident',
  priority: 'normal',
  source: 'phone',
  status: 'pending',
  customerId: CUSTOMER,
  assigneeId: holder.id,
  groupId: G1,
  createdBy: uuid(99),
  createdAt: NOW - 10 * DAY,
  updatedAt: NOW - 5 * DAY,
  // In the past, so that expiring is possible; all else ignores it.
  dueAt: NOW - HOUR,
  nextAt: NOW - HOUR,
  resolvedAt: null,
  invalid: false,
  expiredFrom: null,
  custom: { 片区: '雨润' },
  deletedAt: null,
  version: 4,
};

export const baseCustomer: Customer = {
  id: CUSTOMER,
  name: '周砚秋',
  phones: ['13800006021'],
  emails: [],
  address: '',
  tier: '金卡客户',
  ownerId: holder.id,
  groupId: G1,
  source: 'phone',
  invalidReleases: 0,
  invalidAt: null,
  invalidBy: null,
  releasedBy: [],
  createdAt: NOW - 20 * DAY,
  updatedAt: NOW - 20 * DAY,
};

export const baseCallback: Callback = {
  id: CALLBACK,
  ticketId: TICKET,
  customerId: CUSTOMER,
  assigneeId: holder.id,
  dueAt: NOW + 2 * HOUR,
  note: '确认上门时段',
  outcome: null,
  outcomeNote: '',
  snoozes: 0,
  createdAt: NOW - DAY,
  closedAt: null,
};

export const baseEvent: TicketEvent = {
  id: uuid(50),
  ticketId: TICKET,
  actorId: uuid(99),
  command: 'create',
  note: '',
  changes: {},
  occurredAt: NOW - 10 * DAY,
  receivedAt: NOW - 10 * DAY,
};

export const baseAttachment: Attachment = {
  id: FILE,
  ticketId: TICKET,
  eventId: uuid(51),
  name: '光猫.png',
  size: 1000,
  sha256: 'a'.repeat(64),
  type: 'image/png',
  createdBy: holder.id,
  createdAt: NOW - DAY,
  removedAt: null,
};

export const PLACE: CustomField = {
  id: '片区',
  name: '片区',
  type: 'text',
  options: [],
  required: false,
  position: 1,
  removedAt: null,
  updatedAt: NOW - 30 * DAY,
};

const everyone = [holder, colleague, stranger, leader, outside, qa, admin, gone, both];

export interface Changes {
  readonly ticket?: Partial<Ticket> | null;
  readonly customer?: Partial<Customer> | null;
  readonly callbacks?: readonly Callback[];
  readonly attachments?: readonly Attachment[];
  readonly events?: readonly TicketEvent[];
  readonly parameters?: Partial<Parameters>;
}

export const world = (changes: Changes = {}): DecisionState => ({
  ticket: changes.ticket === null ? null : { ...baseTicket, ...changes.ticket },
  customer: changes.customer === null ? null : { ...baseCustomer, ...changes.customer },
  callbacks: changes.callbacks ?? [baseCallback],
  attachments: changes.attachments ?? [baseAttachment],
  events: changes.events ?? [baseEvent],
  parameters: { ...defaultParameters, ...changes.parameters },
  fields: [PLACE, { ...PLACE, id: '上门时段', name: '上门时段' }],
  openElsewhere: 0,
  twinOf: () => null,
  account: (id) => everyone.find((a) => a.id === id) ?? null,
});

export function stateOf(name: StateName): DecisionState {
  if (name === 'deleted') return world({ ticket: { deletedAt: NOW - DAY } });
  if (name === 'resolved' || name === 'closed') return world({ ticket: { status: name, resolvedAt: NOW - 4 * DAY } });
  if (name === 'released')
    return world({
      ticket: { status: name, assigneeId: null },
      customer: { ownerId: null },
      callbacks: [{ ...baseCallback, outcome: 'cancelled', closedAt: NOW - DAY }],
    });
  return world({ ticket: { status: name } });
}

export const argsFor: { readonly [K in CommandKind]: CommandArgs<K> } = {
  create: {
    customerId: CUSTOMER,
    subject: '新工单',
    description: '',
    category: '宽带',
    nature: 'incident',
    priority: 'normal',
    source: 'phone',
    groupId: G1,
    assigneeId: holder.id,
  },
  claimCustomer: { customerId: CUSTOMER, subject: '跟进' },
  withdraw: { reason: '' },
  handOver: { toId: colleague.id, note: '' },
  claim: {},
  assign: { toId: colleague.id, note: '' },
  update: { note: '联系客户', changes: [], waiting: false },
  note: { note: '备注' },
  resolve: { report: '修好了' },
  transfer: { toId: colleague.id, reason: '片区调整' },
  release: { reason: '' },
  invalidate: { reason: '空号' },
  expire: {},
  reopen: { reason: '故障复现' },
  review: { verdict: 'close', note: '' },
  autoClose: {},
  customerReply: { text: '还没好' },
  scheduleCallback: { callbackId: uuid(4), dueAt: NOW + HOUR, note: '' },
  rescheduleCallback: { callbackId: CALLBACK, from: NOW + 2 * HOUR, dueAt: NOW + 3 * HOUR },
  completeCallback: { callbackId: CALLBACK, outcome: 'done', note: '' },
  cancelCallback: { callbackId: CALLBACK, reason: '' },
  attach: { files: [{ id: uuid(6), name: '账单.pdf', size: 2000, sha256: 'b'.repeat(64), type: 'application/pdf' }] },
  removeAttachment: { attachmentId: FILE },
  undo: { eventId: uuid(60) },
};

export const COMMAND = uuid(70);
export const commandOf = <K extends CommandKind>(kind: K, args: CommandArgs<K>, occurredAt = NOW): Command =>
  ({ id: COMMAND, kind, ticketId: TICKET, args, occurredAt }) as unknown as Command;
export const groups = { one: G1, two: G2 } as const;
