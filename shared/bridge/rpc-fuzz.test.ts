import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { desk } from '../../tests/support/bridge-world.ts';
import type { Port } from './port.ts';
import { createClient, type Implementation, serve } from './rpc.ts';

describe('anything at all', () => {
  const names = fc.oneof(
    fc.constantFrom('desk.add', 'desk.long', 'desk.count', 'desk.wait', '__proto__', 'constructor', 'valueOf', 'x'.repeat(90)),
    fc.string({ maxLength: 12 }),
  );
  const good = fc.oneof(
    fc.record({ a: fc.integer(), b: fc.integer() }),
    fc.record({ text: fc.string({ maxLength: 20 }) }),
    fc.record({ from: fc.integer() }),
    fc.constant({}),
  );
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
    maxDepth: 3,
  });
  const message = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record(
        {
          t: fc.constantFrom('call', 'watch', 'unwatch', 'value', 'refuse'),
          id: fc.oneof(fc.nat(50), fc.anything({ maxDepth: 1 })),
          m: names,
          i: fc.oneof(good, anything),
        },
        { requiredKeys: ['t'] },
      ),
    },
    // Close to right, so that some get through.
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          ['call', 'desk.add', { a: 1, b: 2 }],
          ['call', 'desk.long', { text: 'x' }],
          ['call', 'desk.lie', {}],
          ['watch', 'desk.count', { from: 1 }],
        )
        .chain(([t, m, i]) =>
          fc.record({
            t: fc.constant(t),
            id: fc.nat(400),
            m: fc.constant(m),
            i: fc.oneof(fc.constant(i), fc.dictionary(fc.constantFrom('a', 'b', 'text', 'from', '__proto__'), anything, { maxKeys: 3 })),
          }),
        ),
    },
    { weight: 1, arbitrary: anything },
  );
  /** Runs 1,000 messages each: 100,000 and more in all. */
  const RUNS = 101;
  const PER_RUN = 1_000;

  test('S7 100,000 messages: never throws, and no handler sees an input that its schema refuses', { timeout: 180_000 }, async () => {
    let sent = 0;
    let reached = 0;
    let unfit = 0;
    let refused = 0;
    const spy =
      <T>(schema: z.ZodType<T>, answer: (input: T) => unknown) =>
      (input: T) => {
        reached += 1;
        if (!schema.safeParse(input).success) unfit += 1;
        return answer(input) as never;
      };
    const implementation = {
      calls: Object.fromEntries(
        Object.entries(desk.calls).map(([name, e]) => [
          name,
          spy(e.input as z.ZodType<unknown>, () => (name === 'desk.add' ? { sum: 1 } : name === 'desk.long' ? { length: 1 } : {})),
        ]),
      ),
      queries: { 'desk.count': spy(desk.queries['desk.count'].input, () => () => {}) },
    } as unknown as Implementation<typeof desk>;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: PER_RUN, maxLength: PER_RUN, size: 'max' }), async (messages) => {
        const listeners: ((m: unknown) => void)[] = [];
        const posted: unknown[] = [];
        const port: Port = {
          post: (m) => void posted.push(m),
          onMessage: (l) => void listeners.push(l),
          onClose: () => {},
          close: () => {},
        };
        let now = 0;
        serve(desk, implementation, port, { now: () => (now += 10), checkOutput: true });
        for (const m of messages) listeners[0]!(m);
        await new Promise((resolve) => setImmediate(resolve));
        sent += messages.length;
        for (const p of posted) refused += Number((p as { t: string }).t === 'refuse');
      }),
      { numRuns: RUNS, endOnFailure: true, seed: 20_261_118 },
    );
    expect(sent).toBeGreaterThanOrEqual(100_000);
    expect(unfit).toBe(0);
    // Not vacuous: some got through and many did not.
    expect(reached).toBeGreaterThan(5_000);
    expect(refused).toBeGreaterThan(10_000);
  });

  test('S7 a client survives any reply', { timeout: 60_000 }, async () => {
    const client = createClient(desk);
    const listeners: ((m: unknown) => void)[] = [];
    client.attach({ post: () => {}, onMessage: (l) => void listeners.push(l), onClose: () => {}, close: () => {} });
    client.watch('desk.count', { from: 1 }, () => {});
    void client.call('desk.wait', {}).catch(() => {});
    fc.assert(
      fc.property(
        fc.oneof(
          anything,
          fc.record({ t: fc.constantFrom('value', 'refuse'), id: fc.nat(3), v: anything, code: anything, message: anything }),
        ),
        (m) => {
          listeners[0]!(m);
        },
      ),
      { numRuns: 5_000, seed: 7 },
    );
    expect(client.connected).toBe(true);
  });
});
