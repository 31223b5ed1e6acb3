import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type Orm, rowsOf } from '../store/store.ts';

// Nothing is ever deleted from the audit log: a chain that is cut proves less, and an entry takes some 200 bytes.
//
// The database itself chains what is appended, in a trigger: whoever can insert an entry can neither leave the chain out
// nor reach its head. What is computed here and there must be the same, byte for byte; a test compares them.

/** What stands before the first entry. */
export const GENESIS = '0'.repeat(64);

export interface Link {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly id: string;
  readonly action: string;
  readonly accountId: string | null;
  readonly detail: string;
}

/** SHA-256 (hex) over the hash before and all parts of the entry, each with its length, so that no two entries read alike. */
export function linkHash(previous: string, { seq, at, id, action, accountId, detail }: Link): string {
  const parts = [String(seq), String(at), id, action, accountId, detail];
  const text = parts.map((part) => (part === null ? '-,' : `${Buffer.byteLength(part)}:${part},`)).join('');
  return createHash('sha256').update(previous).update(text).digest('hex');
}

/**
 * Functions and triggers of the log, and the chain through the entries that there are, in the order of their times. With
 * SECURITY DEFINER a role that may only insert still has its entries chained; its own temporary tables come last in the path.
 */
export async function chainAudit(tx: Orm): Promise<void> {
  const [row] = await rowsOf<{ name: string }>(tx, sql`SELECT quote_ident(current_schema()) AS name`);
  const path = `SET search_path = ${row!.name}, pg_temp`;
  for (const statement of [
    linkFunction(path),
    OLD_ENTRIES,
    NOT_NULL,
    SEQ_INDEX,
    appendFunction(path),
    APPEND,
    refuseFunction(path),
    REFUSE,
  ])
    await tx.execute(sql.raw(statement));
}

const linkFunction = (path: string): string => `
  CREATE FUNCTION audit_link(previous text, seq bigint, at bigint, id text, action text, account_id text, detail text)
  RETURNS text LANGUAGE sql STABLE ${path} AS $$
    SELECT encode(sha256(convert_to(previous || string_agg(
      coalesce(octet_length(convert_to(part, 'UTF8'))::text || ':' || part, '-') || ',', '' ORDER BY n), 'UTF8')), 'hex')
    FROM unnest(ARRAY[seq::text, at::text, id, action, account_id, detail]) WITH ORDINALITY AS p (part, n)
  $$`;

// Written to the head once, at the end: within one transaction each writing would leave a dead row for the next one to pass.
const OLD_ENTRIES = `
  DO $$ DECLARE entry record; n bigint := 0; link text := '${GENESIS}';
  BEGIN
    FOR entry IN SELECT a.at, a.id, a.action, a.account_id, a.detail FROM audit a ORDER BY a.at, a.id LOOP
      n := n + 1;
      link := audit_link(link, n, entry.at, entry.id, entry.action, entry.account_id, entry.detail);
      UPDATE audit a SET seq = n, hash = link WHERE a.at = entry.at AND a.id = entry.id;
    END LOOP;
    UPDATE audit_head SET seq = n, hash = link;
  END $$`;

const NOT_NULL = 'ALTER TABLE audit ALTER COLUMN seq SET NOT NULL, ALTER COLUMN hash SET NOT NULL';
const SEQ_INDEX = 'CREATE UNIQUE INDEX audit_seq ON audit (seq)';

const appendFunction = (path: string): string => `
  CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER ${path} AS $$
  BEGIN
    UPDATE audit_head h
      SET seq = h.seq + 1, hash = audit_link(h.hash, h.seq + 1, NEW.at, NEW.id, NEW.action, NEW.account_id, NEW.detail)
      WHERE h.id = 1 RETURNING h.seq, h.hash INTO NEW.seq, NEW.hash;
    IF NOT FOUND THEN RAISE EXCEPTION 'audit_head is empty'; END IF;
    RETURN NEW;
  END $$`;
const APPEND = 'CREATE TRIGGER audit_chained BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_append()';

const refuseFunction = (path: string): string => `
  CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql ${path} AS $$
  BEGIN
    RAISE EXCEPTION 'the audit log is only appended to' USING ERRCODE = 'insufficient_privilege';
  END $$`;
const REFUSE = `CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()`;
