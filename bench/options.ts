import { parseArgs } from 'node:util';
import { type Part, parts } from './parts.ts';

const PROGRAMS = ['app', 'server'] as const;
type Program = (typeof PROGRAMS)[number];

export const usage = `npm run bench -- [options]
  --size N         tickets, from 500 to 1000000 (default 5000; the goals speak of 100000)
  --history N      notes on each ticket (default 0, as the goal of the first sync is meant)
  --only A,B       of ${parts.join(', ')},
                   ${PROGRAMS.join(', ')} (what bench:app and bench:server measure), limits (beside raw code that does the same work)
  --all            all of them but limits
  --growth         at several sizes, and by how much each figure grows; --sizes A,B,C (default 10000,100000,1000000)
  --profile NAME   where the time of one part goes; saves out/bench/NAME.cpuprofile
  --quick          a tenth of the repeats: to see that all works, not to know how fast it is
  --json           one object instead of the table`;

export class UsageError extends Error {}

export interface Options {
  /** Smallest first. */
  readonly sizes: readonly number[];
  readonly history: number;
  readonly quick: boolean;
  readonly parts: ReadonlySet<Part>;
  readonly programs: readonly Program[];
  readonly limits: boolean;
  readonly growth: boolean;
  readonly profile: Part | null;
  readonly json: boolean;
}

const SMALLEST = 500;
const LARGEST = 1_000_000;
const MOST_NOTES = 100;
const usual = parts.filter((part) => part !== 'others');

const isPart = (name: string): name is Part => (parts as readonly string[]).includes(name);

/** @throws UsageError */
export function readOptions(given: readonly string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...given],
      options: {
        size: { type: 'string' },
        sizes: { type: 'string' },
        history: { type: 'string', default: '0' },
        only: { type: 'string' },
        all: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        growth: { type: 'boolean', default: false },
        profile: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const whole = (name: string, text: string, least: number, most: number): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new UsageError(`--${name} ${text}: not a whole number from ${least} to ${most}`);
    return value;
  };
  const { all, growth, json, only, profile, quick } = values;
  if (values.sizes !== undefined && !growth) throw new UsageError('--sizes belongs to --growth');
  if (values.size !== undefined && growth) throw new UsageError('--growth takes --sizes and no --size');
  if (only !== undefined && all) throw new UsageError('--only and --all exclude each other');
  if (profile !== undefined && !isPart(profile)) throw new UsageError(`--profile ${profile}: not one of ${parts.join(', ')}`);
  const named = only?.split(',').map((name) => name.trim()) ?? [...(all ? [...parts, ...PROGRAMS] : usual)];
  const unknown = named.find((name) => !isPart(name) && name !== 'limits' && !(PROGRAMS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`--only ${unknown}: there is no such part`);
  const limits = named.includes('limits');
  if (growth && named.some((name) => !isPart(name))) throw new UsageError('--growth knows the parts of the core alone');
  const sizes = growth ? (values.sizes ?? '10000,100000,1000000').split(',') : [values.size ?? '5000'];
  return {
    sizes: sizes.map((text) => whole(growth ? 'sizes' : 'size', text, SMALLEST, LARGEST)).toSorted((a, b) => a - b),
    quick,
    history: whole('history', values.history, 0, MOST_NOTES),
    parts: new Set(named.filter((name) => isPart(name))),
    programs: PROGRAMS.filter((name) => named.includes(name)),
    limits,
    growth,
    profile: profile === undefined ? null : (profile as Part),
    json,
  };
}
