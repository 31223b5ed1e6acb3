import type { ChangeHub, Changes, Topic } from './changes.ts';

export interface Dependency {
  readonly topics: readonly Topic[];
  /** Only changes of this ticket count under `tickets`. */
  readonly ticketId?: string;
}

/** Where a query's values go. */
export interface Sink<T> {
  emit(value: T): void;
  /** The read failed; the query goes on and may succeed after the next change. */
  fail(error: unknown): void;
}

/** How long screens are read without a break. */
const SLICE_MS = 4;

interface Screen {
  read(): void;
  /** How long its last reading took. */
  ms: number;
}

/**
 * Screens that have to be read again: the quickest first and, from a few milliseconds on, one in each turn of the event
 * loop, so that a call has its answer between two of them. What changes meanwhile is read once.
 */
class Rereads {
  readonly #waiting = new Set<Screen>();
  #planned = false;

  add(screen: Screen): void {
    this.#waiting.add(screen);
    this.#plan();
  }

  delete(screen: Screen): void {
    this.#waiting.delete(screen);
  }

  /** One slice a turn, also when all that waited has been read at once meanwhile. */
  #plan(): void {
    if (this.#planned || this.#waiting.size === 0) return;
    this.#planned = true;
    setImmediate(() => this.#slice());
  }

  #slice(): void {
    this.#planned = false;
    const until = performance.now() + SLICE_MS;
    for (const screen of [...this.#waiting].toSorted((a, b) => a.ms - b.ms)) {
      // Another one's reading may have ended it.
      if (!this.#waiting.delete(screen)) continue;
      screen.read();
      if (performance.now() > until) break;
    }
    this.#plan();
  }
}

const rereads = new WeakMap<ChangeHub, Rereads>();

/**
 * Reads now and again after each change that it depends on; hands out a value only if it differs from the last one. Another
 * desk is read at once: what a screen shows of one account changes together.
 */
export function liveQuery<T>(hub: ChangeHub, on: Dependency, read: () => T, to: Sink<T>): () => void {
  let last: string | undefined;
  const run = (): void => {
    let value: T;
    try {
      value = read();
    } catch (error) {
      last = undefined;
      return to.fail(error);
    }
    const text = JSON.stringify(value);
    if (text === last) return;
    last = text;
    to.emit(value);
  };
  const waiting = rereads.get(hub) ?? new Rereads();
  rereads.set(hub, waiting);
  const screen: Screen = {
    ms: 0,
    read() {
      const begun = performance.now();
      run();
      screen.ms = performance.now() - begun;
    },
  };
  const concerned = (changes: Changes): boolean =>
    on.topics.some((topic) => {
      if (!changes.topics.has(topic)) return false;
      return topic !== 'tickets' || on.ticketId === undefined || changes.tickets === null || changes.tickets.has(on.ticketId);
    });
  const stop = hub.subscribe((changes) => {
    if (!concerned(changes)) return;
    if (!changes.topics.has('session')) return waiting.add(screen);
    waiting.delete(screen);
    screen.read();
  });
  screen.read();
  return () => {
    stop();
    waiting.delete(screen);
  };
}
