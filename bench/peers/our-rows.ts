import type { CustomField } from '../../shared/domain/custom-fields.ts';
import type { Account, StaffGroup } from '../../shared/domain/people.ts';
import type { SessionResponse } from '../../shared/protocol/wire.ts';
import { nextAtOf } from '../../shared/domain/ticket-state.ts';
import {
  type Callback,
  type Customer,
  defaultParameters,
  type Parameters,
  type Source,
  type Ticket,
  type TicketEvent,
} from '../../shared/domain/tickets.ts';
import { ACCOUNTS, channels, GROUPS, isOpen, makeNotes, ME, NOW, regions, type SampleTicket } from './data.ts';

// The data set as rows of this project. Open tickets are in hand (处理中, or 等待 where the peers say pending), so that 处理中 is
// the list that the peers show; callbacks of finished tickets are done, so that the six counts look at the same times.

type Kind = 'account' | 'group' | 'customer';
const kinds: Readonly<Record<Kind, string>> = { account: 'a', group: 'b', customer: 'c' };
/** From `a7`, `g3` or `c12` to an id that commands take. */
const idOf = (kind: Kind, name: string): string =>
  `00000000-0000-7000-8000-${kinds[kind]}${Number(name.slice(1)).toString(16).padStart(11, '0')}`;
const callbackIdOf = (ticketId: string): string => `${ticketId.slice(0, 14)}8${ticketId.slice(15)}`;

const groups: readonly StaffGroup[] = Array.from({ length: GROUPS }, (_, i) => ({ id: idOf('group', `g${i}`), name: `客服${i + 1}组` }));
const everyGroup = groups.map((g) => g.id);
/** Whoever is measured leads all groups: it may have every ticket on the device. */
const accounts: readonly Account[] = Array.from({ length: ACCOUNTS }, (_, i) => {
  const own = everyGroup[i % GROUPS]!;
  const leads = `a${i}` === ME;
  return {
    id: idOf('account', `a${i}`),
    staffNo: String(1000 + i),
    name: `坐席${i + 1}`,
    role: leads ? 'leader' : 'agent',
    groupIds: leads ? everyGroup : [own],
    priorityGroupId: own,
    disabled: false,
    duty: 'on',
    dutySince: null,
  };
});
export const me: Account = accounts.find((a) => a.role === 'leader')!;

/** What a server answers to whoever signs in or renews: for ten minutes, which a long sync outlasts. */
export const session: SessionResponse = {
  accessToken: 'bench',
  accessExpiresIn: 600_000,
  refreshToken: 'bench-refresh-token',
  account: { ...me, groupIds: [...me.groupIds] },
  epoch: 'bench',
  now: NOW,
};

const field = (id: string, position: number, name: string, type: CustomField['type'], options: readonly string[] = []): CustomField => ({
  id,
  name,
  type,
  options,
  required: false,
  position,
  removedAt: null,
  updatedAt: 0,
});
const parameters: Parameters = { ...defaultParameters, cacheDays: 3650 };
/** What every device has beside tickets. */
export const directory = {
  accounts,
  groups,
  parameters,
  customFields: [
    field('region', 1, '地区', 'single', regions),
    field('channel', 2, '渠道', 'single', channels),
    field('vip', 3, '贵宾', 'yesNo'),
    field('amount', 4, '金额', 'number'),
    field('note', 5, '备注', 'text'),
  ],
};

const sourceOf: Readonly<Record<SampleTicket['custom']['channel'], Source>> = {
  电话: 'phone',
  微信: 'wechat',
  网页: 'form',
  门店: 'desktop',
};
const statusOf = { new: 'processing', open: 'processing', pending: 'waiting', solved: 'resolved', closed: 'closed' } as const;

export const customerIdOf = (sample: SampleTicket): string => idOf('customer', sample.customer.id);

export function toCallback(sample: SampleTicket): Callback | null {
  if (sample.callbackAt === null) return null;
  const open = isOpen(sample);
  return {
    id: callbackIdOf(sample.id),
    ticketId: sample.id,
    customerId: customerIdOf(sample),
    assigneeId: idOf('account', sample.assigneeId),
    dueAt: sample.callbackAt,
    note: '',
    outcome: open ? null : 'done',
    outcomeNote: '',
    snoozes: 0,
    createdAt: sample.createdAt,
    closedAt: open ? null : sample.updatedAt,
  };
}

export function toTicket(sample: SampleTicket, callback: Callback | null): Ticket {
  const ticket: Ticket = {
    id: sample.id,
    number: Number(sample.number.slice(2)),
    subject: sample.subject,
    description: sample.description,
    category: sample.category,
    nature: 'incident',
    priority: sample.priority,
    source: sourceOf[sample.custom.channel],
    status: statusOf[sample.status],
    customerId: customerIdOf(sample),
    assigneeId: idOf('account', sample.assigneeId),
    groupId: idOf('group', sample.groupId),
    createdBy: null,
    createdAt: sample.createdAt,
    updatedAt: sample.updatedAt,
    dueAt: sample.dueAt,
    nextAt: null,
    resolvedAt: isOpen(sample) ? null : sample.updatedAt,
    invalid: false,
    expiredFrom: null,
    custom: { ...sample.custom },
    deletedAt: null,
    version: 1 + sample.rev,
  };
  return { ...ticket, nextAt: nextAtOf(ticket, callback === null ? [] : [callback]) };
}

/** The history of a ticket: so many notes by whoever holds it, spread over its life. @param index its place in the data */
export const toEvents = (sample: SampleTicket, index: number, count: number): TicketEvent[] =>
  makeNotes(index, count).map((note, i) => {
    const at = Math.floor(sample.createdAt + ((sample.updatedAt - sample.createdAt) * (i + 1)) / (count + 1));
    return {
      id: `${sample.id.slice(0, 14)}8${i.toString(16).padStart(3, '0')}${sample.id.slice(18)}`,
      ticketId: sample.id,
      actorId: idOf('account', sample.assigneeId),
      command: 'note',
      note,
      changes: {},
      occurredAt: at,
      receivedAt: at,
    };
  });

/** The customer of a ticket; tickets that share one name it by the first of them. */
export const toCustomer = (sample: SampleTicket): Customer => ({
  id: customerIdOf(sample),
  name: sample.customer.name,
  phones: [sample.customer.phone],
  emails: [],
  address: '',
  tier: '',
  ownerId: idOf('account', sample.assigneeId),
  groupId: idOf('group', sample.groupId),
  source: sourceOf[sample.custom.channel],
  invalidReleases: 0,
  invalidAt: null,
  invalidBy: null,
  releasedBy: [],
  createdAt: Math.min(sample.createdAt, NOW),
  updatedAt: Math.min(sample.updatedAt, NOW),
});

/** What the agent's form says of a new ticket, for a customer who is known. */
export const toForm = (sample: SampleTicket, customerId: string) => ({
  customerId,
  groupId: idOf('group', sample.groupId),
  assigneeId: idOf('account', sample.assigneeId),
  subject: sample.subject,
  description: sample.description,
  category: sample.category,
  nature: 'incident' as const,
  priority: sample.priority,
  source: sourceOf[sample.custom.channel],
  custom: { ...sample.custom },
});
