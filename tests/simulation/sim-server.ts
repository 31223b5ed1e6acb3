import { sql } from 'drizzle-orm';
import type { Account } from '../../shared/domain/people.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import { type ErrorCode, pullRequest, pushRequest } from '../../shared/protocol/wire.ts';
import { createDenials } from '../../server/audit/denials.ts';
import { createHub, type Hub, type Listener } from '../../server/live/hub.ts';
import { createOffice, type Office } from '../../server/office/office.ts';
import { runDue } from '../../server/jobs/due.ts';
import { createStaff, type Staff } from '../../server/staff.ts';
import type { Chance } from '../../server/seed/random.ts';
import { plainHasher } from '../../server/testing.ts';
import { toAccount } from '../../server/store/rows.ts';
import { account } from '../../server/store/schema.ts';
import { rowsOf, type Store } from '../../server/store/store.ts';
import { JustTurnedError, readEpoch, turnEpoch } from '../../server/sync/epoch.ts';
import { type Head, readHistory } from '../../server/sync/history.ts';
import { pull } from '../../server/sync/pull.ts';
import { answerPush, type PushDeps } from '../../server/sync/push.ts';
import type { SimOffice } from './sim-office.ts';

/** What the server says to a request, as JSON, or why not. */
export type Answer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly retryAfter?: number };

/**
 * What goes wrong inside of a request: the database fails, or the process ends before or after the commit.
 * `at` 0: at its first transaction, which may decide many commands; n: that one fails, and then it happens at the n-th of
 * those that decide them one by one.
 */
export interface Fault {
  readonly kind: 'fails' | 'ends-before' | 'ends-after';
  readonly at: number;
}

interface Session {
  readonly id: string;
  readonly accountId: string;
  readonly refreshToken: string;
  accessUntil: number;
}

const ACCESS_MS = 600_000;

/**
 * The production's rules for push, pull, jobs and the office over one database. Sessions are simplified: tokens lie in
 * memory and outlive a restart; whether an account may come in is looked up anew with each request, as in production.
 */
export class SimServer {
  readonly #office: SimOffice;
  readonly #chance: Chance;
  readonly #now: () => number;
  #deps!: PushDeps;
  #hub!: Hub;
  staff!: Staff;
  #operations!: Office;
  readonly #sessions = new Map<string, Session>();
  #fault: Fault | null = null;
  #transactions = 0;
  #accounts: { version: number; rows: Map<string, Account> } = { version: -1, rows: new Map() };
  /** Rises with each transaction that wrote. */
  version = 0;
  now(): number {
    return this.#now();
  }

  /** No request comes in. */
  down = false;
  #ended = false;

  private constructor(office: SimOffice, chance: Chance, now: () => number) {
    this.#office = office;
    this.#chance = chance;
    this.#now = now;
  }

  static async start(office: SimOffice, chance: Chance, now: () => number): Promise<SimServer> {
    const server = new SimServer(office, chance, now);
    await server.boot();
    return server;
  }

  /** Begins anew on the rows that are there; all connections are gone. */
  async boot(): Promise<void> {
    const store = this.#fragile(this.#office.store);
    const clock = { now: this.#now };
    const ids = (): string => this.#chance.id(this.#now());
    this.#hub = await createHub({
      store,
      sessions: { look: (list: readonly string[]) => this.#look(list) } as never,
      clock,
      logger: silentLogger,
      instance: 'simulation',
    });
    const announcer = this.#hub;
    const checkSessions = (): Promise<void> => this.#hub.checkSessions();
    const denials = createDenials(store, clock);
    this.#deps = { store, clock, logger: silentLogger, announcer, denials };
    this.staff = createStaff({ store, clock, ids, hasher: plainHasher, announcer, checkSessions });
    this.#operations = createOffice({ store, clock, ids, hasher: plainHasher, announcer, denials, checkSessions });
    this.down = false;
    this.#ended = false;
  }

  /** The process is gone in the middle of its work. */
  get ended(): boolean {
    return this.#ended;
  }

  async signIn(staffNo: string): Promise<Answer> {
    const [row] = await this.#office.store.orm
      .select()
      .from(account)
      .where(sql`staff_no = ${staffNo}`);
    if (row === undefined) return { ok: false, code: 'bad-credentials' };
    if (row.disabled) return { ok: false, code: 'account-disabled' };
    return this.#grant(toAccount(row));
  }

  async isDisabled(staffNo: string): Promise<boolean> {
    const [row] = await this.#office.store.orm
      .select()
      .from(account)
      .where(sql`staff_no = ${staffNo}`);
    return row?.disabled ?? false;
  }

  async refresh(token: string): Promise<Answer> {
    const session = [...this.#sessions.values()].find((s) => s.refreshToken === token);
    if (session === undefined) return { ok: false, code: 'unauthorized' };
    const holder = await this.account(session.accountId);
    if (holder.disabled) return { ok: false, code: 'account-disabled' };
    return this.#grant(holder);
  }

  async #grant(holder: Account): Promise<Answer> {
    const id = this.#chance.id(this.#now());
    const session: Session = { id, accountId: holder.id, refreshToken: `refresh-${id}`, accessUntil: this.#now() + ACCESS_MS };
    this.#sessions.set(`access-${id}`, session);
    const epoch = await readEpoch(this.#office.store.orm);
    const tokens = { accessToken: `access-${id}`, accessExpiresIn: ACCESS_MS, refreshToken: session.refreshToken };
    return { ok: true, body: { ...tokens, account: holder, epoch, now: this.#now() } };
  }

  /** Whose request it is. */
  async holder(token: string): Promise<Account | ErrorCode> {
    const session = this.#sessions.get(token);
    if (session === undefined || session.accessUntil <= this.#now()) return 'unauthorized';
    const found = await this.account(session.accountId);
    return found.disabled ? 'account-disabled' : found;
  }

  /** Carries out a push. null: the process ended on the way, and nobody is answered. */
  async push(by: Account, raw: unknown, fault: Fault | null): Promise<Answer | null> {
    const body = pushRequest.safeParse(raw);
    if (!body.success) return { ok: false, code: 'bad-request' };
    this.#fault = fault;
    this.#transactions = 0;
    try {
      const answer = await answerPush(this.#deps, by.id, body.data);
      return this.#ended ? null : { ok: true, body: answer };
    } catch (error) {
      if (this.#ended) return null;
      return toAnswer(error);
    } finally {
      this.#fault = null;
    }
  }

  /** @param limit rows a page, at most what was asked for */
  async pull(by: Account, raw: unknown, limit: number): Promise<Answer> {
    const body = pullRequest.safeParse(raw);
    if (!body.success) return { ok: false, code: 'bad-request' };
    try {
      return { ok: true, body: await pull(this.#office.store, by, { ...body.data, limit: Math.min(limit, body.data.limit) }, this.#now()) };
    } catch (error) {
      return toAnswer(error);
    }
  }

  /** Adds a listener for hints. @returns takes it away; null: not with this token */
  async listen(token: string, on: Pick<Listener, 'send' | 'close'>): Promise<(() => void) | null> {
    const holder = await this.holder(token);
    if (typeof holder === 'string') return null;
    return this.#hub.add({ sessionId: this.#sessions.get(token)!.id, account: holder, ...on });
  }

  /** Tickets that devices no longer hold. */
  async older(by: Account, input: unknown): Promise<Answer> {
    return {
      ok: true,
      body: await this.#operations.run('tickets.older', { sessionId: 'a-device', deviceId: 'a-device', account: by }, input),
    };
  }

  /** What time brings. */
  async due(): Promise<number> {
    const sessions = { sweep: async () => {} } as never;
    const done = await runDue(this.#deps, () => this.#chance.id(this.#now()), sessions, this.#now());
    return done.expired + done.closed;
  }

  /** The admin disables an account and its open tickets go on to another, or into the pool. */
  async disable(admin: Account, id: string, heir: string | null): Promise<void> {
    const tickets = heir === null ? { what: 'pool' } : { what: 'to', accountId: heir };
    await this.#operations.run('staff.disable', { sessionId: 'the-office', deviceId: 'the-office', account: admin }, { id, tickets });
  }

  /** An account as it is; read again whenever anything was written. */
  async account(id: string): Promise<Account> {
    if (this.#accounts.version !== this.version) this.#accounts = { version: this.version, rows: new Map() };
    const known = this.#accounts.rows.get(id) ?? (await this.#readAccount(id));
    this.#accounts.rows.set(id, known);
    return known;
  }

  async #readAccount(id: string): Promise<Account> {
    const [row] = await this.#office.store.orm
      .select()
      .from(account)
      .where(sql`id = ${id}`);
    return toAccount(row!);
  }

  async #look(ids: readonly string[]): Promise<Map<string, Account | 'disabled' | 'signed-out'>> {
    const out = new Map<string, Account | 'disabled' | 'signed-out'>();
    for (const id of ids) {
      const session = this.#sessions.get(`access-${id}`);
      const found = session === undefined ? null : await this.account(session.accountId);
      out.set(id, found === null ? 'signed-out' : found.disabled ? 'disabled' : found);
    }
    return out;
  }

  /** The store, whose transactions fail as the fault says. */
  #fragile(store: Store): Store {
    return {
      ...store,
      transaction: async (work) => {
        if (this.#ended) throw new Error('the server has ended');
        this.#transactions += 1;
        const fault = this.#faultAt(this.#transactions);
        const value = await store.transaction(async (tx) => {
          const made = await work(tx);
          if (fault === 'ends-before') this.#ended = true;
          if (fault === 'ends-before' || fault === 'fails') throw new PlannedError('the disk is full');
          return made;
        });
        this.version += 1;
        if (fault === 'ends-after') {
          this.#ended = true;
          throw new Error('the server has ended');
        }
        return value;
      },
    };
  }

  #faultAt(transaction: number): Fault['kind'] | null {
    if (this.#fault === null) return null;
    const { kind, at } = this.#fault;
    if (transaction === at + 1) return kind;
    return transaction === 1 ? 'fails' : null;
  }

  /** Answers that stand in the log for these commands. */
  async answers(
    ids: readonly string[] | null,
  ): Promise<{ id: string; accountId: string | null; answer: { status: string; seq?: number } }[]> {
    const some = ids === null ? sql`true` : sql`id = ANY(${sql.param(ids)})`;
    return rowsOf(this.#office.store.orm, sql`SELECT id, account_id AS "accountId", answer FROM command_log WHERE ${some}`);
  }

  /** How far its feed has come, and the mark there. */
  async head(): Promise<Head> {
    return (await readHistory(this.#office.store.orm, {})).head;
  }

  epoch(): Promise<string> {
    return readEpoch(this.#office.store.orm);
  }

  async keepBackup(): Promise<void> {
    await this.#office.rows.keep('backup');
  }

  /** The rows of the backup; under a new epoch, if the server is told so as the manual says. */
  async restoreBackup(announced: boolean): Promise<void> {
    await this.#office.rows.putBack('backup');
    if (announced) await turnEpoch(this.#office.store, null, 'command', this.#now());
    this.version += 1;
  }
}

class PlannedError extends Error {}

/** As the HTTP side answers it. */
function toAnswer(error: unknown): Answer {
  if (error instanceof PlannedError) return { ok: false, code: 'internal' };
  if (error instanceof JustTurnedError) return { ok: false, code: 'throttled', retryAfter: error.waitMs };
  throw error;
}
