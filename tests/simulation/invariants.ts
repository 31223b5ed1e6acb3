import type { Account } from '../../shared/domain/people.ts';
import { audienceOf, overlaps, seesEverything } from '../../shared/domain/permissions.ts';
import { sql } from 'drizzle-orm';
import { rowsOf, type Store } from '../../server/store/store.ts';
import type { Counts } from './counts.ts';
import { Ledger, readQueue } from './ledger.ts';
import { agedIn, besideShadow, isOld, without } from './old-tickets.ts';
import { applyToShadow, difference, emptyShadow, readCache, type Shadow } from './shadow.ts';
import type { SimDevice } from './sim-device.ts';
import type { OlderPage, PullAsked, PullPage, Sender, Witness } from './sim-network.ts';
import type { SimServer } from './sim-server.ts';
import { look } from './transaction-watch.ts';
import { Typed } from './typed.ts';
import { Violation } from './violation.ts';

/** What the server has of all tickets and customers, in few words. */
interface Truth {
  readonly tickets: readonly (readonly [string, readonly string[], string, number])[];
  readonly customers: readonly (readonly [string, readonly string[]])[];
  readonly transfers: readonly (readonly [string, readonly string[]])[];
}

interface Allowed {
  readonly ticket: ReadonlySet<string>;
  readonly customer: ReadonlySet<string>;
  readonly transfer: ReadonlySet<string>;
  /** Of the tickets those that no device has to hold. */
  readonly old: ReadonlySet<string>;
}

/** Watches a schedule. All checks throw a `Violation`. */
export class Invariants implements Witness {
  readonly ledger = new Ledger();
  readonly typed = new Typed();
  readonly #store: Store;
  readonly #server: () => SimServer;
  readonly #counts: Counts;
  readonly #people: ReadonlyMap<string, Account>;
  readonly #devices = new Map<string, SimDevice>();
  /** What each cache may hold: after a page was handed over, as it was or as it is to be. */
  readonly #shadows = new Map<string, Shadow[]>();
  /** Answers in the server's log. */
  readonly #log = new Map<string, { status: string }>();
  readonly #seen = new Map<string, string>();
  /** Commands of which an agent was told that they are saved, by cache, until they are found on its disk. */
  readonly #promised = new Map<string, string>();
  /** Commands that came to the server before they were seen on a disk. */
  readonly #unknown = new Set<string>();
  #truth: { version: number; value: Truth } | null = null;
  /** In which of these each cache was looked at last. */
  readonly #looked = new Map<string, number>();
  /** How often the server has gone back to its backup. */
  #era = 0;
  /** The shortest that finished tickets were to stay on devices so far, days. */
  window = 90;

  constructor(store: Store, server: () => SimServer, counts: Counts, people: readonly Account[]) {
    this.#store = store;
    this.#server = server;
    this.#counts = counts;
    this.#people = new Map(people.map((p) => [p.staffNo, p]));
  }

  watch(device: SimDevice): void {
    this.#devices.set(device.name, device);
  }

  /** The screen says 已保存. */
  saved(device: SimDevice, commandId: string): void {
    this.#promised.set(commandId, this.cacheOf(device));
  }

  cacheOf(device: SimDevice): string {
    return `${device.name}/${device.staff[device.who]!}`;
  }

  // What passes over the network.

  async pushed(_sender: Sender, accountId: string, commands: readonly { readonly id: string }[]): Promise<void> {
    for (const { id } of commands) {
      const entry = this.ledger.entries.get(id);
      // Sent in the moment in which its process ended: it must be on that disk.
      if (entry === undefined) this.#unknown.add(id);
      else if (entry.accountId !== accountId) throw new Violation('whose', `${entry.kind} of ${entry.cache} was sent as somebody else's`);
    }
    const found = new Map((await this.#server().answers(commands.map((c) => c.id))).map((row) => [row.id, row]));
    for (const { id } of commands) {
      const entry = this.ledger.entries.get(id);
      const row = found.get(id);
      if (row === undefined) continue;
      if (this.#log.has(id)) {
        this.#counts.repeats += 1;
        continue;
      }
      this.#log.set(id, row.answer);
      if (entry !== undefined) {
        this.#checkOrder(entry.cache, entry.place);
        entry.takenIn = this.#era;
      }
      const refusal = (row.answer as { refusal?: { code: string } }).refusal;
      if (refusal === undefined) this.#counts.applied += 1;
      else this.#counts.refusals += 1;
      if (refusal?.code === 'conflict') this.#counts.conflicts += 1;
    }
    for (const { id } of commands) if (!found.has(id)) this.#counts.undecided += 1;
  }

  /** What shares a ticket is decided in the order in which it was given. */
  #checkOrder(cache: string, place: number): void {
    const list = this.ledger.of(cache);
    const entry = list[place]!;
    for (const earlier of list.slice(0, place))
      // What a server refused before it went back stays refused, and what its device no longer has cannot come.
      if (
        !this.#log.has(earlier.id) &&
        !earlier.refusedBefore &&
        !earlier.letGo &&
        !earlier.forgotten &&
        earlier.subjects.some((s) => entry.subjects.includes(s))
      )
        throw new Violation('order', `${entry.kind} was decided before ${earlier.kind}, which was given before it`);
  }

  async pulled(_sender: Sender, accountId: string, request: PullAsked, page: PullPage): Promise<Allowed | null> {
    const single = page.mode === 'snapshot' && request.after === null && page.after === null;
    if (!single && !(page.mode === 'delta' && !page.more)) return null;
    return this.#allowed(accountId);
  }

  delivered(sender: Sender, _request: PullAsked, page: PullPage, known: unknown): void {
    const cache = this.cacheOf(this.#devices.get(sender.name)!);
    const was = this.#settled(cache);
    const next = applyToShadow(was, page);
    this.#counts.pages += 1;
    this.#counts.evictions += page.evict.tickets.length + page.evict.customers.length;
    if (page.mode === 'reset') {
      this.#counts.resets += 1;
      if (page.view !== was.view) this.#counts.viewChanges += 1;
    }
    if (known !== null) compareIds(next, known as Allowed, cache);
    this.#shadows.set(cache, [was, next]);
  }

  async asked(accountId: string, page: OlderPage): Promise<void> {
    const { ticket } = await this.#allowed(accountId);
    for (const { id } of page.tickets)
      if (!ticket.has(id)) throw new Violation('I5', `the old ticket ${id} was given to one who may not see it`);
  }

  fetched(sender: Sender, page: OlderPage): void {
    const cache = this.cacheOf(this.#devices.get(sender.name)!);
    const was = this.#settled(cache);
    const next = besideShadow(was, page);
    if (next === null) return;
    this.#counts.fetched += page.tickets.length;
    this.#shadows.set(cache, [was, next]);
  }

  #settled(cache: string): Shadow {
    return this.#shadows.get(cache)?.at(-1) ?? emptyShadow;
  }

  // What stands on the disks.

  /** Looks at a device as it is between two happenings. */
  check(device: SimDevice): void {
    const db = device.cache;
    if (db === null) return;
    const cache = this.cacheOf(device);
    const { n } = look(db, 'SELECT total_changes() AS n').get() as { n: number };
    const mark = `${db.name} ${n} ${this.#shadows.get(cache)?.length ?? 0}`;
    if (this.#seen.get(cache) === mark) return;
    this.#counts.checks += 1;
    const account = this.#people.get(device.staff[device.who]!)!;
    this.#checkRows(db, cache, readCache(db));
    this.#checkQueue(db, cache, account.id);
    this.#checkReminders(db, account.id);
    this.#counts.apart += this.typed.check(db, cache);
    this.#seen.set(cache, `${db.name} ${n} 1`);
  }

  #checkRows(db: NonNullable<SimDevice['cache']>, cache: string, is: Omit<Shadow, 'ticketOf'>): void {
    let wrong = '';
    for (const candidate of (this.#shadows.get(cache) ?? [emptyShadow]).toReversed()) {
      const gone = agedIn(is, candidate, this.#server().now(), this.window);
      const should = without(candidate, gone);
      const found = difference(is, should);
      if (found === null) {
        this.#shadows.set(cache, [should]);
        return this.#checkAged(db, cache, gone);
      }
      wrong ||= found;
    }
    throw new Violation('I4/I5', `${cache}: ${wrong}`);
  }

  /** What an agent is at does not leave because it is old (SY9). */
  #checkAged(db: NonNullable<SimDevice['cache']>, cache: string, gone: readonly string[]): void {
    this.#counts.aged += gone.length;
    for (const id of gone) {
      const waits = look(db, `SELECT kind FROM outbox WHERE subject_id = ? AND state <> 'done'`).get(id) as { kind: string } | undefined;
      if (waits !== undefined) throw new Violation('SY9', `${cache} let ticket ${id} go as too old, with ${waits.kind} on it`);
      if (look(db, `SELECT 1 FROM kept_draft WHERE form = 'ticket:' || ?`).get(id) !== undefined)
        throw new Violation('SY9', `${cache} let ticket ${id} go as too old while something was being written about it`);
    }
  }

  #checkQueue(db: NonNullable<SimDevice['cache']>, cache: string, accountId: string): void {
    const rows = readQueue(db);
    this.ledger.learn(cache, accountId, rows);
    for (const [id, of] of this.#promised) {
      if (of !== cache) continue;
      if (!this.ledger.entries.has(id)) throw new Violation('I1', `${id} was said to be saved on ${cache} and is in no queue`);
      this.#promised.delete(id);
    }
    const byId = new Map(rows.map((r) => [r.command_id, r]));
    for (const entry of this.ledger.of(cache)) {
      const row = byId.get(entry.id);
      const answer = this.#log.get(entry.id);
      if (row === undefined) {
        if (entry.letGo || entry.forgotten) continue;
        // Its device was not running since before the server lost it, and may have been told to forget it by then.
        entry.forgotten = answer === undefined && (this.#looked.get(cache) ?? 0) < entry.lostIn;
        if (entry.forgotten) continue;
        if (answer === undefined) throw new Violation('I1', `${entry.kind} of ${cache} is in no queue and not on the server`);
        if (answer.status === 'refused') throw new Violation('I1', `${entry.kind} of ${cache} was refused and nobody is told`);
        // The server has it and its ticket has left: the device need not remember it.
        entry.forgotten = true;
        continue;
      }
      if (row.state === 'refused' && (row.refusal === null || row.refusal === 'null'))
        throw new Violation('I1', `${entry.kind} of ${cache} was refused without a reason`);
      const told = row.state === 'acked' || row.state === 'done' ? 'applied' : row.state === 'refused' ? 'refused' : null;
      if (told === null) continue;
      // A server that went back may have forgotten it; the device does not know yet.
      const same = entry.takenIn === null || entry.takenIn === this.#era;
      if (same && answer?.status !== told)
        throw new Violation('I1', `${entry.kind} of ${cache} counts as ${told}; the server says ${answer?.status ?? 'nothing'}`);
    }
    this.#looked.set(cache, this.#era);
    const waiting = rows.some((r) => r.state === 'queued' || r.state === 'acked');
    if (!waiting && (look(db, 'SELECT count(*) AS n FROM base_row').get() as { n: number }).n > 0)
      throw new Violation('base', `${cache} keeps server's versions while nothing waits`);
  }

  #checkReminders(db: NonNullable<SimDevice['cache']>, accountId: string): void {
    if (this.#noCursor(db)) return;
    const unarmed = look(
      db,
      `SELECT c.id FROM callback c WHERE c.assignee_id = ? AND c.outcome IS NULL AND NOT EXISTS (
         SELECT 1 FROM reminder r WHERE r.kind = 'callback' AND r.subject = c.id AND r.show_at = c.due_at
           AND (r.state <> 'closed' OR r.shown_at IS NOT NULL))`,
    ).get(accountId) as { id: string } | undefined;
    if (unarmed !== undefined) throw new Violation('I6', `nobody will be reminded of callback ${unarmed.id}`);
    this.#counts.reminders += (look(db, `SELECT count(*) AS n FROM reminder WHERE kind = 'callback'`).get() as { n: number }).n;
  }

  #noCursor(db: NonNullable<SimDevice['cache']>): boolean {
    return look(db, `SELECT value FROM meta WHERE key = 'cursor'`).get() === undefined;
  }

  // What stands on the server.

  /** Each command has had its effect once: a ticket's version counts its events, a callback's 稍后 are in the history. */
  async checkServer(): Promise<void> {
    for (const id of this.#unknown) if (!this.ledger.entries.has(id)) throw new Violation('I1', `${id} was sent and is on no disk`);
    const [wrong] = await rowsOf<{ what: string }>(
      this.#store.orm,
      sql`SELECT 'ticket ' || t.id || ' is at version ' || t.version || ' with ' || count(e.id) || ' events' AS what
          FROM ticket t LEFT JOIN ticket_event e ON e.ticket_id = t.id GROUP BY t.id HAVING t.version <> count(e.id)
          UNION ALL
          SELECT 'command ' || id || ' has no answer' FROM command_log WHERE answer IS NULL
          UNION ALL
          SELECT 'command ' || e.id || ' of an agent is in no log' FROM ticket_event e
          WHERE e.actor_id IS NOT NULL AND e.command NOT IN ('assign', 'withdraw') AND NOT EXISTS (SELECT 1 FROM command_log l WHERE l.id = e.id)`,
    );
    if (wrong !== undefined) throw new Violation('I2', wrong.what);
    await this.#checkOverwrites();
  }

  /** Nobody's value was replaced by somebody who had not seen it (SY7). */
  async #checkOverwrites(): Promise<void> {
    const events = await rowsOf<{ id: string; changes: Record<string, { from: unknown }> }>(
      this.#store.orm,
      sql`SELECT id, changes FROM ticket_event WHERE command = 'update'`,
    );
    for (const { id, changes } of events) {
      const asked = (this.ledger.entries.get(id)?.args['changes'] ?? []) as { field: string; from: unknown; to: unknown }[];
      for (const { field, from } of asked) {
        const was = changes[field];
        if (was !== undefined && JSON.stringify(was.from) !== JSON.stringify(from))
          throw new Violation('conflict', `update ${id} replaced a ${field} that its agent had not seen`);
      }
    }
  }

  /** The server has gone back to its backup. */
  async restored(): Promise<void> {
    this.#era += 1;
    this.#truth = null;
    const known = new Map((await this.#server().answers(null)).map((row) => [row.id, row.answer]));
    for (const [id, { status }] of this.#log) {
      if (known.has(id)) continue;
      this.#log.delete(id);
      const entry = this.ledger.entries.get(id);
      if (entry !== undefined && status === 'refused') entry.refusedBefore = true;
      if (entry !== undefined && status === 'applied') entry.lostIn = this.#era;
    }
    for (const entry of this.ledger.entries.values()) if (known.has(entry.id)) entry.takenIn = this.#era;
  }

  /** Commands of a cache that are on no server, though its device has let them go from its queue. */
  unanswered(cache: string): string[] {
    return this.ledger
      .of(cache)
      .filter((e) => !e.letGo && !e.forgotten && !this.#log.has(e.id))
      .map((e) => e.id);
  }

  async #allowed(accountId: string): Promise<Allowed> {
    const truth = await this.#readTruth();
    const account = await this.#server().account(accountId);
    const all = seesEverything(account);
    const tags = audienceOf(account);
    const now = this.#server().now();
    const mine = (list: readonly (readonly [string, readonly string[], ...unknown[]])[]): Set<string> =>
      new Set(list.filter(([, to]) => all || overlaps(tags, to)).map(([id]) => id));
    const old = new Set(truth.tickets.filter(([, , status, at]) => isOld(status, at, now, this.window)).map(([id]) => id));
    return { ticket: mine(truth.tickets), customer: mine(truth.customers), transfer: mine(truth.transfers), old };
  }

  async #readTruth(): Promise<Truth> {
    const { version } = this.#server();
    if (this.#truth?.version === version) return this.#truth.value;
    const pairs = (table: string, more = ''): string =>
      `(SELECT coalesce(json_agg(json_build_array(id, audience${more})), '[]'::json) FROM ${table})`;
    const [row] = await rowsOf<Truth>(
      this.#store.orm,
      sql.raw(
        `SELECT ${pairs('ticket', ', status, updated_at')} AS tickets, ${pairs('customer')} AS customers, ${pairs('transfer')} AS transfers`,
      ),
    );
    this.#truth = { version, value: row! };
    return row!;
  }
}

/** What a device holds after a whole answer is what its account may see at that moment, no more and no less. */
function compareIds(shadow: Shadow, allowed: Allowed, cache: string): void {
  for (const entity of ['ticket', 'customer', 'transfer'] as const) {
    for (const id of shadow.rows[entity].keys())
      if (!allowed[entity].has(id)) throw new Violation('I5', `${cache} was left with ${entity} ${id}, which it may not see`);
    for (const id of allowed[entity])
      if (!shadow.rows[entity].has(id) && !(entity === 'ticket' && allowed.old.has(id)))
        throw new Violation('I3', `${cache} was not given ${entity} ${id}, which it may see`);
  }
}
