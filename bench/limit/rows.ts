import type Database from 'better-sqlite3';
import type { PullResponse } from '../../shared/protocol/wire.ts';
import { indexed, learnSounds } from './words.ts';

type Row = Readonly<Record<string, unknown>>;
/** What the limit reads of a page. */
export type RawPage = Pick<PullResponse, 'rows' | 'cursor' | 'after' | 'more'>;

const tables = {
  accounts: 'account',
  groups: 'staff_group',
  customFields: 'custom_field',
  customers: 'customer',
  tickets: 'ticket',
  callbacks: 'callback',
  events: 'ticket_event',
} as const;
type Kind = keyof typeof tables;

const toColumn = (key: string): string => key.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
function toValue(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

interface Statement {
  readonly keys: readonly string[];
  readonly run: Database.Statement;
}
interface TicketBefore {
  readonly rowid: number;
  readonly subject: string;
  readonly description: string;
}

/** Rows of pages as plain prepared statements, compiled once. */
export class RawRows {
  readonly #raw: Database.Database;
  readonly #statements = new Map<string, Statement>();
  readonly #before: Database.Statement<[string], TicketBefore>;
  readonly #customer: Database.Statement<[string], { name: string; phones: string }>;
  readonly #notes: Database.Statement<[string], string | null>;
  readonly #setMeta: Database.Statement;
  readonly #addTicketWords: Database.Statement;
  readonly #dropTicketWords: Database.Statement;
  readonly #addCustomerWords: Database.Statement;

  constructor(raw: Database.Database) {
    learnSounds();
    this.#raw = raw;
    this.#before = raw.prepare('SELECT rowid, subject, description FROM ticket WHERE id = ?');
    this.#customer = raw.prepare('SELECT name, phones FROM customer WHERE id = ?');
    this.#notes = raw.prepare(`SELECT group_concat(note, char(10)) FROM ticket_event WHERE ticket_id = ? AND note <> ''`).pluck() as never;
    this.#setMeta = raw.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
    this.#addTicketWords = raw.prepare('INSERT INTO ticket_words (rowid, txt) VALUES (?, ?)');
    this.#dropTicketWords = raw.prepare('DELETE FROM ticket_words WHERE rowid = ?');
    this.#addCustomerWords = raw.prepare('INSERT INTO customer_words (rowid, txt) VALUES (?, ?)');
  }

  setCursor(cursor: number): void {
    this.#setMeta.run('cursor', String(cursor));
  }

  /** Of a page of a first sync; all rows before all words. */
  putNew({ rows }: RawPage): void {
    for (const kind of ['accounts', 'groups', 'customFields', 'callbacks', 'events'] as const)
      for (const row of rows[kind] ?? []) this.#insert(kind, row);
    const customers = rows.customers.map((row) => this.#insert('customers', row));
    const tickets = rows.tickets.map((row) => this.#insert('tickets', row));
    rows.customers.forEach(({ address, emails, name, phones }, i) => {
      this.#addCustomerWords.run(customers[i], indexed({ texts: [name, address, ...emails], digits: phones, spoken: [name] }));
    });
    const notes = Map.groupBy(rows.events, (event) => event.ticketId);
    rows.tickets.forEach((ticket, i) => {
      this.indexTicket(
        tickets[i]!,
        ticket,
        notes
          .get(ticket.id)
          ?.map((e) => e.note)
          .join('\n') ?? '',
      );
    });
  }

  /** Of a page of changes. */
  put({ rows }: RawPage): void {
    for (const row of rows.customers) this.#upsert('customers', row);
    for (const row of rows.callbacks) this.#upsert('callbacks', row);
    for (const row of rows.events) this.#upsert('events', row);
    for (const ticket of rows.tickets) {
      const before = this.#before.get(ticket.id);
      if (before === undefined) {
        this.indexTicket(this.#insert('tickets', ticket), ticket, this.notesOf(ticket.id));
        continue;
      }
      this.#upsert('tickets', ticket);
      if (before.subject === ticket.subject && before.description === ticket.description) continue;
      this.#dropTicketWords.run(before.rowid);
      this.indexTicket(before.rowid, ticket, this.notesOf(ticket.id));
    }
  }

  insertTicket(ticket: Row): number {
    return this.#insert('tickets', ticket);
  }

  insertEvent(event: Row): void {
    this.#insert('events', event);
  }

  /** Without its number, which is looked for in the table. */
  indexTicket(
    rowid: number,
    ticket: { readonly subject: string; readonly description: string; readonly customerId: string },
    notes: string,
  ): void {
    const customer = this.#customer.get(ticket.customerId);
    const name = customer?.name ?? '';
    const phones = customer === undefined ? [] : (JSON.parse(customer.phones) as string[]);
    const texts = [ticket.subject, ticket.description, name, notes];
    this.#addTicketWords.run(rowid, indexed({ texts, digits: phones, spoken: [ticket.subject, name] }));
  }

  unindexTicket(rowid: number): void {
    this.#dropTicketWords.run(rowid);
  }

  notesOf(ticketId: string): string {
    return this.#notes.get(ticketId) ?? '';
  }

  #insert(kind: Kind, row: Row): number {
    const { keys, run } = this.#statement(kind, row, 'insert');
    return Number(run.run(keys.map((key) => toValue(row[key]))).lastInsertRowid);
  }

  #upsert(kind: Kind, row: Row): void {
    const { keys, run } = this.#statement(kind, row, 'upsert');
    run.run(keys.map((key) => toValue(row[key])));
  }

  #statement(kind: Kind, row: Row, way: 'insert' | 'upsert'): Statement {
    let found = this.#statements.get(`${way} ${kind}`);
    if (found === undefined) {
      const keys = Object.keys(row);
      const columns = keys.map(toColumn);
      const set = columns.filter((c) => c !== 'id').map((c) => `${c} = excluded.${c}`);
      const insert = `INSERT INTO ${tables[kind]} (${columns.join(', ')}) VALUES (${keys.map(() => '?').join(', ')})`;
      found = { keys, run: this.#raw.prepare(way === 'insert' ? insert : `${insert} ON CONFLICT (id) DO UPDATE SET ${set.join(', ')}`) };
      this.#statements.set(`${way} ${kind}`, found);
    }
    return found;
  }
}
