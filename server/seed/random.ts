import type { Id } from '../../shared/lib/ids.ts';

/** Repeatable chance: the same seed gives the same demo. */
export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** True in `share` of all cases. */
  hit(share: number): boolean;
  /** A UUIDv7 of that time. */
  id(at: number): Id;
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  // Mulberry32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const hex = (digits: number): string => {
    let out = '';
    while (out.length < digits)
      out += Math.floor(next() * 65_536)
        .toString(16)
        .padStart(4, '0');
    return out.slice(0, digits);
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (list) => list[Math.floor(next() * list.length)]!,
    hit: (share) => next() < share,
    id(at) {
      const time = Math.floor(at).toString(16).padStart(12, '0');
      const variant = '89ab'[Math.floor(next() * 4)]!;
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
    },
  };
}
