import { hash, verify } from '@node-rs/argon2';

/** Turns passwords into what may be stored. A port, because the real one is slow on purpose. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
  /** Whether it cost less to make than a new one would; then it is made anew when the password is next seen. Absent: never. */
  isOutdated?(stored: string): boolean;
}

/** Argon2id; the floor of OWASP's advice. */
export const argonFloor = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
export interface ArgonCost {
  /** KiB. */
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}
/** `Algorithm.Argon2id`, a const enum that cannot be imported in erasable TypeScript. */
const ARGON2ID = 2;

/** With what a hash was made; null: it is none of Argon2id. */
export function costOf(stored: string): ArgonCost | null {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(stored);
  return parts === null ? null : { memoryCost: Number(parts[1]), timeCost: Number(parts[2]), parallelism: Number(parts[3]) };
}

/** @throws RangeError for a cost below the floor */
export function argonHasher(cost: ArgonCost = argonFloor): PasswordHasher {
  if (isLess(cost, argonFloor)) throw new RangeError('a password must cost at least the floor');
  const options = { ...cost, algorithm: ARGON2ID };
  return {
    hash: (password) => hash(password, options),
    // A stored hash that is not one must not let anybody in, nor fail loudly.
    verify: (stored, password) => verify(stored, password).catch(() => false),
    isOutdated: (stored) => isLess(costOf(stored) ?? { memoryCost: 0, timeCost: 0, parallelism: 0 }, cost),
  };
}

const isLess = (a: ArgonCost, b: ArgonCost): boolean =>
  a.memoryCost < b.memoryCost || a.timeCost < b.timeCost || a.parallelism < b.parallelism;

/** Keeps a rush of sign-ins from taking all memory: so many at a time, the rest wait. */
export function limitHashing(hasher: PasswordHasher, atOnce: number): PasswordHasher {
  const waiting: (() => void)[] = [];
  let running = 0;
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place is handed over, not freed.
      if (next === undefined) running--;
      else next();
    }
  };
  return {
    hash: (password) => run(() => hasher.hash(password)),
    verify: (stored, password) => run(() => hasher.verify(stored, password)),
    isOutdated: (stored) => hasher.isOutdated?.(stored) ?? false,
  };
}
