import { CHANGES, changeSome, COMMON, isOpen, makeTickets, ME, NOWHERE, RARE, ROUNDS, type SampleTicket, WINDOWS } from './data.ts';
import type { Answers } from './phases.ts';

const MOST = 50;

/** The data once all rounds of changes are in, read without any engine. */
export interface Truth {
  readonly byId: ReadonlyMap<string, SampleTicket>;
  readonly list: readonly string[];
  readonly buckets: Readonly<Record<string, number>>;
  /** All that have the text, newest first. */
  readonly hits: Readonly<Record<string, readonly string[]>>;
}

export function readTruth(size: number): Truth {
  const tickets = makeTickets(size);
  for (let round = 1; round <= ROUNDS; round += 1) changeSome(tickets, round, size + 1 + (round - 1) * Math.min(CHANGES, size));
  const mine = tickets.filter((t) => t.assigneeId === ME && isOpen(t));
  const newest = tickets.toSorted((a, b) => b.updatedAt - a.updatedAt);
  return {
    byId: new Map(tickets.map((t) => [t.id, t])),
    list: mine
      .filter((t) => t.dueAt !== null)
      .sort((a, b) => a.dueAt! - b.dueAt!)
      .slice(0, MOST)
      .map((t) => t.id),
    buckets: Object.fromEntries(
      WINDOWS.map(([name, from, to]) => {
        const times = mine.flatMap((t) => [t.dueAt, t.callbackAt]);
        return [name, times.filter((at) => at !== null && at >= from && at < to).length];
      }),
    ),
    hits: Object.fromEntries(
      [RARE, COMMON, NOWHERE].map((text) => [
        text,
        newest.filter((t) => t.subject.includes(text) || t.description.includes(text)).map((t) => t.id),
      ]),
    ),
  };
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((id, i) => id === b[i]);

/** What is wrong with an engine's answers. @param sorts whether its search gives the newest first */
export function findWrong(truth: Truth, answers: Answers, sorts: boolean): string[] {
  const wrong: string[] = [];
  // Some engines put tickets without a due date at the end, others leave them out.
  const dated = answers.list.filter((id) => truth.byId.get(id)?.dueAt !== null);
  if (!same(dated, truth.list)) wrong.push(`the list has other tickets (${dated.length}, ${truth.list.length} expected)`);
  for (const [name, expected] of Object.entries(truth.buckets))
    if (answers.buckets[name] !== expected) wrong.push(`${name} counts ${answers.buckets[name]} and not ${expected}`);
  for (const [text, hits] of Object.entries(truth.hits)) {
    const found = answers.search[text] ?? [];
    const right = sorts ? same(found, hits.slice(0, MOST)) : found.length === Math.min(MOST, hits.length) && areHits(found, hits);
    if (!right) wrong.push(`the search for ${text} finds other tickets (${found.length} of ${hits.length})`);
    const best = answers.palette?.[text];
    // It shows a few of them, the best first.
    if (best !== undefined && !(areHits(best, hits) && best.length > 0 === hits.length > 0))
      wrong.push(`the palette finds other tickets for ${text} (${best.length} of ${hits.length})`);
  }
  return wrong;
}

function areHits(found: readonly string[], hits: readonly string[]): boolean {
  const known = new Set(hits);
  return new Set(found).size === found.length && found.every((id) => known.has(id));
}
