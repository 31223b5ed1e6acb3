import { parseArgs } from 'node:util';

/** A whole number from the command line, `--name N`. @throws Error if it is none, or below 1 */
export function countFrom(name: string, fallback: number): number {
  const { values } = parseArgs({ options: { [name]: { type: 'string' } }, strict: false });
  const given = values[name];
  const count = given === undefined ? fallback : Number(given);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} takes a whole number from 1 on`);
  return count;
}

/** A source of chances, the same for the same `--seed N`. */
export function chancesFrom(seed: number): { below(n: number): number; pick<T>(list: readonly T[]): T } {
  let x = seed >>> 0;
  const next = (): number => {
    x = (x + 0x6d2b79f5) >>> 0;
    let t = Math.imul(x ^ (x >>> 15), x | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)]! };
}
