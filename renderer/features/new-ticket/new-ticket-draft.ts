import { type Nature, natures, type Priority, priorities, type Source, sources, type CustomValue } from '../../../shared/domain/tickets.ts';
import type { DraftShape } from '../../hooks/use-draft.ts';

export interface NewTicketText {
  readonly customer: { readonly id: string; readonly name: string; readonly phone: string } | null;
  /** A new customer is being entered instead of choosing one. */
  readonly adding: boolean;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly address: string;
  readonly tier: string;
  readonly subject: string;
  readonly description: string;
  readonly category: string;
  readonly priority: Priority;
  readonly nature: Nature;
  readonly source: Source;
  /** '' the own priority group. */
  readonly groupId: string;
  /** '' the own hands, `pool` nobody's. */
  readonly assigneeId: string;
  readonly custom: Readonly<Record<string, CustomValue>>;
}

const empty: NewTicketText = {
  customer: null,
  adding: false,
  name: '',
  phone: '',
  email: '',
  address: '',
  tier: '',
  subject: '',
  description: '',
  category: '',
  priority: 'normal',
  nature: 'incident',
  source: 'phone',
  groupId: '',
  assigneeId: '',
  custom: {},
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const one = <T extends string>(of: readonly T[], value: unknown, otherwise: T): T => of.find((x) => x === value) ?? otherwise;
const record = (value: unknown): Record<string, CustomValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, CustomValue>) : {};

export const newTicketDraft: DraftShape<NewTicketText> = {
  empty,
  isEmpty: (v) =>
    v.customer === null &&
    [v.name, v.phone, v.email, v.address, v.tier, v.subject, v.description, v.category].every((x) => x === '') &&
    Object.keys(v.custom).length === 0,
  parse(json) {
    try {
      const v = JSON.parse(json) as Partial<NewTicketText> | null;
      if (v === null || typeof v !== 'object') return null;
      const { customer } = v;
      return {
        customer:
          customer != null && typeof customer.id === 'string'
            ? { id: customer.id, name: text(customer.name), phone: text(customer.phone) }
            : null,
        adding: v.adding === true,
        name: text(v.name),
        phone: text(v.phone),
        email: text(v.email),
        address: text(v.address),
        tier: text(v.tier),
        subject: text(v.subject),
        description: text(v.description),
        category: text(v.category),
        priority: one(priorities, v.priority, empty.priority),
        nature: one(natures, v.nature, empty.nature),
        source: one(sources, v.source, empty.source),
        groupId: text(v.groupId),
        assigneeId: text(v.assigneeId),
        custom: record(v.custom),
      };
    } catch {
      return null;
    }
  },
};
