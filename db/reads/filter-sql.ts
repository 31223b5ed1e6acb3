import { and, eq, gte, inArray, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Condition, TicketFilter, TimeRange } from '../../shared/domain/filter/filter.ts';
import type { FilterContext } from '../../shared/domain/filter/matches.ts';
import { timeWindow } from '../../shared/domain/filter/time-window.ts';
import { assertNever } from '../../shared/lib/assert-never.ts';
import { callbacks, customers, events, tickets } from '../schema/tables.ts';

/** A filter as a condition on `ticket`; `matches` is the rule, and a test holds this to it. */
export const filterSql = (filter: TicketFilter, ctx: FilterContext): SQL | undefined => and(...filter.map((c) => conditionSql(c, ctx)));

/** `customer` has to be joined under its own name. */
function conditionSql(c: Condition, ctx: FilterContext): SQL {
  switch (c.field) {
    case 'status':
      return inArray(tickets.status, c.any);
    case 'priority':
      return inArray(tickets.priority, c.any);
    case 'nature':
      return inArray(tickets.nature, c.any);
    case 'source':
      return inArray(tickets.source, c.any);
    case 'category':
      return inArray(tickets.category, c.any);
    case 'tier':
      return inArray(sql`coalesce(${customers.tier}, '')`, c.any);
    case 'groupId':
      return inArray(tickets.groupId, c.any);
    case 'assigneeId':
      return isOneOf(tickets.assigneeId, c.any, ctx.me);
    case 'createdBy':
      return isOneOf(tickets.createdBy, c.any, ctx.me);
    case 'ownerId':
      return isOneOf(customers.ownerId, c.any, ctx.me);
    case 'subject':
      return has(tickets.subject, c.contains);
    case 'description':
      return has(tickets.description, c.contains);
    case 'customer':
      return has(customers.name, c.contains);
    case 'address':
      return has(customers.address, c.contains);
    case 'email':
      return sql`EXISTS (SELECT 1 FROM json_each(${customers.emails}) e WHERE ${has(sql`e.value`, c.contains)})`;
    case 'phone': {
      const part = c.contains.replaceAll(/\D/g, '');
      if (part === '') return sql`0`;
      return sql`EXISTS (SELECT 1 FROM json_each(${customers.phones}) p WHERE instr(only_digits(p.value), ${part}) > 0)`;
    }
    case 'history':
      return sql`EXISTS (SELECT 1 FROM ${events} WHERE ${events.ticketId} = ${tickets.id} AND ${has(events.note, c.contains)})`;
    case 'number':
      return and(isNotNull(tickets.number), ...between(tickets.number, c))!;
    case 'createdAt':
    case 'updatedAt':
    case 'dueAt':
    case 'nextAt':
    case 'resolvedAt':
      return within(tickets[c.field], c.at, ctx);
    case 'callbackAt': {
      const open = and(eq(callbacks.ticketId, tickets.id), isNull(callbacks.outcome));
      const none = sql`NOT EXISTS (SELECT 1 FROM ${callbacks} WHERE ${open})`;
      const window = timeWindow(c.at, ctx.now, ctx.zone);
      if (window === 'none') return none;
      return sql`EXISTS (SELECT 1 FROM ${callbacks} WHERE ${and(open, within(callbacks.dueAt, c.at, ctx))})`;
    }
    case 'invalid':
      return eq(tickets.invalid, c.is);
    case 'callback': {
      const open = sql`EXISTS (SELECT 1 FROM ${callbacks} WHERE ${and(eq(callbacks.ticketId, tickets.id), isNull(callbacks.outcome))})`;
      return c.is ? open : sql`NOT ${open}`;
    }
    case 'custom':
      return customSql(c.key, c.test);
    default:
      return assertNever(c);
  }
}

/** Case of ASCII and beyond is the database's own function: SQLite's `lower` knows ASCII alone. */
const has = (text: SQLiteColumn | SQL, part: string): SQL =>
  // What has no case needs no such function, which is the dearest part.
  caseless.test(part) ? sql`instr(${text}, ${part}) > 0` : sql`instr(lower_case(coalesce(${text}, '')), ${part.toLowerCase()}) > 0`;
const caseless = /^[0-9\s\p{Script=Han}]+$/u;

function isOneOf(column: SQLiteColumn, any: readonly (string | null)[], me: string): SQL {
  const ids = any.filter((a) => a !== null).map((a) => (a === 'me' ? me : a));
  return or(ids.length > 0 ? inArray(column, ids) : undefined, any.includes(null) ? isNull(column) : undefined)!;
}

const between = (column: SQLiteColumn, { from, to }: { readonly from: number | null; readonly to: number | null }): (SQL | undefined)[] => [
  from === null ? undefined : gte(column, from),
  to === null ? undefined : sql`${column} <= ${to}`,
];

function within(column: SQLiteColumn, range: TimeRange, ctx: FilterContext): SQL {
  const window = timeWindow(range, ctx.now, ctx.zone);
  if (window === 'none') return isNull(column);
  return and(
    isNotNull(column),
    window.from === null ? undefined : gte(column, window.from),
    window.to === null ? undefined : lt(column, window.to),
  )!;
}

function customSql(key: string, test: Extract<Condition, { field: 'custom' }>['test']): SQL {
  // The key is a value here, never part of the path's syntax: quotes in it are doubled away by JSON.
  const path = `$.${JSON.stringify(key)}`;
  const value = sql`json_extract(${tickets.custom}, ${path})`;
  const type = sql`json_type(${tickets.custom}, ${path})`;
  switch (test.op) {
    case 'contains':
      return sql`(${type} = 'text' AND ${has(value, test.text)})`;
    case 'any':
      return sql`((${type} = 'text' AND ${inArray(value, test.values)}) OR (${type} = 'array' AND EXISTS
        (SELECT 1 FROM json_each(${tickets.custom}, ${path}) j WHERE ${inArray(sql`j.value`, test.values)})))`;
    case 'number':
      return and(
        sql`${type} IN ('integer', 'real')`,
        test.from === null ? undefined : sql`${value} >= ${test.from}`,
        test.to === null ? undefined : sql`${value} <= ${test.to}`,
      )!;
    case 'date':
      return and(
        sql`${type} = 'text'`,
        sql`${value} <> ''`,
        test.from === null ? undefined : sql`${value} >= ${test.from}`,
        test.to === null ? undefined : sql`${value} <= ${test.to}`,
      )!;
    case 'is':
      return sql`${type} = ${test.value ? 'true' : 'false'}`;
    case 'empty':
      return sql`(${type} IS NULL OR ${type} = 'null' OR (${type} = 'text' AND ${value} = '') OR (${type} = 'array' AND json_array_length(${tickets.custom}, ${path}) = 0))`;
    default:
      return assertNever(test);
  }
}
