/** What a write touched, so that a screen re-reads only what changed. */
export type Topic =
  | 'tickets'
  | 'customers'
  | 'personal'
  | 'imports'
  | 'exports'
  | 'directory'
  | 'outbox'
  | 'drafts'
  | 'attachments'
  | 'reminders'
  | 'calls'
  | 'session'
  | 'sync'
  | 'settings'
  | 'clock';

/** What a screen shows of one account: all of it changes when another desk is opened, or none. */
export const ofADesk = [
  'session',
  'sync',
  'tickets',
  'customers',
  'personal',
  'imports',
  'exports',
  'directory',
  'outbox',
  'drafts',
  'attachments',
  'reminders',
  'calls',
  'settings',
] as const satisfies readonly Topic[];

export interface Changes {
  readonly topics: ReadonlySet<Topic>;
  /** The tickets behind `tickets`; null: any may have changed. */
  readonly tickets: ReadonlySet<string> | null;
}

/** Gathers what has changed and tells it once the present turn of the event loop is over. */
export class ChangeHub {
  readonly #listeners = new Set<(changes: Changes) => void>();
  #topics = new Set<Topic>();
  #tickets: Set<string> | null = new Set();
  #scheduled = false;

  emit(topics: Iterable<Topic>, tickets: Iterable<string> | null = null): void {
    let touchesTickets = false;
    for (const topic of topics) {
      this.#topics.add(topic);
      touchesTickets ||= topic === 'tickets';
    }
    if (touchesTickets) {
      if (tickets === null) this.#tickets = null;
      else if (this.#tickets !== null) for (const id of tickets) this.#tickets.add(id);
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      const changes: Changes = { topics: this.#topics, tickets: this.#tickets };
      this.#topics = new Set();
      this.#tickets = new Set();
      this.#scheduled = false;
      for (const listener of this.#listeners) listener(changes);
    });
  }

  subscribe(listener: (changes: Changes) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
