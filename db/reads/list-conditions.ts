import { and, asc, desc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Account } from '../../shared/domain/people.ts';
import { seesEverything, seesOthersTickets } from '../../shared/domain/permissions.ts';
import { type ListName, listStatuses, type SortColumn } from '../../shared/domain/ticket-state.ts';
import { accounts, customers, groups, tickets } from '../schema/tables.ts';

// Which tickets stand in a list, and in which order.

const columns: Readonly<Record<SortColumn, SQL>> = {
  next: sql`${tickets.nextAt}`,
  number: sql`${tickets.number}`,
  subject: sql`${tickets.subject}`,
  customer: sql`${customers.name}`,
  status: sql`${tickets.status}`,
  due: sql`${tickets.dueAt}`,
  updated: sql`${tickets.updatedAt}`,
  created: sql`${tickets.createdAt}`,
  resolved: sql`${tickets.resolvedAt}`,
  assignee: sql`${accounts.name}`,
  group: sql`${groups.name}`,
  nature: sql`${tickets.nature}`,
  source: sql`${tickets.source}`,
  tier: sql`nullif(${customers.tier}, '')`,
  priority: sql`CASE ${tickets.priority} WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END`,
  category: sql`${tickets.category}`,
};

/** These, without asking whether they are empty, are read in the order of their index. */
const neverEmpty: ReadonlySet<SortColumn> = new Set([
  'updated',
  'created',
  'subject',
  'status',
  'nature',
  'source',
  'priority',
  'category',
]);

export const kept = sql`${tickets.deletedAt} IS NULL`;
const inPool = sql`${tickets.status} = 'released' AND NOT EXISTS
  (SELECT 1 FROM customer c WHERE c.id = ${tickets.customerId} AND c.invalid_at IS NOT NULL)`;

export type StandingList = Exclude<ListName, 'transferred'>;

/** What has no value stands last either way; the id keeps equal rows in place. */
export function listOrder(sort: SortColumn, descending: boolean): SQL[] {
  const column = columns[sort];
  const empty = neverEmpty.has(sort) ? [] : [sql`${column} IS NULL`];
  const ties = sort === 'updated' ? [] : [desc(tickets.updatedAt)];
  return [...empty, descending ? desc(column) : asc(column), ...ties, asc(tickets.id)];
}

/** Whether an index has everybody's tickets in this order. */
export const hasIndex = (sort: SortColumn, descending: boolean): boolean =>
  (sort === 'next' && !descending) || (sort === 'updated' && descending);

/**
 * Which tickets a list holds. The cache holds only what this account may see.
 * @param groupsUnindexed the index of groups is left alone: where the rows are read in the order of the list until there are enough, it
 * would have all sorted; where words or conditions leave few, it would have all read
 */
export function inList(me: Account, list: StandingList, groupsUnindexed = false): SQL {
  const groupId = groupsUnindexed && list === 'all' ? sql`+${tickets.groupId}` : sql`${tickets.groupId}`;
  const ofMyGroups = seesEverything(me) ? undefined : inArray(groupId, [...me.groupIds]);
  switch (list) {
    case 'pending':
    case 'processing':
    case 'resolved':
      return and(eq(tickets.assigneeId, me.id), inArray(tickets.status, [...listStatuses[list]]), kept)!;
    case 'pool':
      return and(inPool, ofMyGroups, kept)!;
    case 'all':
      return seesOthersTickets(me) ? and(ofMyGroups, kept)! : sql`0`;
    case 'review':
      return seesOthersTickets(me) ? and(eq(tickets.status, 'resolved'), ofMyGroups, kept)! : sql`0`;
    case 'expired':
      return seesOthersTickets(me) ? and(inPool, isNotNull(tickets.expiredFrom), ofMyGroups, kept)! : sql`0`;
  }
}
