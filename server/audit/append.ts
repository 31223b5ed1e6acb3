import { sql } from 'drizzle-orm';
import type { Id } from '../../shared/lib/ids.ts';
import { type Orm, rowsOf } from '../store/store.ts';

export interface AuditEntry {
  /** Epoch ms. */
  readonly at: number;
  readonly id: Id;
  readonly action: string;
  /** Who did it or was refused it; null: the server, its operator, or nobody known. */
  readonly accountId: Id | null;
  /** Ids, counts and names of settings; never what somebody wrote. */
  readonly detail: string;
}

/**
 * The one way into the audit log. Within a transaction it comes last: until the commit nobody else can append, and whoever
 * took another lock behind it could wait crosswise.
 */
export async function appendAudit(orm: Orm, { at, id, action, accountId, detail }: AuditEntry): Promise<void> {
  // What the database could not keep as it is would be another text than the one that was hashed.
  const kept = detail.toWellFormed().replaceAll('\0', '');
  await rowsOf(orm, sql`INSERT INTO audit (at, id, action, account_id, detail) VALUES (${at}, ${id}, ${action}, ${accountId}, ${kept})`);
}
