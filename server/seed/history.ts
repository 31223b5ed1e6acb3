import { type Command, type CommandArgs, type CommandKind, decide } from '../../shared/domain/commands/index.ts';
import type { Account, Actor } from '../../shared/domain/people.ts';
import {
  type Callback,
  type Customer,
  defaultParameters,
  type Ticket,
  type TicketEvent,
  type Transfer,
} from '../../shared/domain/tickets.ts';
import { demoFields } from './custom-fields.ts';
import type { Chance } from './random.ts';

/** A customer with all that is known of it while the demo is made. */
export interface Person {
  customer: Customer;
  readonly tickets: Story[];
  readonly held: Set<string>;
}

/** Plays commands on one ticket by the real rules, so that what it leaves behind is coherent. */
export class Story {
  ticket: Ticket | null = null;
  readonly id: string;
  readonly callbacks = new Map<string, Callback>();
  readonly events: TicketEvent[] = [];
  readonly transfers: Transfer[] = [];
  #last = 0;
  readonly #person: Person;
  readonly #chance: Chance;
  readonly #accounts: ReadonlyMap<string, Account>;

  constructor(person: Person, chance: Chance, accounts: ReadonlyMap<string, Account>, at: number) {
    this.#person = person;
    this.#chance = chance;
    this.#accounts = accounts;
    this.id = chance.id(at);
    person.tickets.push(this);
  }

  /** @throws Error if the rules refuse it: the demo's script is wrong then */
  run<K extends CommandKind>(kind: K, args: CommandArgs<K>, actor: Actor, at: number): void {
    // History goes forward.
    const now = Math.max(Math.round(at), this.#last + 1);
    this.#last = now;
    const command = {
      id: this.#chance.id(now),
      kind,
      ticketId: this.id,
      args,
      occurredAt: now - this.#chance.int(0, 900),
    } as unknown as Command;
    const result = decide(
      {
        ticket: this.ticket,
        customer: this.#person.customer,
        callbacks: [...this.callbacks.values()],
        attachments: [],
        events: this.events,
        parameters: defaultParameters,
        fields: demoFields,
        openElsewhere: 0,
        twinOf: () => null,
        account: (id) => this.#accounts.get(id) ?? null,
      },
      command,
      actor,
      now,
    );
    if (!result.ok) throw new Error(`demo: ${kind} refused with ${result.error.code}`);
    const { ticket, customer, callbacks, event, transfer } = result.value;
    this.ticket = ticket;
    if (customer !== undefined) this.#person.customer = customer;
    for (const c of callbacks) this.callbacks.set(c.id, c);
    this.events.push({ ...event, receivedAt: now });
    if (transfer !== undefined) this.transfers.push(transfer);
    if (ticket.assigneeId !== null) this.#person.held.add(`a:${ticket.assigneeId}`);
  }

  /** 预约回访 for `dueAt`, written down at `at`. */
  callBack(dueAt: number, note: string, actor: Account, at: number): void {
    const now = Math.min(at, dueAt - 1000);
    this.run('scheduleCallback', { callbackId: this.#chance.id(now), dueAt: Math.round(dueAt), note }, actor, now);
  }
}
