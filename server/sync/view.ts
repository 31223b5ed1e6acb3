import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Account } from '../../shared/domain/people.ts';
import { type Audience, audienceOf, overlaps, seesEverything } from '../../shared/domain/permissions.ts';
import { everyone } from './feed.ts';

/** Raised when rows that devices have already changed their form, so that all are read again. */
const SHAPE = 2;

/** What an account may see, as a question to rows. */
export interface View {
  readonly account: Account;
  /** qa and admin. */
  readonly everything: boolean;
  /** Changes when the account's role or groups do. */
  readonly name: string;
  /** What the account holds, the public one among them. */
  readonly tags: Audience;
  sees(audience: Audience): boolean;
  /** Whether a row is the account's own or public, whatever its role may see beside. */
  holds(audience: Audience): boolean;
  /** The same, as a condition on an audience column. */
  where(column: AnyPgColumn | SQL): SQL;
}

export function viewOf(account: Account): View {
  const everything = seesEverything(account);
  const tags = [...audienceOf(account), everyone];
  const name = createHash('sha256')
    .update(JSON.stringify([SHAPE, account.id, account.role, account.groupIds.toSorted(), account.disabled]))
    .digest('base64url')
    .slice(0, 22);
  return {
    account,
    name,
    tags,
    everything,
    sees: (audience) => everything || overlaps(tags, audience),
    holds: (audience) => overlaps(tags, audience),
    where: (column) => (everything ? sql`true` : sql`${column} && ${textArray(tags)}`),
  };
}

export const textArray = (values: readonly string[]): SQL =>
  values.length === 0
    ? sql`ARRAY[]::text[]`
    : sql`ARRAY[${sql.join(
        values.map((v) => sql`${v}`),
        sql`, `,
      )}]::text[]`;
