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

interface Statements {
  readonly keys: readonly string[];
  readonly insert: Database.Statement;
  /** The rowid, and then what stands under each of the keys. */
  readonly before: Database.Statement<[unknown], readonly [rowid: number, ...values: unknown[]]>;
  /** By the keys that changed, joined by blanks. */
  readonly updates: Map<string, Database.Statement>;
}
/** Where a row is, whether it was there before, and which of its keys changed. */
interface Put {
  readonly rowid: number;
  readonly isNew: boolean;
  readonly changed: readonly string[];
}

/** Rows of pages as plain prepared statements, compiled once. */
export class RawRows {
  readonly #raw: Database.Database;
  readonly #statements = new Map<Kind, Statements>();
  readonly #customer: Database.Statement<[string], { name: string; phones: string }>;
  readonly #notes: Database.Statement<[string], string | null>;
  readonly #setMeta: Database.Statement;
  readonly #addTicketWords: Database.Statement;
  readonly #dropTicketWords: Database.Statement;
  readonly #addCustomerWords: Database.Statement;

  /** Learns how all that is in the file sounds; not to be timed. */
  constructor(raw: Database.Database) {
    this.#raw = raw;
    learnSounds(raw.prepare('SELECT subject FROM ticket UNION SELECT name FROM customer').pluck().all() as string[]);
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
    for (const row of rows.customers) this.#put('customers', row);
    for (const row of rows.callbacks) this.#put('callbacks', row);
    for (const row of rows.events) this.#put('events', row);
    for (const ticket of rows.tickets) {
      const { changed, isNew, rowid } = this.#put('tickets', ticket);
      if (!isNew) {
        if (!changed.includes('subject') && !changed.includes('description')) continue;
        this.#dropTicketWords.run(rowid);
      }
      this.indexTicket(rowid, ticket, this.notesOf(ticket.id));
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
    const { insert, keys } = this.#of(kind, row);
    return Number(insert.run(keys.map((key) => toValue(row[key]))).lastInsertRowid);
  }

  /** Writes only what is new: each further column would have its indexes written again. */
  #put(kind: Kind, row: Row): Put {
    const { before, keys, updates } = this.#of(kind, row);
    const found = before.get(row['id']);
    if (found === undefined) return { rowid: this.#insert(kind, row), isNew: true, changed: keys };
    const changed = keys.filter((key, i) => toValue(row[key]) !== found[i + 1]);
    const [rowid] = found;
    if (changed.length > 0) {
      const names = changed.join(' ');
      let update = updates.get(names);
      if (update === undefined) {
        const set = changed.map((key) => `${toColumn(key)} = ?`).join(', ');
        update = this.#raw.prepare(`UPDATE ${tables[kind]} SET ${set} WHERE rowid = ?`);
        updates.set(names, update);
      }
      update.run([...changed.map((key) => toValue(row[key])), rowid]);
    }
    return { rowid, isNew: false, changed };
  }

  #of(kind: Kind, row: Row): Statements {
    let found = this.#statements.get(kind);
    if (found === undefined) {
      const keys = Object.keys(row);
      const columns = keys.map(toColumn).join(', ');
      found = {
        keys,
        insert: this.#raw.prepare(`INSERT INTO ${tables[kind]} (${columns}) VALUES (${keys.map(() => '?').join(', ')})`),
        before: this.#raw.prepare(`SELECT rowid, ${columns} FROM ${tables[kind]} WHERE id = ?`).raw() as never,
        updates: new Map(),
      };
      this.#statements.set(kind, found);
    }
    return found;
  }
}
