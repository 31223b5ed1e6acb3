import { hash, verify } from '@node-rs/argon2';

/** Turns passwords into what may be stored. A port, because the real one is slow on purpose. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
}

/** Argon2id; the floor of OWASP's advice. */
export const argonFloor = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** `Algorithm.Argon2id`, a const enum that cannot be imported in erasable TypeScript. */
const ARGON2ID = 2;

export function argonHasher(cost: { memoryCost: number; timeCost: number; parallelism: number } = argonFloor): PasswordHasher {
  const options = { ...cost, algorithm: ARGON2ID };
  return {
    hash: (password) => hash(password, options),
    // A stored hash that is not one must not let anybody in, nor fail loudly.
    verify: (stored, password) => verify(stored, password).catch(() => false),
  };
}

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
  };
}
