import { v7 } from 'uuid';
import type { Command, CommandArgs, CommandKind, RecordArgs, RecordCommand, RecordKind } from '../../../shared/domain/commands/index.ts';
import type { CustomField } from '../../../shared/domain/custom-fields.ts';
import type { Account } from '../../../shared/domain/people.ts';
import type { Phrase, SavedSearch } from '../../../shared/domain/personal.ts';
import type { Callback, Customer, Ticket, TicketEvent, Transfer } from '../../../shared/domain/tickets.ts';
import type { ExportRequest, OperationInput, OperationName, OperationOutput } from '../../../shared/protocol/operations.ts';
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts';
import {
  paths,
  type PullResponse,
  pullResponse,
  type PushResponse,
  type PushResult,
  pushResponse,
  sessionResponse,
} from '../../../shared/protocol/wire.ts';
import type { TestServer } from '../../../server/testing.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

export async function call(
  server: TestServer,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  body?: unknown,
  token?: string,
): Promise<Answer> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  // Over the network where there is one.
  if (server.url !== '') {
    const headers = { ...authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const response = await fetch(server.url + url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: bodyOf(text), headers: Object.fromEntries(response.headers) };
  }
  const response = await server.inject({ method, url, headers: authorization, ...(body !== undefined && { payload: body as object }) });
  return { status: response.statusCode, body: bodyOf(response.body), headers: response.headers };
}

/** What was sent: parsed if it is JSON. */
const bodyOf = (text: string): unknown => (text === '' ? null : /^[[{]/.test(text) ? JSON.parse(text) : text);

export function command<K extends CommandKind>(kind: K, ticketId: string, args: CommandArgs<K>, occurredAt: number): Command {
  return { id: v7(), kind, ticketId, args, occurredAt } as unknown as Command;
}

export function record<K extends RecordKind>(kind: K, subjectId: string, args: RecordArgs<K>, occurredAt: number): RecordCommand {
  return { id: v7(), kind, subjectId, args, occurredAt } as unknown as RecordCommand;
}

/** What became of a push, in one word. */
export const verdict = (result: PushResult | undefined): string =>
  result === undefined ? 'nothing' : result.status === 'refused' ? result.refusal.code : result.status;

/** A device of the plainest kind: it keeps what the server sends and forgets what the server tells it to. */
export class Device {
  readonly server: TestServer;
  readonly id = v7();
  access = '';
  refreshToken = '';
  account!: Account;
  cursor: number | null = null;
  epoch: string | null = null;
  view: string | null = null;
  after: string | null = null;
  /** What the server told last of its own place. */
  seen = 0;
  mark: number | null = null;
  readonly tickets = new Map<string, Ticket>();
  readonly customers = new Map<string, Customer>();
  readonly callbacks = new Map<string, Callback>();
  readonly events = new Map<string, TicketEvent>();
  readonly transfers = new Map<string, Transfer>();
  readonly accounts = new Map<string, Account>();
  customFields: readonly CustomField[] = [];
  searches: readonly SavedSearch[] = [];
  phrases: readonly Phrase[] = [];

  constructor(server: TestServer) {
    this.server = server;
  }

  async signIn(staffNo: string, password = 'right-password'): Promise<this> {
    const answer = await call(this.server, 'POST', paths.signIn, { protocol: PROTOCOL_VERSION, staffNo, password, deviceId: this.id });
    if (answer.status !== 200) throw new Error(`sign-in of ${staffNo}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const session = sessionResponse.parse(answer.body);
    this.access = session.accessToken;
    this.refreshToken = session.refreshToken;
    this.account = session.account;
    return this;
  }

  async push(...commands: readonly unknown[]): Promise<PushResult[]> {
    const answer = await call(this.server, 'POST', paths.push, { protocol: PROTOCOL_VERSION, deviceId: this.id, commands }, this.access);
    if (answer.status !== 200) throw new Error(`push: ${answer.status} ${JSON.stringify(answer.body)}`);
    return pushResponse.parse(answer.body).results;
  }

  /** As `push`, and says what it knows of the server's place. */
  async pushKnowing(...commands: readonly unknown[]): Promise<PushResponse> {
    const { epoch, seen, mark } = this;
    const body = { protocol: PROTOCOL_VERSION, deviceId: this.id, epoch, seen, mark, commands };
    return pushResponse.parse((await call(this.server, 'POST', paths.push, body, this.access)).body);
  }

  /** What an operation answers, whatever that is. */
  ask(name: string, input: unknown): Promise<Answer> {
    return call(this.server, 'POST', `${paths.operations}/${name}`, { protocol: PROTOCOL_VERSION, input }, this.access);
  }

  /** An operation that must succeed. */
  async operate<N extends OperationName>(name: N, input: OperationInput<N>): Promise<OperationOutput<N>> {
    const answer = await this.ask(name, input);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return (answer.body as { output: OperationOutput<N> }).output;
  }

  /** Why an operation cannot be; its name in full if it can. */
  async impossible<N extends OperationName>(name: N, input: OperationInput<N>): Promise<string> {
    const { status, body } = await this.ask(name, input);
    return status === 409 ? (body as { error: { message: string } }).error.message : `${name}: ${status}`;
  }

  /** A file of tickets as text, or the status of the refusal. */
  async download(request: Omit<ExportRequest, 'protocol'>): Promise<{ status: number; total: string; text: string }> {
    const { status, headers, body } = await call(
      this.server,
      'POST',
      paths.export,
      { protocol: PROTOCOL_VERSION, ...request },
      this.access,
    );
    return { status, total: String(headers['x-total']), text: typeof body === 'string' ? body : JSON.stringify(body) };
  }

  /** Asks for one page and applies it. */
  async page(limit = 200): Promise<PullResponse> {
    const { epoch, view, cursor, after, seen, mark } = this;
    const request = { protocol: PROTOCOL_VERSION, epoch, view, cursor, after, limit, seen, mark };
    const answer = await call(this.server, 'POST', paths.pull, request, this.access);
    if (answer.status !== 200) throw new Error(`pull: ${answer.status} ${JSON.stringify(answer.body)}`);
    const page = pullResponse.parse(answer.body);
    [this.seen, this.mark] = [page.cursor, page.mark];
    if (page.mode === 'reset') {
      for (const map of [this.tickets, this.customers, this.callbacks, this.events, this.transfers, this.accounts]) map.clear();
      this.cursor = this.epoch = this.view = this.after = null;
      return page;
    }
    this.epoch = page.epoch;
    this.view = page.view;
    this.after = page.after;
    if (page.mode === 'delta' || page.after === null) this.cursor = page.cursor;
    for (const id of page.evict.tickets) this.#dropTicket(id);
    for (const id of page.evict.customers) this.customers.delete(id);
    const { rows } = page;
    const keep = <T extends { id: string }>(map: Map<string, T>, list: readonly T[]): void => {
      for (const row of list) map.set(row.id, row);
    };
    keep(this.accounts, rows.accounts);
    keep(this.customers, rows.customers);
    keep(this.tickets, rows.tickets as Ticket[]);
    keep(this.callbacks, rows.callbacks);
    keep(this.events, rows.events as TicketEvent[]);
    keep(this.transfers, rows.transfers as unknown as Transfer[]);
    this.customFields = rows.customFields ?? this.customFields;
    this.searches = rows.searches ?? this.searches;
    this.phrases = rows.phrases ?? this.phrases;
    return page;
  }

  /** Pulls until it has everything. */
  async sync(limit = 200): Promise<PullResponse[]> {
    const pages: PullResponse[] = [];
    for (let i = 0; i < 1000; i++) {
      const page = await this.page(limit);
      pages.push(page);
      if (page.mode === 'snapshot' && page.after !== null) continue;
      if (page.mode === 'reset' || page.more) continue;
      return pages;
    }
    throw new Error('sync does not come to an end');
  }

  #dropTicket(id: string): void {
    this.tickets.delete(id);
    for (const [key, row] of this.callbacks) if (row.ticketId === id) this.callbacks.delete(key);
    for (const [key, row] of this.events) if (row.ticketId === id) this.events.delete(key);
  }
}
