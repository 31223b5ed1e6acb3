import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../shared/domain/commands/index.ts';
import type { Customer } from '../shared/domain/tickets.ts';
import { paths, type PullRequest, type PushRequest } from '../shared/protocol/wire.ts';
import { changeSome, CHANGES, type SampleTicket, streamTickets } from './peers/data.ts';
import { session, toCallback, toCustomer, toEvents, toTicket } from './peers/our-rows.ts';
import { answer } from './peers/servers/answering.ts';
import { Counter, pageOf, textOf, type Texts } from './peers/servers/our-protocol.ts';
import { sampleOf } from './peers/servers/tickets.ts';

// The server of one size: the same rows as `peers/servers/ours.ts`, but as text in a file, so that a million tickets need no
// memory. The data are the peers' and not the demo's: the goals come from them, all sizes look alike, and nothing of them
// depends on today. It also says how long it worked, for figures that leave a server's work out.

const [dir, size, history] = JSON.parse(process.argv[2]!) as [dir: string, size: number, history: number];

/** The device makes new tickets for customers whose ids come first. */
const CUSTOMERS_KNOWN = 2000;
const FLUSH_BYTES = 4_000_000;
/** Between the rows of a ticket, and between its events: no JSON has them. */
const ROW = '\n';
const PART = '\t';

/** So many tickets, evenly spread, change later. */
const step = Math.max(1, Math.floor(size / CHANGES));
const changing: SampleTicket[] = [];
const customers = new Map<string, Customer>();
/** Where each ticket begins in the file, and where the last one ends. */
const places = new Float64Array(size + 1);
const file = openSync(join(dir, 'rows.txt'), 'w+');
writeRows();
/** What was changed or pushed since, by place in the feed behind the first `size`. */
const added: Texts[] = [];

function writeRows(): void {
  const seen = new Set<number>();
  let waiting: Buffer[] = [];
  let bytes = 0;
  let at = 0;
  const flush = (): void => {
    for (const part of waiting) writeSync(file, part);
    waiting = [];
    bytes = 0;
  };
  let index = 0;
  for (const sample of streamTickets(size)) {
    if (index % step === 0) changing.push(sample);
    const callback = toCallback(sample);
    const number = Number(sample.customer.id.slice(1));
    const customer = seen.has(number) ? null : toCustomer(sample);
    seen.add(number);
    if (customer !== null && number < CUSTOMERS_KNOWN) customers.set(customer.id, customer);
    const events = toEvents(sample, index, history).map(textOf).join(PART);
    const row = Buffer.from([textOf(toTicket(sample, callback)), textOf(callback), textOf(customer), events].join(ROW) + ROW);
    waiting.push(row);
    bytes += row.length;
    at += row.length;
    index += 1;
    places[index] = at;
    if (bytes > FLUSH_BYTES) flush();
  }
  flush();
}

function readRows(from: number, to: number): Texts[] {
  const start = places[from]!;
  const bytes = Buffer.alloc(places[to]! - start);
  for (let done = 0; done < bytes.length;) done += readSync(file, bytes, done, bytes.length - done, start + done);
  const lines = bytes.toString().split(ROW);
  return Array.from({ length: to - from }, (_, i) => {
    const [ticket, callback, customer, events] = lines.slice(4 * i, 4 * i + 4) as [string, string, string, string];
    return { ticket, callback, customer, events: events === '' ? [] : events.split(PART) };
  });
}

function pull({ cursor, after, limit }: PullRequest): string {
  if (cursor === null) {
    const from = Number(after ?? 0);
    const to = Math.min(from + limit, size);
    const place = { mode: 'snapshot', cursor: size, after: to < size ? String(to) : null, more: false, total: size } as const;
    return pageOf(place, readRows(from, to), after === null);
  }
  if (cursor < size) throw new Error(`a snapshot ends at ${size}, and no device has ${cursor}`);
  const texts = added.slice(cursor - size, cursor - size + limit);
  const to = cursor + texts.length;
  return pageOf({ mode: 'delta', cursor: to, after: null, more: to < size + added.length, total: size }, texts, false);
}

const publish = (texts: Texts): number => size + added.push(texts);
const counter = new Counter((id) => customers.get(id), publish);
const asked = { pulls: 0, pushes: 0 };
let workMs = 0;

async function working(body: () => Promise<string>, work: (body: string) => string): Promise<string> {
  const text = await body();
  const start = performance.now();
  const out = work(text);
  workMs += performance.now() - start;
  return out;
}

answer({
  [paths.refresh]: () => JSON.stringify(session),
  [paths.pull]: ({ body }) => {
    asked.pulls += 1;
    return working(body, (text) => pull(JSON.parse(text) as PullRequest));
  },
  [paths.push]: ({ body }) => {
    asked.pushes += 1;
    return working(body, (text) => counter.answer((JSON.parse(text) as PushRequest).commands as Command[]));
  },
  '/change': ({ query }) => {
    const round = Number(query.get('round'));
    const changed = changeSome(changing, round, size + added.length + 1);
    for (const sample of changed) {
      const callback = toCallback(sample);
      publish({ ticket: textOf(toTicket(sample, callback)), callback: textOf(callback), customer: '', events: [] });
    }
    return sampleOf(changed);
  },
  '/stats': () => JSON.stringify({ ...asked, workMs, taken: counter.taken }),
});
process.on('exit', () => closeSync(file));
