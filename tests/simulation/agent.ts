import type Database from 'better-sqlite3';
import type { Account, StaffGroup } from '../../shared/domain/people.ts';
import type { Chance } from '../../server/seed/random.ts';
import type { Counts } from './counts.ts';
import type { Invariants } from './invariants.ts';
import { ADDRESS, type SimDevice } from './sim-device.ts';
import type { VirtualWorld } from './virtual-world.ts';

interface TicketRow {
  readonly id: string;
  readonly subject: string;
  readonly description: string;
  readonly category: string;
  readonly priority: string;
  readonly status: string;
  readonly assignee_id: string | null;
  readonly customer_id: string;
}

interface Tools {
  readonly world: VirtualWorld;
  readonly chance: Chance;
  readonly counts: Counts;
  readonly invariants: Invariants;
  readonly people: readonly Account[];
  readonly groups: readonly StaffGroup[];
}

type Said = { readonly ok: boolean; readonly commandId?: string; readonly refusal?: { readonly code: string } };

/** Somebody at a device, who does what the seed wants and the screen allows. */
export class Agent {
  readonly #t: Tools;
  readonly #device: SimDevice;
  /** Which word of a text was typed when, so that the search can be asked for it. */
  readonly words: string[] = [];
  #busy = false;
  /** Of which ticket it wrote last; it may have left since. */
  #about: string | null = null;

  constructor(tools: Tools, device: SimDevice) {
    this.#t = tools;
    this.#device = device;
  }

  get #me(): Account {
    return this.#t.people.find((p) => p.staffNo === this.#device.staff[this.#device.who])!;
  }

  /** Signs in if the desk asks for it. */
  signIn(): void {
    const device = this.#device;
    void this.#atTheDoor(async () => {
      const { phase } = await device.client.read('session.state', {});
      if (phase !== 'signedOut' && phase !== 'locked') return;
      const staffNo = device.staff[device.who]!;
      const said = await device.client.call('session.signIn', { url: ADDRESS, staffNo, password: 'p' });
      this.#t.world.note(`${device.name} sign-in ${staffNo} ${said.ok ? 'ok' : said.reason}`);
    });
  }

  /** Leaves the device to the next of those who work at it. */
  handOver(): void {
    const device = this.#device;
    if (device.staff.length < 2) return;
    void this.#atTheDoor(async () => {
      await device.client.call('session.signOut', {});
      if (!device.alive) return;
      this.#t.counts.switches += 1;
      device.who = (device.who + 1) % device.staff.length;
    }).then(() => this.signIn());
  }

  /** One after the other: nobody signs in while somebody else does. */
  async #atTheDoor(what: () => Promise<void>): Promise<void> {
    if (this.#busy || !this.#device.alive) return;
    this.#busy = true;
    // Ends with its process, too.
    await what().catch(() => {});
    this.#busy = false;
  }

  /** Does one thing. */
  act(): void {
    const db = this.#device.cache;
    if (db === null) return;
    const { chance } = this.#t;
    const waiting = db.prepare(`SELECT command_id FROM outbox WHERE state = 'refused'`).pluck().all() as string[];
    if (waiting.length > 0 && chance.hit(0.4)) return this.#attend(chance.pick(waiting));
    const kind = chance.next();
    if (kind < 0.12) return this.#create(db);
    if (kind < 0.2) return this.#customer(db);
    if (kind < 0.24) return this.#ownThings(db);
    return this.#ticket(db);
  }

  /** Begins to write about a ticket and leaves it at that. */
  type(chance: Chance): void {
    const device = this.#device;
    const here = device.cache?.prepare('SELECT id FROM ticket ORDER BY id').pluck().all() as string[] | undefined;
    if (here !== undefined && here.length > 0 && chance.hit(0.7)) this.#about = chance.pick(here);
    const { counts, invariants } = this.#t;
    if (this.#about === null || device.cache === null) return;
    const form = `ticket:${this.#about}`;
    const value = JSON.stringify({ note: `打了一半 ${chance.int(1, 1e9)}` });
    const cache = invariants.cacheOf(device);
    const saved = invariants.typed.begin(cache, form, value);
    void device.client.call('drafts.save', { form, value }).then(
      () => {
        if (!device.alive || invariants.cacheOf(device) !== cache) return;
        counts.typed += 1;
        saved();
      },
      () => {},
    );
  }

  /** Asks for what is too old to be kept here. */
  fetchOlder(): void {
    const device = this.#device;
    if (device.cache === null) return;
    void device.client.call('tickets.older', { select: { by: 'list', list: 'all', text: '', filter: [] }, behind: null }).then(
      (said) => {
        if (device.alive) this.#t.world.note(`${device.name} older ${said.ok ? said.found : said.reason}`);
      },
      () => {},
    );
  }

  #say(what: string, answer: Promise<Said>): void {
    const device = this.#device;
    void answer.then(
      (said) => {
        // Nobody was told who sits before a dead screen.
        if (!device.alive) return;
        this.#t.world.note(`${device.name} ${what} ${said.ok ? `saved:${said.commandId?.slice(-6) ?? ''}` : (said.refusal?.code ?? 'no')}`);
        if (!said.ok || what === 'discard') return;
        this.#t.counts.commands += 1;
        if (said.commandId !== undefined) this.#t.invariants.saved(device, said.commandId);
      },
      () => {},
    );
  }

  #give(ticketId: string, kind: string, args: object): void {
    this.#say(kind, this.#device.client.call('tickets.act', { ticketId, kind: kind as 'note', args }));
  }

  #record(kind: string, subjectId: string | null, args: object): void {
    this.#say(kind, this.#device.client.call('records.act', { kind: kind as 'setDuty', subjectId, args }));
  }

  #attend(commandId: string): void {
    const { chance, invariants } = this.#t;
    const { client } = this.#device;
    const what = chance.pick(['retry', 'toNote', 'discard'] as const);
    // Whether the agent saw the end of it or not: it was the agent's own will.
    invariants.ledger.entries.get(commandId)!.letGo = true;
    if (what === 'discard')
      return this.#say(
        'discard',
        client.call('attention.discard', { commandId }).then(() => ({ ok: true })),
      );
    const call = what === 'retry' ? client.call('attention.retry', { commandId }) : client.call('attention.toNote', { commandId });
    this.#say(what, call as Promise<Said>);
  }

  #word(): string {
    const word = `w${this.#t.chance.int(1000, 9999)}`;
    this.words.push(word);
    return word;
  }

  #create(db: Database.Database): void {
    const { chance, groups } = this.#t;
    const known = db.prepare('SELECT id FROM customer').pluck().all() as string[];
    const old = known.length > 0 && chance.hit(0.4);
    const input = {
      customerId: old ? chance.pick(known) : null,
      ...(!old && { customer: { name: `新客${chance.int(1, 99)}`, phones: [`139${chance.int(10_000_000, 99_999_999)}`] } }),
      ...(chance.hit(0.2) && { groupId: chance.pick(groups).id }),
      ...(chance.hit(0.15) && { assigneeId: 'pool' as const }),
      subject: `新单 ${this.#word()}`,
      description: '',
      category: '宽带',
      nature: 'problem' as const,
      priority: 'normal' as const,
      source: 'phone' as const,
    };
    this.#say('create', this.#device.client.call('tickets.create', input));
  }

  #customer(db: Database.Database): void {
    const { chance } = this.#t;
    const rows = db.prepare('SELECT id, name, tier, address, owner_id FROM customer').all() as Record<string, string | null>[];
    if (rows.length === 0 || chance.hit(0.15)) {
      const facts = { name: `资源${chance.int(1, 99)}`, phones: [], emails: [], address: '', tier: '', source: 'phone' };
      return this.#record('addCustomer', null, { ...facts, owned: chance.hit(0.6), unique: false });
    }
    const row = chance.pick(rows);
    if (chance.hit(0.2))
      return this.#say('claim customer', this.#device.client.call('customers.claim', { customerId: row['id']!, subject: this.#word() }));
    const field = chance.pick(['tier', 'address', 'name', 'ownerId'] as const);
    const to = field === 'ownerId' ? chance.pick(this.#t.people).id : `${field} ${chance.int(1, 999)}`;
    const from = field === 'ownerId' ? row['owner_id'] : row[field];
    this.#record('editCustomer', row['id']!, { changes: [{ field, from, to }] });
  }

  #ownThings(db: Database.Database): void {
    const { chance } = this.#t;
    if (chance.hit(0.4)) return this.#record('setDuty', this.#me.id, { duty: chance.pick(['on', 'break', 'off']) });
    const known = db.prepare('SELECT id FROM phrase').pluck().all() as string[];
    if (known.length > 0 && chance.hit(0.3)) return this.#record('removePhrase', chance.pick(known), {});
    const args = { shared: chance.hit(0.3), title: `语 ${chance.int(1, 99)}`, text: '您好', position: chance.int(1, 9) };
    this.#record('putPhrase', known.length > 0 && chance.hit(0.4) ? chance.pick(known) : null, args);
  }

  #ticket(db: Database.Database): void {
    const { chance } = this.#t;
    const all = db
      .prepare(`SELECT id, subject, description, category, priority, status, assignee_id, customer_id FROM ticket ORDER BY id`)
      .all();
    const tickets = all as TicketRow[];
    if (tickets.length === 0) return this.#create(db);
    const me = this.#me.id;
    const mine = tickets.filter((t) => t.assignee_id === me && ['pending', 'processing', 'waiting'].includes(t.status));
    // One of them is what today is about: so two devices come to the same one.
    const hot = chance.hit(0.5) ? mine[0] : chance.pick(mine);
    const ticket = mine.length > 0 && chance.hit(0.75) ? hot! : chance.pick(tickets);
    if (ticket.status === 'released' && chance.hit(0.7)) return this.#give(ticket.id, 'claim', {});
    const other = (): string => chance.pick(this.#t.people.filter((p) => p.id !== me)).id;
    const text = this.#word();
    if (ticket.assignee_id !== me) {
      const kinds = ['assign', 'withdraw', 'note', 'reopen', 'review'] as const;
      const kind = chance.pick(kinds);
      if (kind === 'assign') return this.#give(ticket.id, 'assign', { toId: other(), note: text });
      if (kind === 'withdraw') return this.#give(ticket.id, 'withdraw', { reason: text });
      if (kind === 'reopen') return this.#give(ticket.id, 'reopen', { reason: text });
      if (kind === 'review') return this.#give(ticket.id, 'review', { verdict: chance.pick(['close', 'back']), note: text });
      return this.#give(ticket.id, 'note', { note: text });
    }
    const kind = chance.next();
    if (kind < 0.4) return this.#update(ticket, text);
    if (kind < 0.5) return this.#give(ticket.id, 'transfer', { toId: other(), reason: text });
    if (kind < 0.56) return this.#give(ticket.id, 'release', { reason: text });
    if (kind < 0.59) return this.#give(ticket.id, 'invalidate', { reason: text });
    if (kind < 0.65) return this.#give(ticket.id, 'resolve', { report: text });
    if (kind < 0.7) return this.#give(ticket.id, 'note', { note: text });
    return this.#callback(db, ticket.id);
  }

  #update(ticket: TicketRow, text: string): void {
    const { chance } = this.#t;
    const changes: object[] = [];
    if (chance.hit(0.5)) changes.push({ field: 'subject', from: ticket.subject, to: `改 ${text}` });
    if (chance.hit(0.4)) changes.push({ field: 'category', from: ticket.category, to: chance.pick(['宽带', '家电', '账单']) });
    if (chance.hit(0.3)) changes.push({ field: 'priority', from: ticket.priority, to: chance.pick(['low', 'high', 'urgent']) });
    this.#give(ticket.id, 'update', { note: chance.hit(0.5) || changes.length === 0 ? text : '', changes, waiting: chance.hit(0.2) });
  }

  #callback(db: Database.Database, ticketId: string): void {
    const { chance, world } = this.#t;
    const open = db.prepare('SELECT id, due_at FROM callback WHERE ticket_id = ? AND outcome IS NULL ORDER BY id').all(ticketId) as {
      id: string;
      due_at: number;
    }[];
    const dueAt = this.#device.now() + chance.int(1, 600) * 60_000;
    if (open.length === 0 || chance.hit(0.3))
      return this.#give(ticketId, 'scheduleCallback', { callbackId: chance.id(world.now()), dueAt, note: '' });
    const callback = chance.pick(open);
    const callbackId = callback.id;
    if (chance.hit(0.5)) return this.#give(ticketId, 'rescheduleCallback', { callbackId, from: callback.due_at, dueAt });
    if (chance.hit(0.7)) return this.#give(ticketId, 'completeCallback', { callbackId, outcome: 'done', note: '' });
    this.#give(ticketId, 'cancelCallback', { callbackId, reason: '' });
  }
}
