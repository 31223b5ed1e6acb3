import { LATE_MS, type ReminderKind } from '../../shared/domain/reminders/reminder.ts';

/** What a reminder owes its agent, kept beside the program and without its code. */
interface Owed {
  readonly kind: ReminderKind;
  readonly subject: string;
  /** On the wall. */
  readonly showAt: number;
  standing: boolean;
  /** Elapsed time since when it does not; null: it always did. */
  droppedAt: number | null;
  /** Elapsed time since when it stands. */
  since: number;
  shown: number;
  /** Times it may have been shown once more: the program was killed between showing and noting it. */
  excused: number;
  /** Elapsed time since which nothing stands in its way; null: something does. */
  owedSince: number | null;
  /** The agent has dealt with it. */
  ended: boolean;
}

export type Fault = 'missed' | 'doubled' | 'early' | 'late' | 'other';
export class BrokenPromise extends Error {
  readonly fault: Fault;
  constructor(fault: Fault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Awake, with nothing changed in between. */
const PUNCTUAL_MS = 2000;
/** What was begun before a hold goes on, however slow the desktop is. */
const BEGUN_MS = 60_000;

export interface Moment {
  /** ms. */
  readonly elapsed: number;
  /** Device time, epoch ms. */
  readonly wall: number;
  /** The program runs, the computer is awake, and no show is under way. */
  readonly ready: boolean;
  readonly held: (kind: ReminderKind) => boolean;
}

export class Promises {
  readonly #all = new Map<string, Owed>();
  /** When something last changed that may hold reminders back, elapsed ms. */
  #changedAt = 0;
  #before = '';
  readonly #heldSince = new Map<ReminderKind, number>();

  /** Of an expiry notice the day alone counts. */
  #key = (kind: ReminderKind, subject: string, showAt: number): string => `${kind} ${subject} ${kind === 'expiry' ? '' : showAt}`;

  promise(kind: ReminderKind, subject: string, showAt: number, elapsed: number): void {
    const key = this.#key(kind, subject, showAt);
    const known = this.#all.get(key);
    const since = elapsed;
    if (known === undefined)
      this.#all.set(key, {
        kind,
        subject,
        showAt,
        standing: true,
        droppedAt: null,
        since,
        shown: 0,
        excused: 0,
        owedSince: null,
        ended: false,
      });
    else if (!known.standing) Object.assign(known, { standing: true, since });
  }

  /** It no longer stands, whatever its time. */
  drop(subject: string, elapsed: number): void {
    for (const p of this.#all.values())
      if (p.subject === subject) {
        if (p.standing) p.droppedAt = elapsed;
        p.standing = false;
        // Taken off the screen; should it come back, it has been seen.
        p.ended = p.shown > 0;
      }
  }

  /** The agent has dealt with what was shown of it. */
  end(kind: ReminderKind, subject: string, showAt: number): void {
    const p = this.#all.get(this.#key(kind, subject, showAt));
    if (p !== undefined) p.ended = true;
  }

  /** Of the callbacks and news that stand, when they are to be shown. */
  ahead(wall: number): number[] {
    return [...this.#all.values()].filter((p) => p.standing && p.shown === 0 && p.showAt > wall).map((p) => p.showAt);
  }

  /** Was shown and stands, so it has to be on screen; one that was cut short by a kill is shown again before. */
  onScreen(): { readonly kind: ReminderKind; readonly subject: string; readonly showAt: number }[] {
    return [...this.#all.values()].filter((p) => p.kind !== 'expiry' && p.standing && p.shown > p.excused && !p.ended);
  }

  /** The desktop was asked to show it. */
  shown(kind: ReminderKind, subject: string, showAt: number, moment: Moment): void {
    const { elapsed, held, wall } = moment;
    const p = this.#all.get(this.#key(kind, subject, showAt));
    if (kind === 'expiry' && p === undefined) {
      this.promise(kind, subject, showAt, elapsed);
      return this.shown(kind, subject, showAt, moment);
    }
    if (p === undefined) throw new BrokenPromise('other', `${kind} ${subject} was shown and never promised`);
    p.shown += 1;
    p.owedSince = null;
    if (p.shown > 1 + p.excused) throw new BrokenPromise('doubled', `${kind} ${subject} was shown ${p.shown} times`);
    // Which ones a digest told of is known when it has been shown: some may have gone meanwhile, and have been seen.
    if (!p.standing && p.droppedAt !== null && p.droppedAt >= elapsed) p.ended = true;
    else if (kind !== 'expiry' && !p.standing) throw new BrokenPromise('other', `${kind} ${subject} was shown though it no longer stands`);
    if (held(kind) && elapsed - (this.#heldSince.get(kind) ?? elapsed) > BEGUN_MS)
      throw new BrokenPromise('early', `${kind} ${subject} was shown though it is held`);
    if (kind === 'callback' && wall < showAt) throw new BrokenPromise('early', `${kind} ${subject} was shown ${showAt - wall} ms early`);
  }

  /** The program was killed while these were being shown. */
  excuse(kind: ReminderKind, subject: string, showAt: number): void {
    const p = this.#all.get(this.#key(kind, subject, showAt));
    if (p !== undefined) p.excused += 1;
  }

  /** Something that holds reminders back has changed: woken, started, clock set, back on duty. */
  changed(elapsed: number): void {
    this.#changedAt = elapsed;
  }

  /** Looks whether anything is overdue. */
  look(moment: Moment): void {
    const { elapsed, held, ready, wall } = moment;
    const now = `${ready} ${(['transfer', 'callback'] as const).map(held).join(' ')}`;
    if (now !== this.#before) this.changed(elapsed);
    this.#before = now;
    for (const kind of ['transfer', 'callback'] as const) {
      if (!held(kind)) this.#heldSince.delete(kind);
      else if (!this.#heldSince.has(kind)) this.#heldSince.set(kind, elapsed);
    }
    for (const p of this.#all.values()) {
      if (p.kind === 'expiry') continue;
      // News has no time of its own.
      const showAt = p.kind === 'callback' ? p.showAt : -Infinity;
      const owed = p.standing && p.shown === 0 && ready && wall >= showAt && !held(p.kind);
      if (!owed) {
        p.owedSince = null;
        continue;
      }
      const dueFor = wall - showAt;
      // Freed by a change it has five seconds, else two from its time.
      const punctual = elapsed - dueFor > Math.max(this.#changedAt, p.since);
      p.owedSince ??= punctual ? elapsed - dueFor : elapsed;
      const late = elapsed - p.owedSince;
      if (late > (punctual ? PUNCTUAL_MS : LATE_MS))
        throw new BrokenPromise('late', `${p.kind} ${p.subject} is owed for ${late} ms${punctual ? '' : ' after a change'}`);
    }
  }

  /** At the end all that was due has been shown. */
  checkEnd({ held, wall }: Moment): void {
    for (const p of this.#all.values())
      if (p.kind !== 'expiry' && p.standing && p.shown === 0 && wall >= p.showAt && !held(p.kind))
        throw new BrokenPromise('missed', `${p.kind} ${p.subject} was never shown`);
  }

  get told(): number {
    return [...this.#all.values()].filter((p) => p.shown > 0).length;
  }
}
