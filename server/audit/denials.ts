import { randomUUID } from 'node:crypto';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Id } from '../../shared/lib/ids.ts';
import type { Orm, Store } from '../store/store.ts';
import { appendAudit } from './append.ts';

/** What is alike within this time is summed up once it is over. */
export const SUMMED_MS = 10 * 60_000;
/** So many of a kind have entries of their own. */
export const SINGLY = 5;

/** Something that was refused. Alike are those with the same action, account and subject. */
export interface Denied {
  readonly action: 'denied' | 'sign-in-refused' | 'sign-in-throttled' | 'wrong-password';
  /** null: nobody known. */
  readonly accountId: Id | null;
  /** Name of an operation, kind of a command, code of a refusal. */
  readonly about: string;
}

/**
 * Refusals for the audit log, such that nobody can flood it: the first ones have an entry each, the others are counted and
 * get one entry together, at most ten minutes later. What is counted lies in memory: a killed process loses the number.
 */
export interface Denials {
  note(of: Denied, detail?: string): Promise<void>;
  /** As `note`, for several within a transaction, behind all else. @returns to be called when it has committed */
  noteWithin(tx: Orm, several: readonly (Denied & { readonly detail: string })[]): Promise<() => void>;
  /** Appends the sums of what is over, or of all. */
  sumUp(all?: boolean): Promise<void>;
}

interface Kind {
  readonly of: Denied;
  since: number;
  times: number;
  single: number;
}

/**
 * Sign-ins share their single entries: were they counted by account, a guesser could tell by the time of an answer whether
 * the account is known.
 */
const SHARED = { prefix: 'sign-in', most: 50 } as const;

export function createDenials(store: Store, clock: Clock): Denials {
  const kinds = new Map<string, Kind>();
  const over: Kind[] = [];
  let shared = { since: 0, single: 0 };

  const isOver = (since: number, now: number): boolean => now - since >= SUMMED_MS || now < since;

  const kindOf = (of: Denied, now: number): Kind => {
    const key = `${of.action}|${of.accountId ?? ''}|${of.about}`;
    const known = kinds.get(key);
    if (known !== undefined && !isOver(known.since, now)) return known;
    if (known !== undefined) over.push(known);
    const { action, accountId, about } = of;
    const fresh = { of: { action, accountId, about }, since: now, times: 0, single: 0 };
    kinds.set(key, fresh);
    return fresh;
  };

  const count = (of: Denied, now: number, times: number, single: number): void => {
    const kind = kindOf(of, now);
    kind.times += times;
    kind.single += single;
    if (of.action.startsWith(SHARED.prefix)) shared.single += single;
  };

  const room = (of: Denied, now: number): number => {
    if (!of.action.startsWith(SHARED.prefix)) return Math.max(0, SINGLY - kindOf(of, now).single);
    if (isOver(shared.since, now)) shared = { since: now, single: 0 };
    return Math.max(0, SHARED.most - shared.single);
  };

  const append = (orm: Orm, { action, accountId }: Denied, detail: string, now: number): Promise<void> =>
    appendAudit(orm, { at: now, id: randomUUID(), action, accountId, detail });

  return {
    async note(of, detail = of.about) {
      const now = clock.now();
      const alone = room(of, now) > 0;
      // Before it is written: many at once must not all find room.
      count(of, now, 1, alone ? 1 : 0);
      if (alone) await append(store.orm, of, detail, now);
    },

    async noteWithin(tx, several) {
      const now = clock.now();
      const counted: { of: Denied; single: number }[] = [];
      const taken = new Map<Kind, number>();
      for (const of of several) {
        const kind = kindOf(of, now);
        const before = taken.get(kind) ?? 0;
        const alone = before < room(of, now);
        if (alone) await append(tx, of, of.detail, now);
        taken.set(kind, before + (alone ? 1 : 0));
        counted.push({ of, single: alone ? 1 : 0 });
      }
      return () => counted.forEach(({ of, single }) => count(of, now, 1, single));
    },

    async sumUp(all = false) {
      const now = clock.now();
      for (const [key, kind] of kinds) {
        if (!all && !isOver(kind.since, now)) continue;
        kinds.delete(key);
        over.push(kind);
      }
      for (let kind = over.at(-1); kind !== undefined; kind = over.at(-1)) {
        const more = kind.times - kind.single;
        over.pop();
        if (more === 0) continue;
        await append(store.orm, kind.of, `${kind.of.about} repeated=${more}`, now).catch((error: unknown) => {
          over.push(kind!);
          throw error;
        });
      }
    },
  };
}
