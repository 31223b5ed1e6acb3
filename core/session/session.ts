import { type OpenOptions, UnreadableDatabaseError } from '../../db/open.ts';
import { StorageError, type StorageFault } from '../../db/storage-error.ts';
import { ofADesk } from '../live/changes.ts';
import { readParameters } from '../../db/reads/decision-state.ts';
import type { Account } from '../../shared/domain/people.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { HelloResponse, SessionResponse } from '../../shared/protocol/wire.ts';
import { backoff } from '../sync/backoff.ts';
import { countByState } from '../sync/queue.ts';
import type { CoreContext } from '../context.ts';
import { ProfileStore } from './profile.ts';
import { CachePlaces, cacheName, KeyStoreError, refreshName } from './cache-places.ts';
import { buildDesk, type Desk, stopDesk } from './desk.ts';
import { type Damaged, forgetAside, forgetBackups, openOrRecover, setAside } from './recovery.ts';
import { Removal } from './removal.ts';
import { endSession } from './orders.ts';
import { parseServerUrl } from './server-url.ts';
import { describeSession, type SessionState, type StoredAccount, storedAccounts } from './session-state.ts';
import { cacheProblem, signInFailure, type SignInResult, versionMisfit } from './sign-in-failure.ts';
import { Tokens } from './tokens.ts';

type EndReason = NonNullable<SessionState['reason']>;

const DAY = 86_400_000;
/** The count of waiting commands outside of the cache is no older than this, whatever happens to the cache. */
const COUNT_MS = 2_000;

/** What a desk was opened with, to open it again. */
interface Opening {
  readonly url: string;
  readonly account: Account;
  readonly key: string;
  readonly tokens: Tokens;
}

/** Signs in and out, and opens the last account's cache at a start without network. One cache per (server, account). */
export class Session {
  readonly #ctx: CoreContext;
  readonly #profile: ProfileStore;
  readonly #places: CachePlaces;
  readonly removal: Removal;
  #phase: SessionState['phase'] = 'starting';
  #desk: Desk | null = null;
  #reason: EndReason | null = null;
  /** The last of what opens or closes a desk; two at once would open one cache twice. */
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #opening: Opening | null = null;
  /** Of the disk, one after the other, without a sync that went well in between. */
  #faults = 0;
  #doubtful: string[] = [];
  #cancelCount: (() => void) | null = null;
  #backupsChecked = false;

  constructor(ctx: CoreContext) {
    this.#ctx = ctx;
    this.#places = new CachePlaces(ctx);
    this.#profile = new ProfileStore(ctx.dataDir, ctx.ids);
    this.removal = new Removal(ctx, this.#profile, this.#places, {
      inTurn: (work) => this.#inTurn(work),
      openName: () => this.#openName,
      count: () => this.#count(),
      letGo: () => {
        this.#opening = null;
        return this.#letGo();
      },
      signedOut: () => this.#setPhase('signedOut'),
    });
    ctx.hub.subscribe(({ topics }) => {
      if (!topics.has('outbox') || this.#desk === null || this.#cancelCount !== null) return;
      this.#cancelCount = ctx.timers.after(COUNT_MS, () => this.#count());
    });
  }

  /** The agent is signed in, and the disk does not let the cache be opened at the moment. */
  get broken(): boolean {
    return this.#desk === null && this.#opening !== null;
  }

  /** The open desk, or null while nobody is signed in. */
  get desk(): Desk | null {
    return this.#desk;
  }

  get state(): SessionState {
    const account = this.#desk?.me() ?? this.#opening?.account ?? null;
    const { secrets } = this.#places;
    const [desk, phase, profile, reason] = [this.#desk, this.#phase, this.#profile.value, this.#reason];
    return describeSession({ account, desk, phase, presetServer: this.#ctx.presetServer, profile, reason, secrets });
  }

  get accounts(): StoredAccount[] {
    return storedAccounts(this.#profile.value, this.#places, this.#openName, this.#desk);
  }

  get #openName(): string | null {
    return this.#opening === null ? null : cacheName(this.#opening.url, this.#opening.account.id);
  }

  /** Opens the last account's cache if its key is there and its lease runs; else the agent signs in. */
  async restore(): Promise<void> {
    await this.#inTurn(() => this.#tryRestore());
    void this.removal.lookForOrders();
  }

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
      this.#setPhase('signedOut', error instanceof KeyStoreError ? 'key-store' : null);
    }
  }

  async #restore(): Promise<void> {
    this.#places.secrets = (await this.#ctx.host.call('secrets.kind', {})).kind;
    this.#places.removeOrphans();
    // Before anything can be opened.
    await this.removal.finish();
    const { last } = this.#profile.value;
    if (last === null || last.signedOut) return this.#setPhase('signedOut');
    const away = this.#ctx.clock.now() - last.lastContactAt;
    if (away > last.offlineLeaseDays * DAY) return this.#setPhase('locked', 'lease-expired');
    const key = await this.#places.key(last.url, last.account.id);
    if (key === null) return this.#setPhase('signedOut', this.#places.withoutKey(last.url, last.account.id));
    try {
      this.#open({ url: last.url, account: last.account, key, tokens: this.#tokens(last.url, last.account.id) });
    } catch (error) {
      return this.#setPhase('signedOut', this.#problem(error));
    }
    this.#start();
  }

  #problem(error: unknown): ReturnType<typeof cacheProblem> {
    this.#ctx.logger.error('cache.unreadable', { error: error instanceof Error ? error.name : 'unknown' });
    return cacheProblem(error);
  }

  #start(): void {
    this.#setPhase('ready');
    this.#run(this.#desk!);
  }

  #run(desk: Desk): void {
    desk.engine.start();
    try {
      desk.attachments.start();
      desk.scheduler.start();
    } catch (error) {
      // It has been told, and what can be mended will be.
      if (!(error instanceof StorageError)) throw error;
    }
  }

  /** @param startAnew a cache that cannot be read is set aside, and the desk starts with a new one */
  signIn(text: string, staffNo: string, password: string, startAnew = false): Promise<SignInResult> {
    return this.#inTurn(() => this.#signIn(text, staffNo, password, startAnew));
  }

  async #signIn(text: string, staffNo: string, password: string, startAnew: boolean): Promise<SignInResult> {
    const url = parseServerUrl(text);
    if (!url.ok) return { ok: false, reason: url.error, retryAfter: null };
    let answer: SessionResponse;
    let hello: HelloResponse;
    try {
      hello = await this.#ctx.transport.hello(url.value);
      const misfit = versionMisfit(hello);
      if (misfit !== null) return { ok: false, reason: misfit, retryAfter: null };
      answer = await this.#ctx.transport.signIn(url.value, {
        protocol: PROTOCOL_VERSION,
        staffNo,
        password,
        deviceId: this.#profile.value.deviceId,
        ...(this.#ctx.machine && { device: this.#ctx.machine }),
      });
    } catch (error) {
      return signInFailure(error);
    }
    const { account } = answer;
    const tokens = this.#tokens(url.value, account.id);
    const name = cacheName(url.value, account.id);
    await this.#close();
    await this.removal.finish();
    if (this.#profile.value.erasing.includes(name)) return { ok: false, reason: 'disk', retryAfter: null };
    try {
      await tokens.accept(answer);
    } catch (error) {
      // Nothing of it is left here, so nobody can go on with it.
      endSession(this.#ctx.transport, url.value, answer.refreshToken);
      return { ok: false, reason: this.#problem(error), retryAfter: null };
    }
    // Opened now, it would be closed by nobody.
    if (this.#stopped) return { ok: false, reason: 'server-fault', retryAfter: null };
    try {
      await this.#openOrStartAnew({ url: url.value, account, tokens }, startAnew);
    } catch (error) {
      const reason = this.#problem(error);
      this.#setPhase('signedOut', reason);
      return { ok: false, reason, retryAfter: null, waiting: this.#profile.value.waiting[name] ?? 0 };
    }
    const { offlineLeaseDays } = readParameters(this.#desk!.cache.db);
    this.#profile.signedIn(name, { url: url.value, hello, account, offlineLeaseDays, now: this.#ctx.clock.now() });
    this.#start();
    return { ok: true };
  }

  async #openOrStartAnew(opening: Omit<Opening, 'key'>, startAnew: boolean): Promise<void> {
    const { account, url } = opening;
    const key = await this.#places.key(url, account.id);
    try {
      // A cache whose key is gone is never silently made anew (R18).
      if (key === null && this.#places.holds(url, account.id)) throw new UnreadableDatabaseError('no key');
      return this.#open({ ...opening, key: key ?? (await this.#places.newKey(url, account.id)) });
    } catch (error) {
      if (!startAnew || !(error instanceof UnreadableDatabaseError)) throw error;
    }
    this.#ctx.logger.warn('cache.set-aside', { waiting: this.#profile.value.waiting[cacheName(url, account.id)] ?? 0 });
    setAside(this.#places.path(url, account.id), 'unreadable', this.#ctx.clock.now());
    this.#open({ ...opening, key: await this.#places.newKey(url, account.id) });
  }

  /** The cache stays on the disk, encrypted, with what waits in its queue. */
  async signOut(): Promise<void> {
    const { last } = this.#profile.value;
    const token = await this.#inTurn(async () => {
      const desk = this.#desk;
      await this.#close();
      const current = desk?.tokens.current ?? null;
      if (last !== null) forgetBackups(this.#places.path(last.url, last.account.id));
      // One that stays there is worth nothing: the session ends at the server, and no start goes on with it.
      await desk?.tokens.forget().catch(() => this.#ctx.logger.error('token.stays'));
      if (this.#profile.value.last !== null) this.#profile.update({ last: { ...this.#profile.value.last, signedOut: true } });
      this.#setPhase('signedOut');
      return current;
    });
    // Last: a server that does not answer must not keep the agent from going.
    if (last !== null && token !== null) await this.#ctx.transport.signOut(last.url, token).catch(() => {});
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.removal.stop();
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

  /** Closes the cache at once. What the desk's parts wait for may take long; they write nothing more to it. */
  #letGo(): Promise<unknown> {
    const desk = this.#desk;
    this.#desk = null;
    const ended = desk === null ? [] : stopDesk(desk);
    desk?.cache.close();
    return Promise.allSettled(ended);
  }

  async #close(): Promise<void> {
    this.#opening = null;
    const desk = this.#desk;
    if (desk === null) return;
    this.#count();
    this.#desk = null;
    await Promise.all(stopDesk(desk));
    desk.cache.close();
  }

  #setPhase(phase: SessionState['phase'], reason: EndReason | null = null): void {
    this.#phase = phase;
    this.#reason = reason;
    this.#ctx.hub.emit(ofADesk);
  }

  #tokens(url: string, accountId: string): Tokens {
    const { clock, host, logger, transport } = this.#ctx;
    const name = cacheName(url, accountId);
    return new Tokens({ clock, host, logger, transport, url, name: refreshName(name), onErased: (t) => void this.removal.obey(name, t) });
  }

  #open(opening: Opening, damaged: Damaged = 'no'): void {
    const { clock, logger } = this.#ctx;
    const { url, account, key, tokens } = opening;
    const path = this.#places.path(url, account.id);
    let desk: Desk | null = null;
    // Not at once: the call that met the fault is still under way. Without a desk it is the opening that has failed.
    const onFault = (fault: StorageFault): void => queueMicrotask(() => desk !== null && this.#mend(desk, fault));
    const options: OpenOptions = { path, key, now: clock.now(), onFault };
    const waiting = this.#profile.value.waiting[cacheName(url, account.id)] ?? 0;
    const { cache, recovery } = openOrRecover(options, account, waiting, damaged);
    if (recovery !== null) logger.error('cache.recovered', { ...recovery });
    forgetAside(path, clock.now());
    this.#backupsChecked = false;
    try {
      desk = buildDesk(this.#ctx, {
        cache,
        url,
        account,
        folder: this.#places.folder(url, account.id),
        tokens,
        deviceId: this.#profile.value.deviceId,
        onContact: () => this.#contact(),
        onEnded: (reason) => void (desk !== null && this.#end(desk, reason)),
        onDoubt: (ids) => void this.#doubtful.push(...ids),
        doubtful: this.#doubtful,
      });
    } catch (error) {
      // The file opened, and its first row could not be read.
      if (damaged === 'yes' || !(error instanceof StorageError && error.fault === 'damaged')) throw error;
      return this.#open(opening, damaged === 'no' ? 'perhaps' : 'yes');
    }
    this.#doubtful = [];
    this.#opening = opening;
    this.#desk = desk;
  }

  /**
   * Opens a desk again over whatever the disk has: after an error of the disk what is in memory may not be what it holds,
   * and a damaged cache is made anew. Screens keep what they show meanwhile.
   */
  #mend(desk: Desk, fault: StorageFault): void {
    const opening = this.#opening;
    // A full disk keeps its promises; there is nothing to mend.
    if (fault === 'full' || this.#desk !== desk || opening === null) return;
    this.#ctx.logger.error('cache.fault', { fault });
    void this.#letGo();
    this.#reopen(opening, fault !== 'damaged' ? 'no' : this.#faults === 0 ? 'perhaps' : 'yes');
  }

  #reopen(opening: Opening, damaged: Damaged): void {
    if (this.#opening !== opening) return;
    this.#faults += 1;
    const wait = this.#faults === 1 ? 0 : backoff(this.#faults - 1, this.#ctx.random(), null);
    try {
      this.#open(opening, damaged);
    } catch (error) {
      this.#ctx.logger.error('cache.reopen', { error: error instanceof Error ? error.name : 'unknown' });
      this.#ctx.timers.after(Math.max(wait, 1_000), () => this.#reopen(opening, 'no'));
      return;
    }
    const desk = this.#desk!;
    this.#setPhase('ready');
    // A disk that fails again and again is asked less and less by what nobody waits for.
    this.#ctx.timers.after(wait, () => {
      if (this.#desk === desk) this.#run(desk);
    });
  }

  #count(): void {
    this.#cancelCount?.();
    this.#cancelCount = null;
    const desk = this.#desk;
    // What waits in a cache that ends with this process is not what waits in the one that lies there.
    if (desk === null || this.#places.secrets === 'memory') return;
    try {
      const name = cacheName(desk.url, desk.me().id);
      const { waiting } = this.#profile.value;
      const now = countByState(desk.cache.db, 'queued');
      if ((waiting[name] ?? 0) !== now) this.#profile.update({ waiting: { ...waiting, [name]: now } });
    } catch (error) {
      // The last count stands; it must keep nobody from closing the desk.
      this.#ctx.logger.warn('cache.count', { error: error instanceof Error ? error.name : 'unknown' });
    }
  }

  #contact(): void {
    const { last } = this.#profile.value;
    const desk = this.#desk;
    if (last === null || desk === null) return;
    this.#faults = 0;
    const now = this.#ctx.clock.now();
    const account = desk.me();
    // All that the server had has come in under the present shape, and what it took away has gone: no older copy is needed.
    if (!this.#backupsChecked) forgetBackups(this.#places.path(desk.url, account.id));
    this.#backupsChecked = true;
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
    desk.cache.saveSpare();
  }
}
