import { type Command, decide } from '../../../shared/domain/commands/index.ts';
import type { Customer } from '../../../shared/domain/tickets.ts';
import { paths, type PullRequest, type PushRequest, type PushResult } from '../../../shared/protocol/wire.ts';
import { NOW, type SampleTicket } from '../data.ts';
import { directory, me, toCallback, toCustomer, toTicket } from '../our-rows.ts';
import { answer } from './answering.ts';
import { sampleOf, Tickets } from './tickets.ts';

// This project's own protocol over the same tickets as `plain.ts`. Rows are text beforehand here as well. What is pushed is
// decided by the same `decide` as on the real server, which reads its state from a database and is measured elsewhere.

/** The rows of one change as text, `''` for none. */
interface Texts {
  readonly ticket: string;
  readonly callback: string;
  readonly customer: string;
  readonly event: string;
}

const EPOCH = 'bench';
const VIEW = 'all';
const tickets = new Tickets(Number(process.argv[2]));
const size = tickets.all.length;
const customers = new Map<string, Customer>();
const accounts = new Map(directory.accounts.map((account) => [account.id, account]));

const textOf = (row: unknown): string => (row === null || row === undefined ? '' : JSON.stringify(row));
function textsOf(sample: SampleTicket): Texts {
  const callback = toCallback(sample);
  const customer = toCustomer(sample);
  const seen = customers.has(customer.id);
  if (!seen) customers.set(customer.id, customer);
  return { ticket: textOf(toTicket(sample, callback)), callback: textOf(callback), customer: seen ? '' : textOf(customer), event: '' };
}
/** By place in the feed, from 1. */
const feed = tickets.all.map(textsOf);

const listed = (texts: readonly Texts[], kind: keyof Texts): string =>
  `[${texts
    .map((t) => t[kind])
    .filter((text) => text !== '')
    .join(',')}]`;

interface Place {
  readonly mode: 'snapshot' | 'delta';
  readonly cursor: number;
  readonly after: string | null;
  readonly more: boolean;
}
function pageOf({ mode, cursor, after, more }: Place, texts: readonly Texts[], first: boolean): string {
  const { accounts, groups, parameters, customFields } = directory;
  const small = first ? { accounts, groups, parameters, customFields } : { accounts: [], groups: [], parameters: null, customFields: null };
  const rest = { ...small, transfers: [], attachments: [], searches: null, phrases: null };
  const head = { epoch: EPOCH, view: VIEW, now: NOW, mode, cursor, mark: null, after, more, total: mode === 'snapshot' ? size : null };
  const rows = (['ticket', 'callback', 'customer', 'event'] as const).map((kind) => `"${kind}s":${listed(texts, kind)}`).join(',');
  return `${JSON.stringify(head).slice(0, -1)},"evict":{"tickets":[],"customers":[]},"rows":${JSON.stringify(rest).slice(0, -1)},${rows}}}`;
}

function pull({ cursor, after, limit }: PullRequest): string {
  if (cursor !== null) {
    const texts = feed.slice(cursor, cursor + limit);
    const to = cursor + texts.length;
    return pageOf({ mode: 'delta', cursor: to, after: null, more: to < feed.length }, texts, false);
  }
  const from = Number(after ?? 0);
  const to = Math.min(from + limit, size);
  return pageOf(
    { mode: 'snapshot', cursor: size, after: to < size ? String(to) : null, more: false },
    feed.slice(from, to),
    after === null,
  );
}

const answers = new Map<string, PushResult>();
function take(command: Command): PushResult {
  const { customerId } = command.args as { customerId: string };
  const state = {
    ticket: null,
    customer: customers.get(customerId) ?? null,
    callbacks: [],
    attachments: [],
    events: [],
    parameters: directory.parameters,
    fields: directory.customFields,
    openElsewhere: 0,
    twinOf: () => null,
    account: (id: string) => accounts.get(id) ?? null,
  };
  const decision = decide(state, command, me, NOW);
  if (!decision.ok) return { id: command.id, status: 'refused', refusal: decision.error };
  tickets.take(command.id);
  tickets.seq += 1;
  const { ticket, customer, event } = decision.value;
  const number = 90_000_000 + tickets.pushed;
  feed.push({
    ticket: textOf({ ...ticket, number }),
    callback: '',
    customer: textOf(customer),
    event: textOf({ ...event, receivedAt: NOW }),
  });
  return { id: command.id, status: 'applied', seq: tickets.seq, mark: null };
}

answer({
  [paths.pull]: async ({ body }) => pull(JSON.parse(await body()) as PullRequest),
  [paths.push]: async ({ body }) => {
    const { commands } = JSON.parse(await body()) as PushRequest;
    tickets.requests += 1;
    const results = (commands as Command[]).map((command) => {
      const known = answers.get(command.id) ?? take(command);
      answers.set(command.id, known);
      return known;
    });
    return JSON.stringify({ epoch: EPOCH, now: NOW, results });
  },
  '/change': ({ query }) => {
    const changed = tickets.change(Number(query.get('round')));
    for (const sample of changed) feed.push(textsOf(sample));
    return sampleOf(changed);
  },
  '/stats': () => tickets.stats(),
});
