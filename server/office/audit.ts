import { and, desc, eq, lt } from 'drizzle-orm';
import type { OperationInput, OperationOutput } from '../../shared/protocol/operations.ts';
import { account, audit } from '../store/schema.ts';
import type { OfficeDeps } from './work.ts';

/** Newest first. What happened in the same millisecond stays on one page, which may so be a little longer than asked for. */
export async function listAudit(
  { store }: OfficeDeps,
  { before, limit }: OperationInput<'audit.list'>,
): Promise<OperationOutput<'audit.list'>> {
  const columns = {
    id: audit.id,
    seq: audit.seq,
    at: audit.at,
    action: audit.action,
    accountId: audit.accountId,
    name: account.name,
    detail: audit.detail,
  };
  const query = store.orm.select(columns).from(audit).leftJoin(account, eq(account.id, audit.accountId));
  const older = before === null ? undefined : lt(audit.at, before);
  const page = await query.where(older).orderBy(desc(audit.at), desc(audit.seq)).limit(limit);
  const last = page.at(-1);
  if (page.length === limit && last !== undefined) {
    const more = store.orm.select(columns).from(audit).leftJoin(account, eq(account.id, audit.accountId));
    page.push(...(await more.where(and(eq(audit.at, last.at), lt(audit.seq, last.seq))).orderBy(desc(audit.seq))));
  }
  return { entries: page.map(({ name, seq: _seq, ...entry }) => ({ ...entry, accountName: name ?? '' })) };
}
