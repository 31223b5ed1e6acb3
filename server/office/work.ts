import { asc, eq, inArray, or } from 'drizzle-orm';
import type { Account, Role } from '../../shared/domain/people.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Id, IdSource } from '../../shared/lib/ids.ts';
import { type OperationName, operations } from '../../shared/protocol/operations.ts';
import { appendAudit } from '../audit/append.ts';
import type { Denials } from '../audit/denials.ts';
import type { PasswordHasher } from '../sessions/hasher.ts';
import type { Holder } from '../sessions/sessions.ts';
import { toAccount } from '../store/rows.ts';
import { account } from '../store/schema.ts';
import type { Orm, Store } from '../store/store.ts';
import { type FeedEntry, takeNumbers, writeFeed } from '../sync/feed.ts';
import type { Announcer } from '../sync/push.ts';
import { NotAllowed } from './refusals.ts';

export interface OfficeDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly hasher: PasswordHasher;
  readonly announcer: Announcer;
  readonly denials: Denials;
  /** Ends the live connections of sessions that no longer hold. */
  readonly checkSessions: () => Promise<void>;
}

/** What an operation has in hand while its transaction runs. */
export interface Work {
  readonly tx: Orm;
  /** Who asked, as the account is in this transaction. */
  readonly actor: Account;
  /** Accounts that are held, by id. */
  readonly people: ReadonlyMap<Id, Account>;
  readonly now: number;
  /** Changes that get their place in the feed when the work is done. */
  readonly changed: FeedEntry[];
  /** Changes that have one already, with the last of their numbers. */
  said(seq: number, entries: readonly FeedEntry[]): void;
}

/** What was done, for whoever asked and for the audit: ids, counts and names of settings, never what somebody wrote. */
export interface Done<T> {
  readonly value: T;
  readonly detail: string;
}

interface Held {
  /** Accounts that must not change meanwhile; with `admins`, all of those. */
  readonly accounts?: readonly Id[];
  readonly admins?: boolean;
}

/**
 * Runs an operation that changes something: checks the role again inside its transaction (S21), notes it, and tells
 * everyone whom it concerns.
 * @throws NotAllowed if the role or the account is another by now
 */
export async function carryOut<T>(
  deps: OfficeDeps,
  name: OperationName,
  by: Holder,
  held: Held,
  work: (w: Work) => Promise<Done<T>>,
): Promise<T> {
  let entries: FeedEntry[] = [];
  let head = 0;
  const value = await deps.store.transaction(async (tx) => {
    entries = [];
    head = 0;
    const people = await holdAccounts(tx, by.account.id, held);
    const actor = people.get(by.account.id);
    const roles: readonly Role[] = operations[name].roles;
    if (actor === undefined || actor.disabled || !roles.includes(actor.role)) throw new NotAllowed();
    const changed: FeedEntry[] = [];
    const said = (seq: number, more: readonly FeedEntry[]): void => {
      head = Math.max(head, seq);
      for (const e of more) entries.push(e);
    };
    const now = deps.clock.now();
    const done = await work({ tx, actor, people, now, changed, said });
    if (changed.length > 0) {
      const first = await takeNumbers(tx, changed.length);
      await writeFeed(tx, first, changed);
      said(first + changed.length - 1, changed);
    }
    if (entries.length > 0) await deps.announcer.inTransaction(tx, head, entries);
    await appendAudit(tx, { at: now, id: deps.ids(), action: name, accountId: actor.id, detail: done.detail });
    return done.value;
  });
  if (entries.length > 0) deps.announcer.committed(head, entries);
  return value;
}

/** In the order of their ids, so that nobody waits crosswise. */
async function holdAccounts(tx: Orm, me: Id, { accounts, admins = false }: Held): Promise<Map<Id, Account>> {
  const ids = [me, ...(accounts ?? [])];
  const query = tx
    .select()
    .from(account)
    .where(admins ? or(inArray(account.id, ids), eq(account.role, 'admin')) : inArray(account.id, ids))
    .orderBy(asc(account.id));
  const rows = await query.for(admins || accounts !== undefined ? 'update' : 'share');
  return new Map(rows.map((row) => [row.id, toAccount(row)]));
}

/** Notes what was read or broken off; on its own. What was refused goes to `denials`. */
export async function noteAudit(deps: OfficeDeps, action: string, accountId: Id | null, detail: string): Promise<void> {
  await appendAudit(deps.store.orm, { at: deps.clock.now(), id: deps.ids(), action, accountId, detail });
}

/** Everyone sees it: accounts, groups, rules, definitions. */
export const publicChange = (kind: 'account' | 'group' | 'parameters' | 'field', id: Id): FeedEntry => ({
  kind,
  id,
  before: [],
  after: [],
});
