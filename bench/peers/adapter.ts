import type { SampleTicket } from './data.ts';

/** What a client process is told to do. */
export interface Job {
  /** Path of its module. */
  readonly adapter: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Where the engine keeps its files; `reopen` finds what `main` left there. */
  readonly dir: string;
  /** Of the server that this engine syncs with. */
  readonly url: string;
  /** Addresses of further servers that it needs. */
  readonly extra: Readonly<Record<string, string>>;
  readonly size: number;
  /** So many tickets are made on the device while it is offline. */
  readonly actions: number;
  readonly phase: 'main' | 'reopen';
}

/** What a round of changes on the server ended with: the last ticket, to be seen on the device. */
export interface Changed {
  readonly sample: { readonly id: string; readonly updatedAt: number };
}

type MaybePromise<T> = T | Promise<T>;
/** A ticket as the engine gives it; only its id is looked at. */
export interface FoundRow {
  readonly id: string;
}

/** One engine with a device's worth of data in it. Every answer is checked before it is timed. */
export interface Adapter {
  /** All tickets, durable and indexed. */
  syncAll(): Promise<unknown>;
  /** What an idle engine does after a sync; not timed. */
  settle?(): unknown;
  /** How many tickets are here. */
  count(): MaybePromise<number>;
  /** What changed; durable and to be read before it resolves. */
  delta(changed: Changed): Promise<unknown>;
  get(id: string): MaybePromise<{ readonly updatedAt: number } | null | undefined>;
  /** My open tickets, the first 50 by due date. */
  list(): MaybePromise<readonly FoundRow[]>;
  /** Due dates and callbacks of my open tickets in the six windows. */
  buckets(): MaybePromise<Readonly<Record<string, number>>>;
  /** At most 50 tickets whose subject or description has the text, the newest first if the engine can sort. */
  search(text: string): MaybePromise<readonly FoundRow[]>;
  /** The search of the palette, if the engine has another than `search`. */
  palette?(text: string): MaybePromise<readonly FoundRow[]>;
  goOffline?(): unknown;
  /** Saves a new ticket here, with its place in the queue. */
  createDraft(ticket: SampleTicket): unknown;
  /**
   * Online again: returns when the server has all that was queued and this device knows what the server made of it.
   * @param accepted called once the first of the two is so, if the engine can tell them apart
   */
  drain(accepted: () => void): Promise<unknown>;
  close(): unknown;
}

export interface AdapterModule {
  /** What nobody waits for, before the main phase; not timed. */
  prepare?(job: Job): Promise<unknown>;
  open(job: Job): MaybePromise<Adapter>;
}
