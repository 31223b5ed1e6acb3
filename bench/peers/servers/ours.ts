import type { Command } from '../../../shared/domain/commands/index.ts';
import type { Customer } from '../../../shared/domain/tickets.ts';
import { paths, type PullRequest, type PushRequest } from '../../../shared/protocol/wire.ts';
import type { SampleTicket } from '../data.ts';
import { session, toCallback, toCustomer, toTicket } from '../our-rows.ts';
import { answer } from './answering.ts';
import { Counter, pageOf, textOf, type Texts } from './our-protocol.ts';
import { sampleOf, Tickets } from './tickets.ts';

// This project's own protocol over the same tickets as `plain.ts`. Rows are text beforehand here as well.

const tickets = new Tickets(Number(process.argv[2]));
const size = tickets.all.length;
const customers = new Map<string, Customer>();

function textsOf(sample: SampleTicket): Texts {
  const callback = toCallback(sample);
  const customer = toCustomer(sample);
  const seen = customers.has(customer.id);
  if (!seen) customers.set(customer.id, customer);
  return { ticket: textOf(toTicket(sample, callback)), callback: textOf(callback), customer: seen ? '' : textOf(customer), events: [] };
}
/** By place in the feed, from 1. */
const feed = tickets.all.map(textsOf);

function pull({ cursor, after, limit }: PullRequest): string {
  if (cursor !== null) {
    const texts = feed.slice(cursor, cursor + limit);
    const to = cursor + texts.length;
    return pageOf({ mode: 'delta', cursor: to, after: null, more: to < feed.length, total: size }, texts, false);
  }
  const from = Number(after ?? 0);
  const to = Math.min(from + limit, size);
  return pageOf(
    { mode: 'snapshot', cursor: size, after: to < size ? String(to) : null, more: false, total: size },
    feed.slice(from, to),
    after === null,
  );
}

const counter = new Counter(
  (id) => customers.get(id),
  (texts) => {
    tickets.seq += 1;
    return feed.push(texts);
  },
);
let requests = 0;

answer({
  [paths.refresh]: () => JSON.stringify(session),
  [paths.pull]: async ({ body }) => pull(JSON.parse(await body()) as PullRequest),
  [paths.push]: async ({ body }) => {
    const { commands } = JSON.parse(await body()) as PushRequest;
    requests += 1;
    return counter.answer(commands as Command[]);
  },
  '/change': ({ query }) => {
    const changed = tickets.change(Number(query.get('round')));
    for (const sample of changed) feed.push(textsOf(sample));
    return sampleOf(changed);
  },
  '/stats': () => JSON.stringify({ pushed: counter.taken, requests }),
});
