import type http from 'node:http';
import type { SampleTicket } from '../data.ts';
import { flatRow } from '../flat-row.ts';
import { answer } from './answering.ts';
import { sampleOf, Tickets } from './tickets.ts';

// As much of PowerSync's sync service as one client with one bucket needs: checkpoints and rows as lines of JSON.

interface Stream {
  readonly response: http.ServerResponse;
  /** From where changes wait for `/release`; the measured delta starts there. */
  waiting: number | null;
}

const LINE_ROWS = 1000;
const BUCKET = 'all[]';
const tickets = new Tickets(Number(process.argv[2]));
const rows: string[] = [];
const streams = new Set<Stream>();
let sum = 0;
let writes = 0;
/** The first row that a push added and no checkpoint has told of. */
let pushedFrom: number | null = null;

/** Any checksum will do, as long as both sides add up the same. */
function checksumOf(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i += 7) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return hash >>> 0;
}
function add(id: string, columns: Readonly<Record<string, unknown>>): void {
  const data = JSON.stringify(columns);
  const checksum = checksumOf(data);
  sum = (sum + checksum) >>> 0;
  rows.push(JSON.stringify({ op_id: String(rows.length + 1), op: 'PUT', object_type: 'ticket', object_id: id, checksum, data }));
}
function addTicket(ticket: SampleTicket): void {
  const { id, ...columns } = flatRow(ticket);
  add(String(id), columns);
}
for (const ticket of tickets.all) addTicket(ticket);

const checkpoint = (): string =>
  JSON.stringify({
    checkpoint: {
      last_op_id: String(rows.length),
      write_checkpoint: String(writes),
      buckets: [{ bucket: BUCKET, checksum: sum | 0, count: rows.length, priority: 3, subscriptions: [{ default: 0 }] }],
      streams: [{ name: 'all', is_default: true, errors: [] }],
    },
  });

/** A checkpoint and all rows behind `from`. */
async function send({ response }: Stream, from: number): Promise<void> {
  response.write(`${checkpoint()}\n`);
  const last = rows.length;
  for (let i = from; i < last; i += LINE_ROWS) {
    const end = Math.min(i + LINE_ROWS, last);
    const part = rows.slice(i, end).join(',');
    const line = `{"data":{"bucket":"${BUCKET}","after":"${i}","next_after":"${end}","has_more":${end < last},"data":[${part}]}}\n`;
    if (!response.write(line)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.write(`${JSON.stringify({ checkpoint_complete: { last_op_id: String(last) } })}\n`);
}

answer({
  '/sync/stream': async ({ body, response }) => {
    const asked = JSON.parse((await body()) || '{}') as { buckets?: { name: string; after: string }[] };
    const stream: Stream = { response, waiting: null };
    response.setHeader('content-type', 'application/x-ndjson');
    response.on('close', () => streams.delete(stream));
    streams.add(stream);
    await send(stream, Number(asked.buckets?.find((b) => b.name === BUCKET)?.after ?? 0));
    return undefined;
  },
  '/write-checkpoint2.json': () => {
    writes += 1;
    const from = pushedFrom ?? rows.length;
    pushedFrom = null;
    setImmediate(() => {
      for (const stream of streams) void send(stream, from);
    });
    return JSON.stringify({ data: { write_checkpoint: String(writes) } });
  },
  '/push': async ({ body }) => {
    const { mutations } = JSON.parse(await body()) as { mutations: { mid: string; ticket: { id: string } }[] };
    tickets.requests += 1;
    for (const { mid, ticket } of mutations) {
      if (!tickets.take(mid)) continue;
      pushedFrom ??= rows.length;
      const { id, ...columns } = ticket;
      add(id, columns);
    }
    return JSON.stringify({ acks: [] });
  },
  '/change': ({ query }) => {
    const from = rows.length;
    const changed = tickets.change(Number(query.get('round')));
    for (const ticket of changed) addTicket(ticket);
    for (const stream of streams) stream.waiting ??= from;
    return sampleOf(changed);
  },
  '/release': () => {
    for (const stream of streams) {
      if (stream.waiting !== null) void send(stream, stream.waiting);
      stream.waiting = null;
    }
    return '{}';
  },
  '/stats': () => tickets.stats(),
});
