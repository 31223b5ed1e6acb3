import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import { defaultSettings } from '../../core/api/settings.ts';
import { ChangeHub } from '../../core/live/changes.ts';
import type { Host } from '../../core/ports.ts';
import { pause, pausedUntil } from '../../core/reminders/holds.ts';
import { close } from '../../core/reminders/ledger.ts';
import { ReminderScheduler } from '../../core/reminders/scheduler.ts';
import { type Cache, openCache } from '../../db/open.ts';
import { reminders } from '../../db/schema/tables.ts';
import { putRow } from '../../db/writes/rows.ts';
import { createChance } from '../../server/seed/random.ts';
import { baseCallback, baseTicket, colleague, holder } from '../../shared/domain/commands/decide-world.ts';
import type { ReminderKind } from '../../shared/domain/reminders/reminder.ts';
import type { Callback, TicketEvent } from '../../shared/domain/tickets.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import { Clockwork, turn } from './clockwork.ts';
import { BrokenPromise, type Moment, Promises } from './promises.ts';
import { checkScreen } from './screen.ts';
import { isBetween, minuteAt, nextOf } from './wall-time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const KEY = '0f'.repeat(32);

/** Zones and moments shortly before their clocks change, or before an ordinary midnight. */
const places: readonly (readonly [zone: string, start: string])[] = [
  ['Asia/Shanghai', '2026-11-21T22:00:00Z'],
  ['Asia/Shanghai', '2026-12-31T13:00:00Z'],
  ['America/New_York', '2026-03-08T03:00:00Z'],
  ['America/New_York', '2026-11-01T02:00:00Z'],
  ['Europe/Berlin', '2026-03-28T20:00:00Z'],
  ['Europe/Berlin', '2026-10-24T20:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T10:00:00Z'],
  ['Asia/Kathmandu', '2026-05-05T15:00:00Z'],
];

/** The cache of a desk in a folder. */
export const openDesk = (folder: string, now: number): Cache => openCache({ path: join(folder, 'cache.db'), key: KEY, now });

/** A computer with the production's scheduler on a real cache, and an agent, colleagues and a system around it. */
export class Computer {
  readonly lines: string[] = [];
  readonly counts: Record<string, number> = { shown: 0 };
  readonly #folder: string;
  readonly #chance: ReturnType<typeof createChance>;
  readonly #clock: Clockwork;
  readonly #promises = new Promises();
  #zone: string;
  #settings = { ...defaultSettings, quiet: { ...defaultSettings.quiet } };
  #duty: 'on' | 'off' = 'on';
  #cache: Cache;
  #run: { readonly scheduler: ReminderScheduler; alive: boolean } | null = null;
  #desktop: 'quick' | 'slow' | 'denies' | 'broken' = 'quick';
  /** What the desktop is being asked to show. */
  #showing: { readonly id: string } | null = null;
  #digests = new Map<string, Moment>();
  #callbacks: Callback[] = [];
  #news: TicketEvent[] = [];
  #serial = 0;
  #expiresAt = 0;
  #broken: unknown = null;

  constructor(folder: string, seed: number) {
    this.#folder = folder;
    this.#chance = createChance(seed * 6007 + 3);
    const [zone, start] = this.#chance.pick(places);
    this.#zone = zone;
    this.#clock = new Clockwork(Date.parse(start) + this.#chance.int(0, 8 * HOUR));
    this.#cache = this.#open();
  }

  async play(): Promise<void> {
    // A ticket of mine that expires on the second day.
    this.#expiresAt = this.#now() + 20 * HOUR;
    this.#cache.transaction((db) => putRow(db, 'ticket', { ...baseTicket, dueAt: this.#expiresAt, nextAt: this.#expiresAt }));
    this.#put({ ...baseCallback, id: this.#id(), dueAt: this.#now() + this.#chance.int(0, 30) * MINUTE });
    this.#start();
    const steps = this.#chance.int(18, 36);
    for (let i = 0; i < steps; i += 1) {
      await this.#act();
      await this.#pass(this.#chance.hit(0.3) ? this.#chance.int(100, 5000) : this.#chance.int(1, this.#chance.pick([20, 240])) * MINUTE);
    }
    // Peace: awake, running, a desktop that answers.
    this.#note('peace');
    this.#desktop = 'quick';
    if (!this.#clock.awake) this.#wake();
    if (this.#run === null) this.#start();
    this.#duty = 'on';
    pause(this.#cache, 0, this.#now());
    await this.#pass(30 * SECOND);
    this.#promises.checkEnd(this.#moment());
    this.counts['shown'] = this.#promises.told;
  }

  async off(): Promise<void> {
    if (this.#run !== null) this.#run.alive = false;
    this.#cache.close();
    await turn();
  }

  // ── what happens ──────────────────────────────────────────────────────────────────────────────────────

  async #act(): Promise<void> {
    const { hit, int, pick } = this.#chance;
    const open = this.#callbacks.filter((c) => c.outcome === null && c.assigneeId === holder.id);
    const away = this.#callbacks.filter((c) => c.outcome === null && c.assigneeId !== holder.id);
    const some = <T>(list: readonly T[], then: (one: T) => void): void => (list.length > 0 ? then(pick(list)) : undefined);
    const when = (): number => this.#now() + pick([int(-30, 0), int(0, 10), int(1, 180), int(60, 2000)]) * MINUTE + int(0, 59_999);
    const acts: readonly (readonly [name: string, share: number, act: () => void | Promise<void>])[] = [
      ['callback', 6, () => this.#put({ ...baseCallback, id: this.#id(), dueAt: when() })],
      ['burst', 2, () => this.#burst(when(), int(2, 7))],
      ['move', 3, () => some(open, (c) => this.#put({ ...c, dueAt: when(), snoozes: c.snoozes + 1 }))],
      ['move back', 1, () => some(open, (c) => this.#put({ ...c, dueAt: c.createdAt }))],
      ['done', 2, () => some(open, (c) => this.#put({ ...c, outcome: 'done' }))],
      ['gone', 2, () => some(open, (c) => this.#put({ ...c, assigneeId: colleague.id }))],
      ['back', 2, () => some(away, (c) => this.#put({ ...c, assigneeId: holder.id }))],
      ['news', 3, () => this.#hear()],
      ['touched', 1, () => some(this.#news, (e) => this.#touch(e))],
      ['dismiss', 2, () => this.#dismiss()],
      ['enter', 2, () => this.#enter()],
      ['sleep', 3, () => this.#sleep()],
      ['restart', 2, () => this.#restart()],
      ['kill', 2, () => this.#kill()],
      ['clock', 2, () => this.#setClock(pick([int(-30, 30) * HOUR, int(-90, 90) * MINUTE, int(-5000, 5000)]))],
      ['zone', 1, () => void (this.#zone = pick(places)[0])],
      ['quiet', 2, () => this.#beQuiet()],
      ['pause', 1, () => void pause(this.#cache, pick([0, 60, 60, int(1, 480)]), this.#now())],
      ['duty', 1, () => void (this.#duty = this.#duty === 'on' ? 'off' : 'on')],
      ['desktop', 2, () => void (this.#desktop = pick(['quick', 'quick', 'slow', 'denies', 'broken']))],
    ];
    let at = int(
      1,
      acts.reduce((n, [, share]) => n + share, 0),
    );
    const [name, , act] = acts.find(([, share]) => (at -= share) <= 0)!;
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    this.#note(name);
    await act();
    // What is told of a changed setting is a look at the clock.
    if (['pause', 'quiet'].includes(name) || hit(0.2)) this.#run?.scheduler.tick();
    await turn();
    this.#look();
  }

  #burst(at: number, n: number): void {
    for (let i = 0; i < n; i += 1) this.#put({ ...baseCallback, id: this.#id(), dueAt: at + this.#chance.int(0, 300) });
  }

  /** A row came or was changed here: the cache has it, and the scheduler hears of it if it runs. */
  #put(callback: Callback): void {
    const now = this.#now();
    const kept = { ...callback, createdAt: callback.createdAt === baseCallback.createdAt ? callback.dueAt : callback.createdAt };
    this.#callbacks = [...this.#callbacks.filter((c) => c.id !== kept.id), kept];
    this.#cache.transaction((db) => putRow(db, 'callback', kept));
    this.#promises.drop(kept.id, this.#clock.elapsed);
    if (kept.outcome === null && kept.assigneeId === holder.id)
      this.#promises.promise('callback', kept.id, kept.dueAt, this.#clock.elapsed);
    this.#note(`  ${kept.id.slice(-4)} ${kept.outcome ?? kept.assigneeId.slice(-2)} in ${Math.round((kept.dueAt - now) / 1000)} s`);
    this.#run?.scheduler.refresh();
  }

  #hear(): void {
    // News comes with a page, and pages come to a program that runs.
    if (this.#run === null || !this.#clock.awake) return;
    const ticketId = this.#id();
    this.#cache.transaction((db) => putRow(db, 'ticket', { ...baseTicket, id: ticketId, dueAt: null, nextAt: null }));
    const receivedAt = this.#now() + this.#chance.pick([0, -HOUR, HOUR]);
    const event: TicketEvent = {
      id: this.#id(),
      ticketId,
      actorId: colleague.id,
      command: 'transfer',
      note: '',
      changes: {},
      occurredAt: receivedAt,
      receivedAt,
    };
    this.#news.push(event);
    // Told at once, whatever its time.
    this.#promises.promise('transfer', event.id, receivedAt, this.#clock.elapsed);
    const { scheduler } = this.#run;
    const twice = this.#chance.hit(0.2);
    for (const _ of twice ? [1, 2] : [1]) {
      this.#cache.transaction((db) => scheduler.received(db, [event]));
      scheduler.refresh();
    }
  }

  #touch(event: TicketEvent): void {
    this.#cache.transaction((db) =>
      putRow(db, 'ticket', { ...baseTicket, id: event.ticketId, status: 'processing', dueAt: null, nextAt: null }),
    );
    this.#promises.drop(event.id, this.#clock.elapsed);
    this.#run?.scheduler.refresh();
  }

  #dismiss(): void {
    const row = this.#cache.db.select().from(reminders).where(eq(reminders.state, 'shown')).limit(1).get();
    if (row === undefined || this.#run === null) return;
    this.#cache.transaction((db) => close(db, row.id, 'dismissed', this.#now()));
    this.#promises.end(row.kind, row.subject, row.showAt);
  }

  /** F03: the list of what expires, on the first entry of a local day, and on no other. */
  #enter(): void {
    if (this.#run === null) return;
    const of = (day: string) => this.#cache.db.select().from(reminders).where(eq(reminders.subject, day)).all();
    const local = Temporal.Instant.fromEpochMilliseconds(this.#now()).toZonedDateTimeISO(this.#zone);
    const day = local.toPlainDate().toString();
    const before = of(day);
    this.#run.scheduler.enterMyTickets();
    const after = of(day);
    const expires = this.#expiresAt < local.add({ days: 1 }).startOfDay().epochMilliseconds;
    if (after.length !== (expires || before.length > 0 ? 1 : 0))
      throw new BrokenPromise(after.length > 1 ? 'doubled' : 'missed', `${day} has ${after.length} lists of what expires`);
    if (after.some((r) => r.shownAt === null)) throw new BrokenPromise('missed', `the list of ${day} is not on screen`);
  }

  async #sleep(): Promise<void> {
    this.#clock.awake = false;
    await this.#pass(
      this.#chance.pick([this.#chance.int(1, 60) * SECOND, this.#chance.int(1, 90) * MINUTE, this.#chance.int(1, 20) * HOUR]),
    );
    this.#wake();
  }

  #wake(): void {
    this.#note('wakes');
    this.#clock.awake = true;
    this.#promises.changed(this.#clock.elapsed);
  }

  #start(): void {
    const run = { alive: true };
    const timers = this.#clock.timersFor(() => run.alive);
    const scheduler = new ReminderScheduler({
      cache: this.#cache,
      hub: new ChangeHub(),
      host: this.#hostOf(run),
      me: () => ({ ...holder, duty: this.#duty }),
      clock: this.#clock,
      timers,
      ids: () => this.#id(),
      zone: () => this.#zone,
      settings: () => this.#settings,
      logger: { ...silentLogger, error: (_event, fields) => (this.#broken ??= new BrokenPromise('other', JSON.stringify(fields))) },
    });
    this.#run = Object.assign(run, { scheduler });
    this.#promises.changed(this.#clock.elapsed);
    scheduler.start();
  }

  async #restart(): Promise<void> {
    const run = this.#run;
    if (run === null) return this.#start();
    // Nobody ends a program on a computer that sleeps, and what it is showing could not come to an end.
    if (!this.#clock.awake) this.#wake();
    let ended = false;
    const stopped = run.scheduler.stop().finally(() => (ended = true));
    this.#run = null;
    // In order: what is under way may begin and end, and the system's time goes on meanwhile.
    do {
      await turn();
      await this.#pass(10 * SECOND);
    } while (!ended);
    await stopped;
    run.alive = false;
    await this.#pass(this.#chance.pick([0, this.#chance.int(1, 600) * SECOND, this.#chance.int(1, 20) * HOUR]));
    this.#start();
  }

  async #kill(): Promise<void> {
    if (this.#run === null) return;
    // In the middle of a show, if there is one soon.
    for (let i = 0; i < 20 && this.#showing === null; i += 1) await this.#pass(100);
    this.#run.alive = false;
    this.#run = null;
    for (const row of this.#cache.db.select().from(reminders).where(eq(reminders.state, 'armed')).all())
      if (row.id === this.#showing?.id || (this.#showing?.id.startsWith('digest:') ?? false))
        this.#promises.excuse(row.kind, row.subject, row.showAt);
    this.#note(this.#showing === null ? 'killed' : 'killed while showing');
    this.#showing = null;
    this.#cache.close();
    this.#cache = this.#open();
    await this.#pass(this.#chance.pick([0, this.#chance.int(1, 600) * SECOND]));
    this.#start();
  }

  #setClock(by: number): void {
    this.#clock.offset += by;
    this.#promises.changed(this.#clock.elapsed);
    this.#note(`  by ${by} ms`);
  }

  #beQuiet(): void {
    const { hit, int } = this.#chance;
    const kinds: ReminderKind[] = hit(0.5) ? ['transfer', 'assignment', 'expiry'] : ['transfer', 'assignment', 'callback', 'expiry'];
    this.#settings = { ...this.#settings, quiet: { on: hit(0.8), from: int(0, 1439), to: int(0, 1439), kinds } };
  }

  // ── the desktop ───────────────────────────────────────────────────────────────────────────────────────

  #hostOf(run: { readonly alive: boolean }): Host {
    return {
      call: (name: string, input: unknown) => {
        if (name !== 'notify.show') return Promise.resolve({} as never);
        return this.#show(run, (input as { id: string }).id).catch((error: unknown) => {
          if (error instanceof BrokenPromise) this.#broken ??= error;
          throw error;
        }) as Promise<never>;
      },
    } as Host;
  }

  async #show(run: { readonly alive: boolean }, id: string): Promise<{ shown: boolean }> {
    this.#note(`  the ${this.#desktop} desktop is to show ${id.slice(-12)}`);
    // Whether it comes in time, before it counts as shown.
    this.#promises.look(this.#moment());
    if (id.startsWith('digest:')) this.#digests.set(id, this.#moment());
    else {
      const row = this.#cache.db.select().from(reminders).where(eq(reminders.id, id)).get();
      if (row === undefined) throw new BrokenPromise('other', `${id} is shown and in no ledger`);
      this.#promises.shown(row.kind, row.subject, row.showAt, this.#moment());
    }
    if (this.#desktop === 'broken') throw new Error('no desktop');
    const showing = { id };
    this.#showing = showing;
    // A desktop always takes a moment, in which a program may be killed.
    const takes = this.#desktop === 'slow' ? this.#chance.int(200, 9000) : 20;
    await new Promise<void>((resolve) => this.#clock.timersFor(() => true).after(takes, resolve));
    if (this.#showing === showing) this.#showing = null;
    this.#promises.changed(this.#clock.elapsed);
    // Whoever asked is gone.
    if (!run.alive) return new Promise(() => {});
    return { shown: this.#desktop !== 'denies' };
  }

  // ── looking ───────────────────────────────────────────────────────────────────────────────────────────

  #moment(): Moment {
    const wall = this.#now();
    return {
      elapsed: this.#clock.elapsed,
      wall,
      ready: this.#run !== null && this.#clock.awake && this.#showing === null,
      held: (kind) => this.#isHeld(kind, wall),
    };
  }

  /** By the words of the settings page, not by the program's code. */
  #isHeld(kind: ReminderKind, wall: number): boolean {
    if (this.#duty === 'off' || pausedUntil(this.#cache.db, wall) !== null) return true;
    const { quiet } = this.#settings;
    return quiet.on && quiet.kinds.includes(kind) && isBetween(minuteAt(wall, this.#zone), quiet.from, quiet.to);
  }

  /** The next moment on the wall at which something may fall due or be let go. */
  #next(): number {
    const wall = this.#now();
    const { expiryNoticeAt, quiet } = this.#settings;
    const paused = pausedUntil(this.#cache.db, wall) ?? Infinity;
    return Math.min(nextOf([quiet.from, quiet.to, expiryNoticeAt], wall, this.#zone), paused, ...this.#promises.ahead(wall));
  }

  #look(): void {
    if (this.#broken !== null) throw this.#broken;
    for (const [digest, moment] of this.#digests) {
      const rows = this.#cache.db.select().from(reminders).where(eq(reminders.digest, digest)).all();
      if (rows.length === 0) continue;
      this.#digests.delete(digest);
      for (const row of rows) this.#promises.shown(row.kind, row.subject, row.showAt, moment);
    }
    this.#promises.look(this.#moment());
    if (this.#showing === null && this.#run !== null) checkScreen(this.#cache, this.#promises.onScreen());
  }

  #pass(ms: number): Promise<void> {
    return this.#clock.pass(
      ms,
      () => this.#next(),
      () => this.#look(),
    );
  }

  #now(): number {
    return this.#clock.now();
  }

  #open(): Cache {
    return openDesk(this.#folder, this.#now());
  }

  #id(): string {
    this.#serial += 1;
    return `00000000-0000-7000-8000-${String(this.#serial + 10_000).padStart(12, '0')}`;
  }

  #note(what: string): void {
    this.lines.push(`${String(this.#clock.elapsed).padStart(10)} ${new Date(this.#now()).toISOString()} ${what}`);
  }
}
