import { asc, eq, sql } from 'drizzle-orm';
import type { Account, Role, StaffGroup } from '../shared/domain/people.ts';
import type { Parameters } from '../shared/domain/tickets.ts';
import type { IdSource } from '../shared/lib/ids.ts';
import type { Clock } from '../shared/lib/clock.ts';
import { appendAudit } from './audit/append.ts';
import type { PasswordHasher } from './sessions/hasher.ts';
import { readParameters } from './store/parameters.ts';
import { toAccount } from './store/rows.ts';
import { account, type FeedKind, parameter, staffGroup } from './store/schema.ts';
import type { Orm, Store } from './store/store.ts';
import { type FeedEntry, takeNumbers, writeFeed } from './sync/feed.ts';
import type { Announcer } from './sync/push.ts';

export interface NewAccount {
  readonly staffNo: string;
  readonly name: string;
  readonly role: Role;
  readonly groupIds: readonly string[];
  readonly password: string;
}

/** What an administrator of the server does to staff and rules. Devices hear of it through the feed. */
export interface Staff {
  addGroup(name: string): Promise<StaffGroup>;
  addAccount(from: NewAccount): Promise<Account>;
  /** A role, groups or disabling take effect with the next request; open live connections of the disabled end at once. */
  changeAccount(
    id: string,
    change: Partial<Pick<Account, 'name' | 'role' | 'groupIds' | 'priorityGroupId' | 'disabled'>>,
  ): Promise<Account>;
  changeParameters(change: Partial<Parameters>): Promise<Parameters>;
  count(): Promise<number>;
  hasStaffNo(staffNo: string): Promise<boolean>;
  /** Any group, made if there is none. */
  firstGroup(name: string): Promise<StaffGroup>;
}

export interface StaffDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly hasher: PasswordHasher;
  readonly announcer: Announcer;
  readonly checkSessions: () => Promise<void>;
}

export function createStaff(deps: StaffDeps): Staff {
  const { store, clock, ids, hasher, announcer } = deps;

  /** Runs a change and puts it into the feed, where everyone may see it. */
  const change = async <T>(kind: FeedKind, action: string, work: (tx: Orm) => Promise<{ id: string; value: T }>): Promise<T> => {
    let said: { head: number; entries: FeedEntry[] } | null = null;
    const value = await store.transaction(async (tx) => {
      const done = await work(tx);
      const entries: FeedEntry[] = [{ kind, id: done.id, before: [], after: [] }];
      const head = await takeNumbers(tx, 1);
      await writeFeed(tx, head, entries);
      await announcer.inTransaction(tx, head, entries);
      await appendAudit(tx, { at: clock.now(), id: ids(), action, accountId: null, detail: done.id });
      said = { head, entries };
      return done.value;
    });
    const { head, entries } = said!;
    announcer.committed(head, entries);
    return value;
  };

  const addGroup = (name: string): Promise<StaffGroup> =>
    change('group', 'group-added', async (tx) => {
      const value = { id: ids(), name };
      await tx.insert(staffGroup).values(value);
      return { id: value.id, value };
    });

  return {
    addGroup,
    async firstGroup(name) {
      const [row] = await store.orm.select().from(staffGroup).orderBy(asc(staffGroup.id)).limit(1);
      return row ?? addGroup(name);
    },
    hasStaffNo: async (staffNo) => (await store.orm.$count(account, sql`lower(${account.staffNo}) = lower(${staffNo})`)) > 0,
    async addAccount({ password, ...from }) {
      const [first] = from.groupIds;
      if (first === undefined) throw new Error('an account needs a group');
      const passwordHash = await hasher.hash(password);
      return change('account', 'account-added', async (tx) => {
        const row = {
          ...from,
          id: ids(),
          groupIds: [...from.groupIds],
          priorityGroupId: first,
          disabled: false,
          duty: 'on' as const,
          dutySince: null,
          passwordHash,
        };
        await tx.insert(account).values(row);
        return { id: row.id, value: toAccount(row) };
      });
    },
    async changeAccount(id, { groupIds, ...rest }) {
      const value = await change('account', 'account-changed', async (tx) => {
        const [row] = await tx
          .update(account)
          .set({ ...rest, ...(groupIds && { groupIds: [...groupIds] }) })
          .where(eq(account.id, id))
          .returning();
        if (row === undefined) throw new Error('no such account');
        return { id, value: toAccount(row) };
      });
      await deps.checkSessions();
      return value;
    },
    changeParameters: (part) =>
      change('parameters', 'parameters-changed', async (tx) => {
        const value = { ...(await readParameters(tx, 'update')), ...part };
        await tx.update(parameter).set({ value });
        return { id: 'parameters', value };
      }),
    async count() {
      return store.orm.$count(account);
    },
  };
}
