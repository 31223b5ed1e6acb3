import { hash } from 'node:crypto';
import type { PullResponse } from '../../shared/protocol/wire.ts';

const kinds = ['ticket', 'customer', 'callback', 'event', 'transfer'] as const;
type Kind = (typeof kinds)[number];

/** How many rows of each kind, and one hash over all of them. */
export interface RowSum {
  readonly counts: Readonly<Record<Kind, number>>;
  readonly checksum: string;
}

interface Held {
  readonly digest: string;
  /** The ticket that it goes with. */
  readonly ticketId: string | null;
}

/** What a client has after its pages: of each row its hash, so that hundreds of clients fit into a process. */
export class HeldRows {
  readonly #rows: Readonly<Record<Kind, Map<string, Held>>> = {
    ticket: new Map(),
    customer: new Map(),
    callback: new Map(),
    event: new Map(),
    transfer: new Map(),
  };

  apply({ rows, evict }: PullResponse): void {
    this.#put('ticket', rows.tickets, (t) => t.id);
    this.#put('customer', rows.customers, () => null);
    this.#put('callback', rows.callbacks, (c) => c.ticketId);
    this.#put('event', rows.events, (e) => e.ticketId);
    // 已转派 stays with whoever gave the ticket away.
    this.#put('transfer', rows.transfers, () => null);
    for (const id of evict.customers) this.#rows.customer.delete(id);
    const gone = new Set(evict.tickets);
    if (gone.size === 0) return;
    for (const kind of kinds)
      for (const [id, { ticketId }] of this.#rows[kind]) if (ticketId !== null && gone.has(ticketId)) this.#rows[kind].delete(id);
  }

  clear(): void {
    for (const kind of kinds) this.#rows[kind].clear();
  }

  sum(): RowSum {
    const lines = kinds.flatMap((kind) => [...this.#rows[kind]].map(([id, { digest }]) => `${kind} ${id} ${digest}`)).toSorted();
    const counts = Object.fromEntries(kinds.map((kind) => [kind, this.#rows[kind].size])) as Record<Kind, number>;
    return { counts, checksum: hash('sha256', lines.join('\n')) };
  }

  #put<T extends { readonly id: string }>(kind: Kind, rows: readonly T[], ticketOf: (row: T) => string | null): void {
    for (const row of rows) this.#rows[kind].set(row.id, { digest: hash('sha1', JSON.stringify(row), 'base64'), ticketId: ticketOf(row) });
  }
}
