import { holder, NOW, uuid } from '../../shared/domain/commands/decide-world.ts';
import type { Command } from '../../shared/domain/commands/index.ts';
import type { PullResponse } from '../../shared/protocol/wire.ts';

// Pages and a command for the tests of what the sync writes; not used by the program.

export type Rows = PullResponse['rows'];
export const page = (part: Partial<Omit<PullResponse, 'rows'>>, rows: Partial<Rows> = {}): PullResponse => ({
  epoch: 'e',
  view: 'v',
  now: NOW,
  mode: 'delta',
  cursor: 1,
  mark: null,
  after: null,
  more: false,
  total: null,
  evict: { tickets: [], customers: [] },
  ...part,
  rows: {
    accounts: [],
    groups: [],
    parameters: null,
    customers: [],
    tickets: [],
    callbacks: [],
    events: [],
    transfers: [],
    attachments: [],
    customFields: null,
    searches: null,
    phrases: null,
    ...rows,
  },
});
/** Makes a ticket for a new customer. */
export const createCommand: Extract<Command, { kind: 'create' }> = {
  id: uuid(60),
  kind: 'create',
  ticketId: uuid(61),
  args: {
    customerId: uuid(62),
    customer: { name: 'n', phones: [] },
    subject: 's',
    description: '',
    category: '',
    nature: 'problem',
    priority: 'normal',
    source: 'phone',
    groupId: 'g1',
    assigneeId: holder.id,
  },
  occurredAt: NOW,
};
