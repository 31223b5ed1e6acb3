import { words } from './parts.ts';

/** What a figure has to keep to. Most of it at 100,000 tickets, on the machine that the goals were measured on. */
export interface Goal {
  readonly unit: 'ms' | 'MB' | '';
  /** null: none is set. */
  readonly most: number | null;
  /** Times the limit of the same run; null: none is set. */
  readonly ratio: number | null;
}

const ms = (most: number | null, ratio: number | null = null): Goal => ({ unit: 'ms', most, ratio });
const MB = (most: number): Goal => ({ unit: 'MB', most, ratio: null });
const count = (most: number | null): Goal => ({ unit: '', most, ratio: null });

const searches = ['list', 'palette'].flatMap((way) => [
  [`search.${way}.p50`, ms(null)] as const,
  [`search.${way}.p99`, ms(4, 1.3)] as const,
  ...words.flatMap((word) => [[`search.${way}.${word}.p50`, ms(null)] as const, [`search.${way}.${word}.p99`, ms(4)] as const]),
]);

/** Every figure of the core that docs/performance.md speaks of. One of another name has no goal. */
export const goals: Readonly<Record<string, Goal>> = {
  'firstSync.time': ms(4300, 1.3),
  'firstSync.firstPage': ms(500),
  'firstSync.latest': ms(50),
  'firstSync.memory': MB(350),
  'firstSync.disk': MB(80),
  'list.p50': ms(0.13, 2),
  'list.p99': ms(0.6),
  'buckets.mine.p50': ms(0.1, 2),
  'buckets.mine.p99': ms(null),
  'buckets.team.p50': ms(3, 1.5),
  'buckets.team.p99': ms(null),
  ...Object.fromEntries(searches),
  'open.warm': ms(20, 2),
  'open.cold': ms(150, 1.4),
  'delta.median': ms(100, 1.6),
  'delta.worst': ms(250),
  'action.note.p50': ms(1, 2),
  'action.note.p99': ms(3),
  'action.create.p50': ms(1, 2),
  'action.create.p99': ms(3),
  'drain.client': ms(50, 2),
  'drain.cpu': ms(null),
  'drain.requests': count(4),
  'drain.wrong': count(0),
};

const hits = /^search\.hits\./;
export const goalOf = (name: string): Goal => goals[name] ?? (hits.test(name) ? count(null) : ms(null));
/** At more tickets than this what is allowed is a multiple of the figure here. */
export const GOALS_SIZE = 100_000;
