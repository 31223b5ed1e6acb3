import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Cache, openCache } from '../../db/open.ts';
import { getRow, putRow } from '../../db/writes/rows.ts';
import { readParameters } from '../../db/reads/decision-state.ts';
import { mayAdminister, mayAssign, mayCreate, mayWidenReminders, seesOthersTickets } from '../../shared/domain/permissions.ts';
import type { Account } from '../../shared/domain/people.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { SessionResponse } from '../../shared/protocol/wire.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import { Exporter } from '../exports/exporter.ts';
import { Importer } from '../imports/importer.ts';
import { ReminderScheduler } from '../reminders/scheduler.ts';
import { SyncEngine } from '../sync/engine.ts';
import { readSettings } from '../api/settings.ts';
import { TransportError } from '../ports.ts';
import type { CoreContext } from '../context.ts';
import { ProfileStore } from './profile.ts';
import { parseServerUrl } from './server-url.ts';
import { Tokens } from './tokens.ts';

export type SessionState = OutputOf<CoreContract['queries']['session.state']>;
export type SignInResult = OutputOf<CoreContract['calls']['session.signIn']>;
export type ProbeResult = OutputOf<CoreContract['calls']['session.probe']>;
type EndReason = NonNullable<SessionState['reason']>;

const DAY = 86_400_000;

/** One signed-in account: its cache and all that works on it. */
export interface Desk {
  readonly cache: Cache;
  readonly engine: SyncEngine;
  readonly scheduler: ReminderScheduler;
  readonly tokens: Tokens;
  readonly importer: Importer;
  readonly exporter: Exporter;
  /** Address of the server. */
  readonly url: string;
  /** As the cache has it now: role and groups may change with a pull. */
  me(): Account;
}

/** Signs in and out, and opens the last account's cache at a start without network. One cache per (server, account). */
export class Session {
  readonly #ctx: CoreContext;
  readonly #profile: ProfileStore;
  #phase: SessionState['phase'] = 'starting';
  #desk: Desk | null = null;
  #reason: EndReason | null = null;
  #secrets: SessionState['secrets'] = 'memory';
  /** The last of what opens or closes a desk; two at once would open one cache twice. */
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(ctx: CoreContext) {
    this.#ctx = ctx;
    this.#profile = new ProfileStore(ctx.dataDir, ctx.ids);
  }

  /** The open desk, or null while nobody is signed in. */
  get desk(): Desk | null {
    return this.#desk;
  }

  get state(): SessionState {
    const { last } = this.#profile.value;
    const account = this.#desk?.me() ?? null;
    return {
      phase: this.#phase,
      server: last === null ? null : { url: last.url, name: last.serverName },
      presetServer: this.#ctx.presetServer,
      lastStaffNo: last?.account.staffNo ?? null,
      account: account === null ? null : { ...account, groupIds: [...account.groupIds] },
      seesOthers: account !== null && seesOthersTickets(account),
      mayWiden: account !== null && mayWidenReminders(account),
      mayAssign: account !== null && mayAssign(account),
      mayAdminister: account !== null && mayAdminister(account),
      mayCreate: account !== null && mayCreate(account, readParameters(this.#desk!.cache.db)),
      secrets: this.#secrets,
      reason: this.#reason,
      demo: last?.demo ?? false,
    };
  }

  /** Opens the last account's cache if its key is there and its lease runs; else the agent signs in. */
  restore(): Promise<void> {
    return this.#inTurn(() => this.#tryRestore());
  }

  /** Runs one after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #tryRestore(): Promise<void> {
    try {
      await this.#restore();
    } catch (error) {
      // A host without a key store is no reason to hide the sign-in screen.
      this.#ctx.logger.error('session.restore', { error: error instanceof Error ? error.name : 'unknown' });
      this.#setPhase('signedOut');
    }
  }

  async #restore(): Promise<void> {
    this.#secrets = (await this.#ctx.host.call('secrets.kind', {})).kind;
    this.#removeOrphans();
    const { last } = this.#profile.value;
    if (last === null || last.signedOut) return this.#setPhase('signedOut');
    const away = this.#ctx.clock.now() - last.lastContactAt;
    if (away > last.offlineLeaseDays * DAY) return this.#setPhase('locked', 'lease-expired');
    const { value: key } = await this.#ctx.host.call('secrets.get', { name: keyName(last.url, last.account.id) });
    if (key === null) return this.#setPhase('signedOut');
    try {
      this.#open(last.url, last.account, key, this.#tokens(last.url, last.account.id));
    } catch (error) {
      this.#ctx.logger.error('cache.unreadable', { error: error instanceof Error ? error.name : 'unknown' });
      return this.#setPhase('signedOut');
    }
    this.#setPhase('ready');
    this.#desk!.scheduler.start();
    this.#desk!.engine.start();
  }

  async probe(text: string): Promise<ProbeResult> {
    const url = parseServerUrl(text);
    if (!url.ok) return { ok: false, reason: url.error };
    try {
      const hello = await this.#ctx.transport.hello(url.value);
      if (hello.protocol.oldest > PROTOCOL_VERSION || hello.protocol.newest < PROTOCOL_VERSION) return { ok: false, reason: 'protocol' };
      return { ok: true, url: url.value, name: hello.name, demo: hello.demo };
    } catch (error) {
      return { ok: false, reason: error instanceof TransportError && error.kind !== 'unreachable' ? 'not-zuoxi' : 'unreachable' };
    }
  }

  signIn(text: string, staffNo: string, password: string): Promise<SignInResult> {
    return this.#inTurn(() => this.#signIn(text, staffNo, password));
  }

  async #signIn(text: string, staffNo: string, password: string): Promise<SignInResult> {
    const url = parseServerUrl(text);
    if (!url.ok) return { ok: false, reason: url.error, retryAfter: null };
    let answer: SessionResponse;
    let hello;
    try {
      hello = await this.#ctx.transport.hello(url.value);
      answer = await this.#ctx.transport.signIn(url.value, {
        protocol: PROTOCOL_VERSION,
        staffNo,
        password,
        deviceId: this.#profile.value.deviceId,
      });
    } catch (error) {
      return signInFailure(error);
    }
    const { account } = answer;
    const key = await this.#keyFor(url.value, account.id);
    if (key === null) return { ok: false, reason: 'store-unreadable', retryAfter: null };
    const tokens = this.#tokens(url.value, account.id);
    await this.#close();
    await tokens.accept(answer);
    // Opened now, it would be closed by nobody.
    if (this.#stopped) return { ok: false, reason: 'server-fault', retryAfter: null };
    try {
      this.#open(url.value, account, key, tokens);
    } catch (error) {
      this.#ctx.logger.error('cache.unreadable', { error: error instanceof Error ? error.name : 'unknown' });
      this.#setPhase('signedOut');
      return { ok: false, reason: 'store-unreadable', retryAfter: null };
    }
    this.#profile.update({
      last: {
        url: url.value,
        serverName: hello.name,
        demo: hello.demo,
        account,
        lastContactAt: this.#ctx.clock.now(),
        offlineLeaseDays: readParameters(this.#desk!.cache.db).offlineLeaseDays,
        signedOut: false,
      },
    });
    this.#setPhase('ready');
    this.#desk!.scheduler.start();
    this.#desk!.engine.start();
    return { ok: true };
  }

  /** The cache stays on the disk, encrypted, with what waits in its queue. */
  async signOut(): Promise<void> {
    const { last } = this.#profile.value;
    const token = await this.#inTurn(async () => {
      const desk = this.#desk;
      await this.#close();
      const current = desk?.tokens.current ?? null;
      await desk?.tokens.forget();
      if (this.#profile.value.last !== null) this.#profile.update({ last: { ...this.#profile.value.last, signedOut: true } });
      this.#setPhase('signedOut');
      return current;
    });
    // Last: a server that does not answer must not keep the agent from going.
    if (last !== null && token !== null) await this.#ctx.transport.signOut(last.url, token).catch(() => {});
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#close();
  }

  /** @param desk whose session it was: the agent may have signed in again before its turn came. */
  #end(desk: Desk, reason: EndReason): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#desk !== desk) return;
      await this.#close();
      this.#setPhase('locked', reason);
    });
  }

  async #close(): Promise<void> {
    const desk = this.#desk;
    if (desk === null) return;
    this.#desk = null;
    desk.importer.stop();
    await Promise.all([desk.engine.stop(), desk.scheduler.stop(), desk.exporter.stop()]);
    desk.cache.close();
  }

  #setPhase(phase: SessionState['phase'], reason: EndReason | null = null): void {
    this.#phase = phase;
    this.#reason = reason;
    this.#ctx.hub.emit([
      'session',
      'sync',
      'tickets',
      'outbox',
      'drafts',
      'reminders',
      'directory',
      'settings',
      'customers',
      'personal',
      'imports',
      'exports',
    ]);
  }

  #tokens(url: string, accountId: string): Tokens {
    const { clock, host, transport } = this.#ctx;
    return new Tokens({ clock, host, transport, url, name: `refresh:${fileName(url, accountId)}` });
  }

  /** The key of a cache; a new one for a new cache. null: there is a cache and its key is gone (R18: never silently reset). */
  async #keyFor(url: string, accountId: string): Promise<string | null> {
    const name = keyName(url, accountId);
    const { value } = await this.#ctx.host.call('secrets.get', { name });
    if (value !== null) return value;
    if (existsSync(this.#path(url, accountId)) && this.#secrets !== 'memory') return null;
    const key = randomBytes(32).toString('hex');
    await this.#ctx.host.call('secrets.set', { name, value: key });
    return key;
  }

  #path(url: string, accountId: string): string {
    // Without a key store the key dies with the process: so does the use of the file, which the next run must not meet.
    const suffix = this.#secrets === 'memory' ? `.${this.#ctx.runId}` : '';
    return join(this.#ctx.dataDir, `${fileName(url, accountId)}${suffix}.db`);
  }

  /** Caches of earlier runs without a key store: nobody has their keys. */
  #removeOrphans(): void {
    for (const name of readdirSync(this.#ctx.dataDir))
      if (/^[0-9a-f]{24}\.[^.]+\.db(-wal|-shm)?$/.test(name) && !name.includes(this.#ctx.runId)) rmSync(join(this.#ctx.dataDir, name));
  }

  #open(url: string, account: Account, key: string, tokens: Tokens): void {
    const { clock, host, hub, ids, logger, random, timers, transport, zone } = this.#ctx;
    const cache = openCache({ path: this.#path(url, account.id), key, now: clock.now() });
    // Before the first page the directory is empty, and a new ticket needs somebody to stand for.
    if (getRow(cache.db, 'account', account.id) === null) cache.transaction((db) => putRow(db, 'account', account));
    const me = (): Account => getRow(cache.db, 'account', account.id) ?? account;
    const scheduler = new ReminderScheduler({
      cache,
      hub,
      host,
      me,
      clock,
      timers,
      ids,
      zone,
      logger,
      settings: () => readSettings(cache.db),
    });
    const engine = new SyncEngine({
      cache,
      hub,
      transport,
      tokens,
      url,
      deviceId: this.#profile.value.deviceId,
      me,
      clock,
      timers,
      random,
      logger,
      onApplied: ({ received }) => scheduler.received(received),
      onContact: () => this.#contact(),
      onEnded: (reason) => void this.#end(desk, reason),
    });
    const importer = new Importer(this.#ctx, { cache, tokens, url, me, kick: () => engine.kick() });
    const exporter = new Exporter(this.#ctx, { tokens, url });
    const desk: Desk = { cache, engine, scheduler, importer, exporter, tokens, url, me };
    this.#desk = desk;
  }

  #contact(): void {
    const { last } = this.#profile.value;
    const desk = this.#desk;
    if (last === null || desk === null) return;
    const now = this.#ctx.clock.now();
    const account = desk.me();
    // A write a minute at most: this file only has to know the day.
    if (Math.abs(now - last.lastContactAt) < 60_000 && JSON.stringify(account) === JSON.stringify(last.account)) return;
    this.#profile.update({
      last: {
        ...last,
        account: { ...account, groupIds: [...account.groupIds] },
        lastContactAt: now,
        offlineLeaseDays: readParameters(desk.cache.db).offlineLeaseDays,
      },
    });
  }
}

const fileName = (url: string, accountId: string): string => createHash('sha256').update(`${url}\n${accountId}`).digest('hex').slice(0, 24);
const keyName = (url: string, accountId: string): string => `key:${fileName(url, accountId)}`;

function signInFailure(error: unknown): SignInResult {
  if (!(error instanceof TransportError)) throw error;
  const { code, kind, retryAfter } = error;
  if (kind === 'unreachable') return { ok: false, reason: 'unreachable', retryAfter: null };
  if (kind === 'garbage') return { ok: false, reason: 'not-zuoxi', retryAfter: null };
  switch (code) {
    case 'bad-credentials':
    case 'account-disabled':
    case 'throttled':
      return { ok: false, reason: code, retryAfter };
    case 'protocol-unsupported':
      return { ok: false, reason: 'protocol', retryAfter: null };
    default:
      return { ok: false, reason: 'server-fault', retryAfter };
  }
}
