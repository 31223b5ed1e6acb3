import { type Command, decide } from '../../../shared/domain/commands/index.ts';
import type { Customer } from '../../../shared/domain/tickets.ts';
import type { PushResult } from '../../../shared/protocol/wire.ts';
import { NOW } from '../data.ts';
import { directory, me } from '../our-rows.ts';

// This project's protocol over rows that are text. What is pushed is decided by the same `decide` as on the real server, which
// reads its state from a database and is measured elsewhere.

const EPOCH = 'bench';
const VIEW = 'all';

/** The rows of one change as text; of `ticket`, `callback` and `customer` `''` for none. */
export interface Texts {
  readonly ticket: string;
  readonly callback: string;
  readonly customer: string;
  readonly events: readonly string[];
}

export const textOf = (row: unknown): string => (row === null || row === undefined ? '' : JSON.stringify(row));

export interface Place {
  readonly mode: 'snapshot' | 'delta';
  readonly cursor: number;
  readonly after: string | null;
  readonly more: boolean;
  /** Tickets of the whole snapshot. */
  readonly total: number;
}

/** @param first with it goes what every device has beside tickets */
export function pageOf({ mode, cursor, after, more, total }: Place, texts: readonly Texts[], first: boolean): string {
  const { accounts, groups, parameters, customFields } = directory;
  const small = first ? { accounts, groups, parameters, customFields } : { accounts: [], groups: [], parameters: null, customFields: null };
  const rest = { ...small, transfers: [], attachments: [], searches: null, phrases: null };
  const head = { epoch: EPOCH, view: VIEW, now: NOW, mode, cursor, mark: null, after, more, total: mode === 'snapshot' ? total : null };
  const one = (kind: 'ticket' | 'callback' | 'customer'): string =>
    texts
      .map((t) => t[kind])
      .filter((text) => text !== '')
      .join(',');
  const events = texts.flatMap((t) => t.events).join(',');
  const rows = `"tickets":[${one('ticket')}],"callbacks":[${one('callback')}],"customers":[${one('customer')}],"events":[${events}]`;
  return `${JSON.stringify(head).slice(0, -1)},"evict":{"tickets":[],"customers":[]},"rows":${JSON.stringify(rest).slice(0, -1)},${rows}}}`;
}

/** What a server does with new tickets that are pushed: each counts once. */
export class Counter {
  readonly #customerOf: (id: string) => Customer | undefined;
  readonly #publish: (texts: Texts) => number;
  readonly #accounts = new Map(directory.accounts.map((account) => [account.id, account]));
  readonly #answers = new Map<string, PushResult>();
  #taken = 0;

  /** @param publish puts a change into the feed; returns its place there */
  constructor(customerOf: (id: string) => Customer | undefined, publish: (texts: Texts) => number) {
    this.#customerOf = customerOf;
    this.#publish = publish;
  }

  get taken(): number {
    return this.#taken;
  }

  answer(commands: readonly Command[]): string {
    const results = commands.map((command) => {
      const known = this.#answers.get(command.id) ?? this.#take(command);
      this.#answers.set(command.id, known);
      return known;
    });
    return JSON.stringify({ epoch: EPOCH, now: NOW, results });
  }

  #take(command: Command): PushResult {
    const { customerId } = command.args as { customerId: string };
    const state = {
      ticket: null,
      customer: this.#customerOf(customerId) ?? null,
      callbacks: [],
      attachments: [],
      events: [],
      parameters: directory.parameters,
      fields: directory.customFields,
      openElsewhere: 0,
      twinOf: () => null,
      account: (id: string) => this.#accounts.get(id) ?? null,
    };
    const decision = decide(state, command, me, NOW);
    if (!decision.ok) return { id: command.id, status: 'refused', refusal: decision.error };
    this.#taken += 1;
    const { ticket, customer, event } = decision.value;
    const seq = this.#publish({
      ticket: textOf({ ...ticket, number: 90_000_000 + this.#taken }),
      callback: '',
      customer: textOf(customer),
      events: [textOf({ ...event, receivedAt: NOW })],
    });
    return { id: command.id, status: 'applied', seq, mark: null };
  }
}
