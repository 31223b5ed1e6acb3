import type { Counts } from './counts.ts';

/** How often something has to happen in a hundred schedules at least. */
const inAHundred: Partial<Counts> = {
  commands: 800,
  applied: 700,
  refusals: 60,
  conflicts: 1,
  undecided: 10,
  repeats: 100,
  evictions: 100,
  fetched: 60,
  aged: 25,
  resets: 20,
  pages: 1500,
  kills: 60,
  restarts: 15,
  serverRestarts: 30,
  lost: 500,
  duplicated: 100,
  late: 50,
  hintsLost: 50,
  partitions: 60,
  clockJumps: 20,
  viewChanges: 3,
  epochs: 8,
  silent: 4,
  switches: 20,
  typed: 200,
  apart: 20,
};
/** Fewer schedules than this say nothing about how often something happens. */
const ENOUGH = 100;

/** What happened too seldom for the run to prove anything. */
export function shortfalls(counts: Counts): string[] {
  if (counts.schedules < ENOUGH) return [];
  return (Object.entries(inAHundred) as [keyof Counts, number][]).flatMap(([name, least]) => {
    const floor = Math.floor((least * counts.schedules) / 100);
    return counts[name] < floor ? [`${name} ${counts[name]}, at least ${floor}`] : [];
  });
}
