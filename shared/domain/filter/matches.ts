import { assertNever } from '../../lib/assert-never.ts';
import type { Id } from '../../lib/ids.ts';
import type { Callback, Customer, CustomValue, Ticket, TicketEvent } from '../tickets.ts';
import { isEmptyValue } from '../custom-fields.ts';
import type { Condition, TicketFilter } from './filter.ts';
import { timeWindow } from './time-window.ts';

/** A ticket with what a filter may ask about. */
export interface Filterable {
  readonly ticket: Ticket;
  readonly customer: Customer | null;
  readonly callbacks: readonly Callback[];
  readonly events: readonly TicketEvent[];
}

export interface FilterContext {
  /** Whoever reads. */
  readonly me: Id;
  readonly now: number;
  /** IANA name. */
  readonly zone: string;
}

/**
 * Whether a ticket passes a filter. The rule itself: the server's export asks it, and a test holds the device's SQL to it.
 */
export const matches = (filter: TicketFilter, of: Filterable, ctx: FilterContext): boolean => filter.every((c) => holds(c, of, ctx));

const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

function holds(c: Condition, { ticket, customer, callbacks, events }: Filterable, ctx: FilterContext): boolean {
  switch (c.field) {
    case 'status':
      return c.any.includes(ticket.status);
    case 'priority':
      return c.any.includes(ticket.priority);
    case 'nature':
      return c.any.includes(ticket.nature);
    case 'source':
      return c.any.includes(ticket.source);
    case 'category':
      return c.any.includes(ticket.category);
    case 'tier':
      return c.any.includes(customer?.tier ?? '');
    case 'groupId':
      return c.any.includes(ticket.groupId);
    case 'assigneeId':
    case 'createdBy':
      return isOneOf(ticket[c.field], c.any, ctx.me);
    case 'ownerId':
      return isOneOf(customer?.ownerId ?? null, c.any, ctx.me);
    case 'subject':
    case 'description':
      return has(ticket[c.field], c.contains);
    case 'customer':
      return has(customer?.name ?? '', c.contains);
    case 'address':
      return has(customer?.address ?? '', c.contains);
    case 'email':
      return (customer?.emails ?? []).some((e) => has(e, c.contains));
    case 'phone': {
      const part = c.contains.replaceAll(/\D/g, '');
      return part !== '' && (customer?.phones ?? []).some((p) => p.replaceAll(/\D/g, '').includes(part));
    }
    case 'history':
      return events.some((e) => has(e.note, c.contains));
    case 'number':
      return ticket.number !== null && (c.from === null || ticket.number >= c.from) && (c.to === null || ticket.number <= c.to);
    case 'createdAt':
    case 'updatedAt':
    case 'dueAt':
    case 'nextAt':
    case 'resolvedAt':
      return isWithin(ticket[c.field], c.at, ctx);
    case 'callbackAt': {
      const times = callbacks.filter((b) => b.outcome === null).map((b) => b.dueAt);
      return times.length === 0 ? isWithin(null, c.at, ctx) : times.some((t) => isWithin(t, c.at, ctx));
    }
    case 'invalid':
      return ticket.invalid === c.is;
    case 'callback':
      return callbacks.some((b) => b.outcome === null) === c.is;
    case 'custom':
      return customHolds(c.test, ticket.custom[c.key] ?? null);
    default:
      return assertNever(c);
  }
}

const isOneOf = (value: Id | null, any: readonly (string | null)[], me: Id): boolean => any.some((a) => (a === 'me' ? me : a) === value);

function isWithin(time: number | null, range: Parameters<typeof timeWindow>[0], ctx: FilterContext): boolean {
  const window = timeWindow(range, ctx.now, ctx.zone);
  if (window === 'none') return time === null;
  return time !== null && (window.from === null || time >= window.from) && (window.to === null || time < window.to);
}

type CustomTest = Extract<Condition, { field: 'custom' }>['test'];

function customHolds(test: CustomTest, value: CustomValue): boolean {
  switch (test.op) {
    case 'contains':
      return typeof value === 'string' && has(value, test.text);
    case 'any':
      return Array.isArray(value)
        ? (value as readonly string[]).some((v) => test.values.includes(v))
        : typeof value === 'string' && test.values.includes(value);
    case 'number':
      return typeof value === 'number' && (test.from === null || value >= test.from) && (test.to === null || value <= test.to);
    case 'date':
      return (
        typeof value === 'string' && value !== '' && (test.from === null || value >= test.from) && (test.to === null || value <= test.to)
      );
    case 'is':
      return value === test.value;
    case 'empty':
      return isEmptyValue(value);
    default:
      return assertNever(test);
  }
}
