import { asc, sql } from 'drizzle-orm';
import { audit, auditHead } from '../store/schema.ts';
import type { Orm, Store } from '../store/store.ts';
import { GENESIS, linkHash } from './chain.ts';

/**
 * `missing`: its number is left out. `changed`: it, or what stands before it, is not what was appended. `cut`: the log ends
 * elsewhere than its head says, so that from here on entries are gone or were never appended. `not-noted`: a hash that was
 * noted elsewhere stands nowhere, so the log as a whole is another one.
 */
export type ChainFault = 'missing' | 'changed' | 'cut' | 'not-noted';

export interface ChainReport {
  readonly entries: number;
  /** Of the last entry that was read; to be noted where nobody with access to the database can change it. */
  readonly head: string;
  /** null: every entry is as it was appended. `seq`: the first that is not. */
  readonly fault: { readonly what: ChainFault; readonly seq: number } | null;
}

const BATCH = 1000;

/** Number and hash of the last entry, as the database keeps them; for the server's log, which lies somewhere else. */
export async function readAuditHead(orm: Orm): Promise<{ readonly entries: number; readonly head: string }> {
  const [row] = await orm.select().from(auditHead);
  return { entries: row?.seq ?? 0, head: row?.hash ?? '' };
}

/** Reads the whole log at one instant. @param noted a head from before, which has to stand in it still */
export function verifyAudit(store: Store, noted: string | null = null): Promise<ChainReport> {
  return store.snapshot(async (tx) => {
    const found = await readChain(tx, noted);
    if (found.fault !== null) return found;
    const [stored] = await tx.select().from(auditHead);
    const right = stored?.seq === found.entries && stored.hash === found.head;
    if (!right) return { ...found, fault: { what: 'cut', seq: Math.min(stored?.seq ?? 0, found.entries) + 1 } };
    return noted === null || found.met ? found : { ...found, fault: { what: 'not-noted', seq: 0 } };
  });
}

async function readChain(tx: Orm, noted: string | null): Promise<ChainReport & { readonly met: boolean }> {
  let [entries, head] = [0, GENESIS];
  let met = noted === GENESIS;
  // All there are, also a second one with a number, for whoever can change the table can drop its index.
  let last = { seq: Number.MIN_SAFE_INTEGER, at: 0, id: '' };
  for (;;) {
    const behind = sql`(${audit.seq}, ${audit.at}, ${audit.id}) > (${last.seq}, ${last.at}, ${last.id})`;
    const batch = await tx.select().from(audit).where(behind).orderBy(asc(audit.seq), asc(audit.at), asc(audit.id)).limit(BATCH);
    for (const entry of batch) {
      const seq = entries + 1;
      if (entry.seq > seq) return { entries, head, met, fault: { what: 'missing', seq } };
      if (entry.seq < seq || linkHash(head, entry) !== entry.hash)
        return { entries, head, met, fault: { what: 'changed', seq: entry.seq } };
      [entries, head] = [seq, entry.hash];
      met ||= head === noted;
    }
    if (batch.length < BATCH) return { entries, head, met, fault: null };
    last = batch.at(-1)!;
  }
}
