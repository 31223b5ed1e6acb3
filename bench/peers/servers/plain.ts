import { readFileSync } from 'node:fs';
import type { SampleTicket } from '../data.ts';
import { answer } from './answering.ts';
import { sampleOf, Tickets } from './tickets.ts';

// The plainest sync server: pages of tickets by place in the feed, and a push of whole tickets. Rows are text beforehand, so
// that a page costs next to nothing here.

const tickets = new Tickets(Number(process.argv[2]));
/** By place in the feed, from 1. */
const feed = tickets.all.map((ticket) => JSON.stringify(ticket));

answer({
  '/pull': ({ query }) => {
    const since = Number(query.get('since'));
    const rows = feed.slice(since, since + Number(query.get('limit')));
    const checkpoint = since + rows.length;
    return `{"rows":[${rows.join(',')}],"checkpoint":${checkpoint},"more":${checkpoint < feed.length}}`;
  },
  '/push': async ({ body }) => {
    const { mutations } = JSON.parse(await body()) as { mutations: { mid: string; ticket: SampleTicket }[] };
    tickets.requests += 1;
    const acks = mutations.map(({ mid }) => {
      tickets.take(mid);
      return { mid, number: `GD9${tickets.pushed}` };
    });
    return JSON.stringify({ acks });
  },
  '/change': ({ query }) => {
    const changed = tickets.change(Number(query.get('round')));
    for (const ticket of changed) feed.push(JSON.stringify(ticket));
    return sampleOf(changed);
  },
  '/stats': () => tickets.stats(),
  /** For engines in a browser: a page of this origin around one script. */
  '/page': ({ response }) => {
    const script = readFileSync('page.js', 'utf8').replaceAll('</script', '<\\/script');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><meta charset=utf-8><script type=module>${script}</script>`);
    return undefined;
  },
});
