/** What schedules did; sums over many. */
export interface Counts {
  schedules: number;
  commands: number;
  /** Answers of the server to commands, by what they were. */
  applied: number;
  refusals: number;
  conflicts: number;
  /** Commands that the server could not decide at the first try. */
  undecided: number;
  /** Answers repeated for a command that was sent again. */
  repeats: number;
  evictions: number;
  /** Old tickets that devices asked for and were given, and such as they let go by themselves. */
  fetched: number;
  aged: number;
  resets: number;
  /** Pages of rows that devices took. */
  pages: number;
  kills: number;
  restarts: number;
  serverRestarts: number;
  lost: number;
  duplicated: number;
  late: number;
  hintsLost: number;
  partitions: number;
  clockJumps: number;
  viewChanges: number;
  /** Backups put back, and those of them of which the server was not told. */
  epochs: number;
  silent: number;
  switches: number;
  /** Texts that agents began about a ticket, and times that one was seen to lie apart because its ticket had left. */
  typed: number;
  apart: number;
  reminders: number;
  /** Times at which invariants were looked at. */
  checks: number;
}

export const noCounts = (): Counts => ({
  schedules: 0,
  commands: 0,
  applied: 0,
  refusals: 0,
  conflicts: 0,
  undecided: 0,
  repeats: 0,
  evictions: 0,
  fetched: 0,
  aged: 0,
  resets: 0,
  pages: 0,
  kills: 0,
  restarts: 0,
  serverRestarts: 0,
  lost: 0,
  duplicated: 0,
  late: 0,
  hintsLost: 0,
  partitions: 0,
  clockJumps: 0,
  viewChanges: 0,
  epochs: 0,
  silent: 0,
  switches: 0,
  typed: 0,
  apart: 0,
  reminders: 0,
  checks: 0,
});

export function addCounts(to: Counts, more: Counts): void {
  for (const key of Object.keys(to) as (keyof Counts)[]) to[key] += more[key];
}
