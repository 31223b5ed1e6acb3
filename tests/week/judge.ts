import type { Midnight } from './gauges.ts';

/** The first days fill what is meant to be filled: code that is compiled, statements that are kept, pools. */
export const WARM_UP = 2;
/** As the product promises: closed reminders and their days, days of a sent command, kept statements, bytes of a log file. */
const LEDGER = { rows: 10_000, days: 90 };
const QUEUE_DAYS = 7;
const STATEMENTS = 250;
const LOG_MB = 4;

/** What is promised at any midnight, from the first on. Nothing is open then but the desk itself. */
const caps: Readonly<Record<string, number>> = {
  'hub listeners': 1,
  desks: 1,
  // Some are prepared by hand beside those that are kept, one for each kind of row and use.
  statements: STATEMENTS + 70,
  'log of the cache MB': 8,
  'log file MB': LOG_MB + 0.1,
  'rows base_row': 0,
  'rows search_dirty': 0,
  'rows draft': 30,
  'rows kept_draft': 30,
  'rows fetched': 30,
  'queue waiting': 0,
  'queue refused': 5,
  'queue oldest day': QUEUE_DAYS + 1,
  // A day comes on top until the oldest are forgotten.
  'rows reminder': LEDGER.rows + 300,
  'rows reminder_step': 6 * LEDGER.rows,
  'ledger closed': LEDGER.rows + 200,
  'ledger oldest day': LEDGER.days + 1,
  'ledger loose steps': 0,
};

interface Since {
  /** At the end of the warm-up. */
  readonly warm: number;
  /** Since then. */
  readonly days: number;
  readonly commands: number;
  /** Saved in the last eight days. */
  readonly recent: number;
}
/** The most that there may be once the desk is warm. */
type Limit = (since: Since) => number;

const flat =
  (slack = 0): Limit =>
  ({ warm }) =>
    warm + slack;
/** What is kept of the work itself: so much for each command, those of the colleagues included. */
const perCommand =
  (most: number, slack = 5): Limit =>
  ({ commands, days, warm }) =>
    warm + slack + most * (commands + 10 * days);

/**
 * After three runs of the garbage collector the heap of a sound run moves by some 0.2 MB from midnight to midnight; a
 * megabyte and 0.1 MB for each day more is what noise does not reach and what no desk would notice in months. The process
 * itself gives memory back when it likes: it is held to a hundred megabytes more.
 */
const limits: Readonly<Record<string, Limit>> = {
  'heap MB': ({ days, warm }) => warm + 1 + 0.1 * days,
  'outside of the heap MB': ({ days, warm }) => warm + 1 + 0.1 * days,
  'buffers MB': flat(1),
  'process MB': ({ warm }) => Math.max(warm, 300) + 100,
  timers: flat(1),
  'event loop': flat(3),
  'process listeners': flat(),
  'open files': flat(3),
  'cache file MB': perCommand(0.004, 1),
  // One attachment a day.
  'files beside the cache': ({ days, warm }) => warm + days + 2,
  'rows migration': flat(),
  'rows meta': flat(3),
  'rows account': flat(),
  'rows staff_group': flat(),
  'rows custom_field': flat(),
  'rows saved_search': flat(),
  'rows phrase': flat(1),
  'rows customer': perCommand(1),
  'rows ticket': perCommand(1),
  'rows ticket_event': perCommand(1.5),
  'rows callback': perCommand(1),
  'rows transfer': perCommand(1),
  'rows attachment': perCommand(1),
  'rows attachment_file': perCommand(1),
  'rows search_docsize': perCommand(2),
  'rows unseen': perCommand(1),
  'rows outbox': ({ recent }) => recent + 10,
};

/** @returns what was more than it may be, as it first was; a gauge that nothing is said about is one, too */
export function growing(midnights: readonly Midnight[]): string[] {
  const warm = midnights[WARM_UP - 1];
  const found = new Map<string, string>();
  for (const [i, { commands, daily, gauges }] of midnights.entries()) {
    for (const [name, value] of Object.entries(gauges)) {
      const limit = limits[name];
      let most = caps[name] ?? (limit === undefined ? -1 : Infinity);
      if (i >= WARM_UP && limit !== undefined) {
        const recent = daily.slice(-(QUEUE_DAYS + 1)).reduce((a, b) => a + b, 0);
        most = limit({ warm: warm!.gauges[name]!, days: i + 1 - WARM_UP, commands: commands - warm!.commands, recent });
      }
      if (value <= most || found.has(name)) continue;
      found.set(name, `${name}: ${Number(value.toFixed(2))} of at most ${Number(most.toFixed(2))} on day ${i + 1}`);
    }
  }
  return [...found.values()];
}
