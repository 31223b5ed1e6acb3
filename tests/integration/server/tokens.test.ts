import { afterAll, beforeAll, expect, it } from 'vitest';
import { judgeRefresh, REFRESH_MS, type Rotation, rotated } from '../../../server/sessions/rotation.ts';
import type { Sessions } from '../../../server/sessions/sessions.ts';
import type { Store } from '../../../server/store/store.ts';
import { openTestStore } from '../../../server/testing.ts';
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts';
import { fc } from '../../support/fast-check.ts';
import { type Company, foundCompany, TestClock } from './company.ts';

// S16: sequences of sign-ins, refreshes, lost answers, old tokens, time and sign-outs, held to what somebody would say who
// has the whole history before them. Long ones for the rule itself, and short ones for the server on its database, which
// takes a hundred times as long for each: 10,000 of those with ZUOXI_SEQUENCES=10000.

const RULE_SEQUENCES = 10_000;
const SERVER_SEQUENCES = Number(process.env['ZUOXI_SEQUENCES'] ?? 500);

interface Pair {
  readonly access: string;
  readonly refresh: string;
}
/** What is asked: the server, or the rule alone with what it decides upon in memory. */
interface Asked {
  readonly clock: TestClock;
  signIn(): Promise<Pair> | Pair;
  refresh(token: string): Promise<Pair | null> | Pair | null;
  /** Whether the access token opens the door. */
  opens(token: string): Promise<boolean> | boolean;
  signOut(access: string): Promise<void> | void;
}

/** One sign-in and all that came of it. What is good now is found in the history, not kept. */
class Family {
  readonly start: number;
  readonly issued: (Pair & { readonly at: number; readonly afterUses: number })[] = [];
  /** Tokens in the order in which each was traded in first. */
  readonly uses: { readonly token: string; readonly at: number }[] = [];
  ended = false;

  constructor(first: Pair, now: number) {
    this.start = now;
    this.give(first, now);
  }

  give(pair: Pair, at: number): void {
    this.issued.push({ ...pair, at, afterUses: this.uses.length });
  }

  isAlive(now: number): boolean {
    return !this.ended && now - (this.uses.at(-1)?.at ?? this.start) < 30 * 86_400_000;
  }

  /** An access token lives ten minutes, and no longer than its sign-in. */
  opens(access: string, now: number): boolean {
    const pair = this.issued.find((p) => p.access === access)!;
    return !this.ended && now - pair.at < 600_000;
  }

  /** Whether a refresh is answered; if not, what that does to all of them. */
  trades(refresh: string, now: number): boolean {
    if (!this.isAlive(now)) return false;
    const pair = this.issued.find((p) => p.refresh === refresh)!;
    const last = this.uses.at(-1);
    // Nothing was traded in since it was given out.
    if (pair.afterUses === this.uses.length) {
      this.uses.push({ token: refresh, at: now });
      return true;
    }
    if (last?.token === refresh && now - last.at <= 30_000) return true;
    this.ended = true;
    return false;
  }
}

type Step =
  | { readonly what: 'signIn' }
  | { readonly what: 'refresh' | 'open' | 'signOut'; readonly family: number; readonly back: number }
  | { readonly what: 'pass'; readonly ms: number };

const family = fc.nat({ max: 3 });
/** How many pairs before the newest: the client's own, that of a lost answer, one that was stolen long ago. */
const back = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.nat({ max: 6 }) },
);
const about = (what: 'refresh' | 'open' | 'signOut'): fc.Arbitrary<Step> => fc.record({ what: fc.constant(what), family, back });
const time = fc.constantFrom(
  1,
  1000,
  29_999,
  30_000,
  30_001,
  300_000,
  599_999,
  600_000,
  3_600_000,
  15 * 86_400_000,
  REFRESH_MS - 1,
  REFRESH_MS,
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ what: 'signIn' } as const) },
  { weight: 8, arbitrary: about('refresh') },
  { weight: 4, arbitrary: about('open') },
  { weight: 1, arbitrary: about('signOut') },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('pass' as const), ms: time }) },
);

/** What the sequences met, so that none of it is missing. */
const met = (): Record<string, number> => ({ traded: 0, again: 0, reused: 0, refused: 0, opened: 0, shut: 0, signedOut: 0 });

async function play(asked: Asked, steps: readonly Step[], counts: Record<string, number>): Promise<void> {
  const families = [new Family(await asked.signIn(), asked.clock.now())];
  const count = (what: string): void => void (counts[what]! += 1);
  for (const s of steps) {
    const now = asked.clock.now();
    if (s.what === 'pass') asked.clock.pass(s.ms);
    else if (s.what === 'signIn') families.push(new Family(await asked.signIn(), now));
    else {
      const of = families[s.family % families.length]!;
      const pair = of.issued.at(-1 - (s.back % of.issued.length))!;
      if (s.what === 'open') {
        const opens = of.opens(pair.access, now);
        expect(await asked.opens(pair.access)).toBe(opens);
        count(opens ? 'opened' : 'shut');
      } else if (s.what === 'signOut') {
        // The server asks for an access token that opens.
        if (!of.opens(pair.access, now)) continue;
        await asked.signOut(pair.access);
        of.ended = true;
        count('signedOut');
      } else {
        const uses = of.uses.length;
        const alive = of.isAlive(now);
        const trades = of.trades(pair.refresh, now);
        const next = await asked.refresh(pair.refresh);
        expect(next !== null).toBe(trades);
        if (next !== null) of.give(next, now);
        count(next !== null ? (of.uses.length > uses ? 'traded' : 'again') : alive ? 'reused' : 'refused');
      }
    }
  }
  // What is left of all that was ever given out.
  const now = asked.clock.now();
  for (const of of families)
    for (const pair of of.issued.slice(-3)) expect(await asked.opens(pair.access)).toBe(of.opens(pair.access, now));
  const tokens = families.flatMap((f) => f.issued.flatMap((p) => [p.access, p.refresh]));
  expect(new Set(tokens).size).toBe(tokens.length);
}

/** The rule, with rows in memory. */
function ruleAlone(): Asked {
  const clock = new TestClock();
  const rows = new Map<number, Rotation>();
  const refreshes = new Map<string, { of: number; hash: string; generation: number }>();
  const accesses = new Map<string, { of: number; until: number }>();
  let made = 0;
  const issue = (of: number, generation: number): Pair => {
    const pair = { access: `a${++made}`, refresh: `r${made}` };
    refreshes.set(pair.refresh, { of, hash: pair.refresh, generation });
    accesses.set(pair.access, { of, until: clock.now() + 600_000 });
    return pair;
  };
  const end = (of: number): void => void rows.set(of, { ...rows.get(of)!, revokedAt: clock.now() });
  return {
    clock,
    signIn() {
      const of = rows.size;
      rows.set(of, { generation: 0, rotatedHash: null, rotatedAt: null, revokedAt: null, expiresAt: clock.now() + REFRESH_MS });
      return issue(of, 0);
    },
    refresh(token) {
      const known = refreshes.get(token)!;
      const row = rows.get(known.of)!;
      const verdict = judgeRefresh(row, known, clock.now());
      if (verdict === 'reused') end(known.of);
      if (verdict === 'reused' || verdict === 'ended') return null;
      const next = verdict === 'rotate' ? { ...row, ...rotated(row, token, clock.now()) } : row;
      rows.set(known.of, next);
      return issue(known.of, next.generation);
    },
    opens(token) {
      const { of, until } = accesses.get(token)!;
      return rows.get(of)!.revokedAt === null && until > clock.now();
    },
    signOut: (access) => end(accesses.get(access)!.of),
  };
}

/** The server's sessions, each sequence at a time of its own. */
function theServer(company: Company, sessions: Sessions): Asked {
  const pairOf = (t: { accessToken: string; refreshToken: string; accessExpiresIn: number }): Pair => {
    expect(t.accessExpiresIn).toBeLessThanOrEqual(600_000);
    return { access: t.accessToken, refresh: t.refreshToken };
  };
  return {
    clock: company.clock,
    async signIn() {
      const given = await sessions.signIn('ann', 'right-password', { id: 'device-0001', system: '', name: '' }, '127.0.0.1');
      if (!given.ok) throw new Error(given.denial.code);
      return pairOf(given.value);
    },
    async refresh(token) {
      const given = await sessions.refresh(token, PROTOCOL_VERSION);
      if (!given.ok) expect(given.denial).toEqual({ code: 'unauthorized' });
      return given.ok ? pairOf(given.value) : null;
    },
    opens: async (token) => (await sessions.check(token)).ok,
    async signOut(access) {
      const holder = await sessions.check(access);
      if (!holder.ok) throw new Error(holder.denial.code);
      await sessions.end(holder.value.sessionId);
    },
  };
}

const floors = (counts: Record<string, number>, least: number): void => {
  for (const [what, n] of Object.entries(counts)) expect([what, n >= least]).toEqual([what, true]);
};

it(`S16 ${RULE_SEQUENCES} long sequences are answered by the rule as their history says`, async () => {
  const counts = met();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => play(ruleAlone(), steps, counts)),
    { numRuns: RULE_SEQUENCES },
  );
  floors(counts, RULE_SEQUENCES / 20);
}, 120_000);

let store: Store;
let company: Company;
beforeAll(async () => {
  store = await openTestStore();
  company = await foundCompany(store);
}, 60_000);
afterAll(async () => {
  await company?.close();
  await store?.close();
});

it(
  `S16 ${SERVER_SEQUENCES} short sequences are answered by the server as their history says`,
  async () => {
    const counts = met();
    const asked = theServer(company, company.server.sessions);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }), (steps) => play(asked, steps, counts)),
      { numRuns: SERVER_SEQUENCES },
    );
    floors(counts, SERVER_SEQUENCES / 50);
  },
  60_000 + SERVER_SEQUENCES * 100,
);

it('S16 a token that nobody was ever given opens nothing, and ends nothing', async () => {
  const { sessions } = company.server;
  const asked = theServer(company, sessions);
  const pair = await asked.signIn();
  for (const token of [`${pair.refresh.slice(0, -1)}_`, pair.access, '', 'x'.repeat(256)]) expect(await asked.refresh(token)).toBeNull();
  expect(await asked.opens(pair.refresh)).toBe(false);
  expect(await asked.refresh(pair.refresh)).not.toBeNull();
});
