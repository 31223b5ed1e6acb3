import { matchExpression } from '../../db/writes/search-index.ts';
import type { Account } from '../../shared/domain/people.ts';
import { sql } from 'drizzle-orm';
import { toAccount } from '../../server/store/rows.ts';
import { account } from '../../server/store/schema.ts';
import { rowsOf, type Store } from '../../server/store/store.ts';
import { pull } from '../../server/sync/pull.ts';
import { WINDOWED_SINCE } from '../../server/sync/window.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { pullResponse } from '../../shared/protocol/wire.ts';
import type { Invariants } from './invariants.ts';
import { readQueue } from './ledger.ts';
import { between } from './old-tickets.ts';
import { applyToShadow, emptyShadow, readCache, type Shadow } from './shadow.ts';
import type { SimDevice } from './sim-device.ts';
import type { SimServer } from './sim-server.ts';
import { Violation } from './violation.ts';

interface End {
  readonly devices: readonly SimDevice[];
  readonly server: SimServer;
  readonly store: Store;
  readonly people: readonly Account[];
  readonly invariants: Invariants;
  readonly words: readonly string[];
  readonly now: number;
}

/** Whether nothing is left to be done: all queues empty, all cursors at the server's head of this epoch. */
export async function isAtRest(devices: readonly SimDevice[], server: SimServer): Promise<boolean> {
  if (server.down) return false;
  const head = await server.head();
  const epoch = await server.epoch();
  for (const device of devices) {
    if (!device.alive) return false;
    const { phase, reason } = await device.client.read('session.state', {});
    // Enabled again meanwhile, or by a backup: then somebody still has to sign in.
    if (phase === 'locked' && reason === 'account-disabled' && (await server.isDisabled(device.staff[device.who]!))) continue;
    const db = device.cache;
    if (phase !== 'ready' || db === null) return false;
    const meta = (key: string): unknown => db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
    // A server that went back may have come to the same number again.
    const same = meta('epoch') === epoch && meta('mark') === String(head.mark);
    const open = db.prepare(`SELECT count(*) FROM outbox WHERE state IN ('queued', 'acked')`).pluck().get();
    if (!same || meta('cursor') !== String(head.seq) || open !== 0) return false;
  }
  return true;
}

/** After the last fault: every cache equals the server, and every queue is empty or shows its reason (I3). */
export async function checkEnd(end: End): Promise<void> {
  for (const device of end.devices) {
    const staffNo = device.staff[device.who]!;
    const me = end.people.find((p) => p.staffNo === staffNo)!;
    const [row] = await end.store.orm
      .select()
      .from(account)
      .where(sql`id = ${me.id}`);
    const where = `${device.name}/${staffNo}`;
    const { phase, reason } = await device.client.read('session.state', {});
    if (row!.disabled) {
      if (phase === 'ready') throw new Violation('I3', `${where} works on, though its account is disabled`);
      continue;
    }
    if (phase !== 'ready') throw new Violation('I3', `${where} is ${phase} (${reason ?? 'no reason'}) after a minute of peace`);
    const db = device.cache;
    if (db === null) throw new Violation('I3', `${where} has no cache`);
    const stuck = readQueue(db).filter((r) => r.state === 'queued' || r.state === 'acked');
    if (stuck.length > 0)
      throw new Violation('I3', `${where} still has ${stuck.map((r) => `${r.kind} (${r.state})`).join(', ')} after a minute of peace`);
    // What a device has to hold, and all that it may: devices before the window were sent everything.
    const [least, most] = await Promise.all(
      [PROTOCOL_VERSION, WINDOWED_SINCE - 1].map((protocol) => readAll(end, toAccount(row!), protocol)),
    );
    const wrong = between(readCache(db), least!, most!);
    if (wrong !== null) throw new Violation('I3', `${where} differs from the server: ${wrong}`);
    // What it refused before it went back is still told.
    const told = new Set(readQueue(db).map((r) => r.command_id));
    const lost = end.invariants.unanswered(where).filter((id) => !told.has(id));
    if (lost.length > 0)
      throw new Violation(
        'I1',
        `${where}: the server does not have ${lost.map((id) => `${end.invariants.ledger.entries.get(id)!.kind} ${id}`).join(', ')}`,
      );
    checkSearch(db, end.words, where);
    await checkDirectory(db, end.store, where);
  }
}

/** All rows that the server has for an account, as it sends them to a device of this protocol. */
async function readAll({ store, now }: End, of: Account, protocol: number): Promise<Shadow> {
  const request = { protocol, epoch: null, view: null, cursor: null, after: null, limit: 1000 };
  return applyToShadow(emptyShadow, pullResponse.parse(await pull(store, of, request, now)));
}

/** The index finds what stands in the rows and nothing else. */
function checkSearch(db: NonNullable<SimDevice['cache']>, words: readonly string[], where: string): void {
  const orphan = db
    .prepare(
      `SELECT id AS what FROM search_docsize WHERE id NOT IN (SELECT rowid * 2 FROM ticket UNION ALL SELECT rowid * 2 + 1 FROM customer)
       UNION ALL SELECT 'no ' || id FROM ticket WHERE rowid * 2 NOT IN (SELECT id FROM search_docsize)`,
    )
    .get() as { what: string } | undefined;
  if (orphan !== undefined) throw new Violation('search', `the index of ${where} holds ${orphan.what}`);
  const find = db.prepare(`SELECT t.id FROM search s JOIN ticket t ON t.rowid * 2 = s.rowid WHERE s.body MATCH ?`).pluck();
  const stands = db
    .prepare(
      `SELECT t.id FROM ticket t WHERE instr(t.subject, @word) OR EXISTS (SELECT 1 FROM ticket_event e WHERE e.ticket_id = t.id AND instr(e.note, @word))`,
    )
    .pluck();
  for (const word of words) {
    const found = (find.all(matchExpression([word])!) as string[]).toSorted().join(' ');
    const should = (stands.all({ word }) as string[]).toSorted().join(' ');
    if (found !== should) throw new Violation('search', `${where} finds "${word}" in [${found}], it stands in [${should}]`);
  }
}

async function checkDirectory(db: NonNullable<SimDevice['cache']>, store: Store, where: string): Promise<void> {
  const line = (a: Record<string, unknown>): string => JSON.stringify([a['id'], a['role'], a['groups'], Boolean(a['disabled']), a['duty']]);
  const local = (db.prepare('SELECT id, role, group_ids, disabled, duty FROM account').all() as Record<string, unknown>[]).map((a) =>
    line({ ...a, groups: JSON.parse(a['group_ids'] as string) }),
  );
  const remote = (
    await rowsOf<Record<string, unknown>>(store.orm, sql`SELECT id, role, group_ids AS groups, disabled, duty FROM account`)
  ).map(line);
  if (local.toSorted().join('\n') !== remote.toSorted().join('\n'))
    throw new Violation('I3', `the directory of ${where} differs from the server`);
}
