/** Seeds that once showed a fault of the production; played in every run. */
export const foundSeeds: readonly number[] = [
  // A refusal gave a callback its time back, and nobody armed its reminder until the next page came.
  54,
  // A page brought rows that were newer than its cursor; a backup was put back before the next one, and nobody noticed.
  109,
  // Typed about a ticket made here that the server never showed, and again while it was away: the older text came back.
  8996,
  // What was typed about a ticket that was refused stayed apart when the ticket was made again.
  6187,
  // What waited for an undecided command did not hold back what hung on it; a restored server's older tickets hid that it had gone back.
  976, 462,
];
