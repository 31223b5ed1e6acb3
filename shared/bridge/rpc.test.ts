import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { contract, entry } from './define.ts';
import { BridgeError } from './errors.ts';
import { type Port, portPair } from './port.ts';
import { createClient, type Implementation, serve, type ServeOptions } from './rpc.ts';

const desk = contract(
  {
    'desk.add': entry(z.strictObject({ a: z.int(), b: z.int() }), z.object({ sum: z.int() })),
    'desk.wait': entry(z.strictObject({}), z.object({})),
    'desk.fail': entry(z.strictObject({ how: z.enum(['sync', 'async', 'typed']) }), z.object({})),
    'desk.lie': entry(z.strictObject({}), z.object({ sum: z.int() })),
    'desk.long': entry(z.strictObject({ text: z.string() }), z.object({ length: z.int() })),
    'desk.bytes': entry(z.strictObject({ bytes: z.instanceof(Uint8Array) }), z.object({ length: z.int() })),
  },
  { 'desk.count': entry(z.strictObject({ from: z.int() }), z.object({ n: z.int() })) },
);

type Emit = (value: { n: number }) => void;

/** A served contract with all that a test needs to pull at. */
function setUp(options: Partial<ServeOptions> = {}) {
  const counters: { input: { from: number }; emit: Emit; fail: (error: unknown) => void; ended: boolean }[] = [];
  const reports: { readonly name: string; readonly ms?: number; readonly error?: unknown }[] = [];
  const implementation: Implementation<typeof desk> = {
    calls: {
      'desk.add': ({ a, b }) => ({ sum: a + b }),
      'desk.wait': () => new Promise(() => {}),
      'desk.fail': ({ how }) => {
        if (how === 'async') return Promise.reject(new Error('row 13812346021 is locked'));
        throw how === 'typed' ? new BridgeError('NotSignedIn') : new Error('row 13812346021 is locked');
      },
      'desk.lie': () => ({ sum: 'three' }) as never,
      'desk.long': ({ text }) => ({ length: text.length }),
      'desk.bytes': ({ bytes }) => ({ length: bytes.length }),
    },
    queries: {
      'desk.count': (input, emit, fail) => {
        const counter = { input, emit, fail, ended: false };
        counters.push(counter);
        emit({ n: input.from });
        return () => {
          counter.ended = true;
        };
      },
    },
  };
  const client = createClient(desk);
  const join = (): Port => {
    const [near, far] = portPair();
    serve(desk, implementation, far, { now: () => 0, checkOutput: true, report: (r) => reports.push(r), ...options });
    client.attach(near);
    return far;
  };
  return { client, counters, reports, implementation, far: join(), join };
}

/** Sends one raw message. @returns what comes back within a few turns */
async function raw(message: unknown, options: Partial<ServeOptions> = {}): Promise<unknown[]> {
  const { implementation } = setUp();
  const [near, far] = portPair();
  const replies: unknown[] = [];
  near.onMessage((m) => replies.push(m));
  serve(desk, implementation, far, { now: () => 0, checkOutput: true, ...options });
  near.post(message);
  await new Promise((resolve) => setImmediate(resolve));
  return replies;
}

const refusalOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (e: unknown) => (e instanceof BridgeError ? e.code : e),
  );

describe('a call', () => {
  test('is answered with what the handler gives', async () => {
    const { client } = setUp();
    expect(await client.call('desk.add', { a: 1, b: 2 })).toEqual({ sum: 3 });
  });

  test('is answered before what it changed is told', async () => {
    const { counters, implementation } = setUp();
    const [near, far] = portPair();
    const replies: unknown[] = [];
    near.onMessage((m) => replies.push((m as { v: unknown }).v));
    const add = (): { sum: number } => {
      // As the hub of the core tells of a change: when the work at hand is done.
      queueMicrotask(() => counters.at(-1)!.emit({ n: 2 }));
      return { sum: 3 };
    };
    serve(desk, { ...implementation, calls: { ...implementation.calls, 'desk.add': add } }, far, { now: () => 0 });
    near.post({ t: 'watch', id: 1, m: 'desk.count', i: { from: 1 } });
    near.post({ t: 'call', id: 2, m: 'desk.add', i: { a: 1, b: 2 } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(replies).toEqual([{ n: 1 }, { sum: 3 }, { n: 2 }]);
  });

  test('is refused as bad input before the handler, and the refusal names fields but no value', async () => {
    const { client } = setUp();
    const error = await client.call('desk.add', { a: 1, b: 'secret-13812346021' } as never).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'BadInput', message: 'desk.add: b' });
    expect(await refusalOf(client.call('desk.add', { a: 1, b: 2, c: 3 } as never))).toBe('BadInput');
    expect(await refusalOf(client.call('desk.add', undefined as never))).toBe('BadInput');
  });

  test.each(['desk.nothing', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])('of %j is refused as unknown', async (name) => {
    const { client } = setUp();
    expect(await refusalOf(client.call(name as never, {} as never))).toBe('UnknownMethod');
    const codes: string[] = [];
    client.watch(
      name as never,
      {} as never,
      () => codes.push('value'),
      (e) => codes.push(e.code),
    );
    await vi.waitFor(() => expect(codes).toEqual(['UnknownMethod']));
  });

  test('over a million characters is refused as too large, and one below it is not', async () => {
    const { client } = setUp();
    expect(await refusalOf(client.call('desk.long', { text: 'x'.repeat(1_000_001) }))).toBe('TooLarge');
    expect(await client.call('desk.long', { text: 'x'.repeat(999_000) })).toEqual({ length: 999_000 });
    expect(await raw({ t: 'call', id: 1, m: 'desk.long', i: 10n })).toMatchObject([{ code: 'TooLarge' }]);
  });

  test('with bytes counts each once', async () => {
    const { client } = setUp();
    expect(await client.call('desk.bytes', { bytes: new Uint8Array(999_000).fill(200) })).toEqual({ length: 999_000 });
    expect(await refusalOf(client.call('desk.bytes', { bytes: new Uint8Array(1_000_001) }))).toBe('TooLarge');
  });

  test('that fails inside is refused without its inner words, and is reported', async () => {
    const { client, reports } = setUp();
    for (const how of ['sync', 'async'] as const) {
      const error = await client.call('desk.fail', { how }).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'Failed', message: 'desk.fail' });
    }
    expect(reports.map((r) => r.name)).toEqual(['desk.fail', 'desk.fail']);
    expect(await refusalOf(client.call('desk.fail', { how: 'typed' }))).toBe('NotSignedIn');
    expect(reports).toHaveLength(2);
  });

  test('whose answer does not fit the contract is refused where outputs are checked', async () => {
    const { client, reports } = setUp();
    expect(await refusalOf(client.call('desk.lie', {}))).toBe('Failed');
    expect(String((reports[0]!.error as Error).message)).toContain('out of contract');
    expect(await setUp({ checkOutput: false }).client.call('desk.lie', {})).toEqual({ sum: 'three' });
  });

  test('that took long is reported with its name', async () => {
    let now = 0;
    const { client, reports } = setUp({ now: () => (now += 41) });
    await client.call('desk.add', { a: 1, b: 1 });
    await vi.waitFor(() => expect(reports).toEqual([{ name: 'desk.add', ms: 41 }]));
  });
});

describe('a port that asks too much', () => {
  test('is refused beyond twice its rate, and served again as time goes on', async () => {
    let now = 0;
    const { client } = setUp({ ratePerSecond: 10, now: () => now });
    const all = await Promise.all(Array.from({ length: 30 }, () => refusalOf(client.call('desk.add', { a: 1, b: 1 }))));
    expect(all.filter((x) => x === 'answered')).toHaveLength(20);
    expect(all.filter((x) => x === 'RateLimited')).toHaveLength(10);
    now += 1000;
    const later = await Promise.all(Array.from({ length: 30 }, () => refusalOf(client.call('desk.add', { a: 1, b: 1 }))));
    expect(later.filter((x) => x === 'answered')).toHaveLength(10);
    // A clock that is set back gives nothing away.
    now -= 3_600_000;
    expect(await refusalOf(client.call('desk.add', { a: 1, b: 1 }))).toBe('RateLimited');
  });

  test('may hold two hundred watches and lets go of them with the port', async () => {
    const { client, counters } = setUp();
    const codes: string[] = [];
    for (let i = 0; i < 203; i += 1)
      client.watch(
        'desk.count',
        { from: i },
        () => {},
        (e) => codes.push(e.code),
      );
    await vi.waitFor(() => expect(codes).toEqual(['RateLimited', 'RateLimited', 'RateLimited']));
    expect(counters).toHaveLength(200);
    expect(counters.some((c) => c.ended)).toBe(false);
    client.attach(portPair()[0]);
    await vi.waitFor(() => expect(counters.every((c) => c.ended)).toBe(true));
  });

  test('cannot take the id of a watch that runs', async () => {
    const { implementation } = setUp();
    const [near, far] = portPair();
    const replies: unknown[] = [];
    near.onMessage((m) => replies.push(m));
    serve(desk, implementation, far, { now: () => 0 });
    const watch = { t: 'watch', id: 7, m: 'desk.count', i: { from: 1 } };
    near.post(watch);
    near.post(watch);
    near.post({ t: 'unwatch', id: 7 });
    near.post(watch);
    await vi.waitFor(() => expect(replies).toHaveLength(3));
    expect(replies).toMatchObject([{ v: { n: 1 } }, { code: 'BadInput' }, { v: { n: 1 } }]);
  });
});

describe('a watch', () => {
  test('gets each value until it is let go, and none after', async () => {
    const { client, counters } = setUp();
    const seen: number[] = [];
    const stop = client.watch('desk.count', { from: 1 }, ({ n }) => seen.push(n));
    await vi.waitFor(() => expect(seen).toEqual([1]));
    counters[0]!.emit({ n: 2 });
    await vi.waitFor(() => expect(seen).toEqual([1, 2]));
    stop();
    stop();
    await vi.waitFor(() => expect(counters[0]!.ended).toBe(true));
    counters[0]!.emit({ n: 3 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([1, 2]);
  });

  test('outlives a value that could not be read: it hears of the fault and of the next value', async () => {
    const { client, counters, reports } = setUp();
    const seen: unknown[] = [];
    client.watch(
      'desk.count',
      { from: 1 },
      ({ n }) => seen.push(n),
      (e) => seen.push(e.code),
    );
    await vi.waitFor(() => expect(seen).toEqual([1]));
    counters[0]!.fail(new Error('disk full'));
    counters[0]!.emit({ n: 'no number' } as never);
    counters[0]!.emit({ n: 2 });
    await vi.waitFor(() => expect(seen).toEqual([1, 'Failed', 'Failed', 2]));
    expect(reports).toHaveLength(2);
    expect(await client.call('desk.add', { a: 2, b: 2 })).toEqual({ sum: 4 });
  });

  test('goes on over a new port, from a value read anew', async () => {
    const { client, counters, join } = setUp();
    const seen: number[] = [];
    const connections: boolean[] = [];
    client.onConnection((c) => connections.push(c));
    client.watch('desk.count', { from: 5 }, ({ n }) => seen.push(n));
    await vi.waitFor(() => expect(seen).toEqual([5]));
    join();
    await vi.waitFor(() => expect(seen).toEqual([5, 5]));
    expect(connections).toEqual([false, true]);
    await vi.waitFor(() => expect(counters[0]!.ended).toBe(true));
    // The old side may still have something to say.
    counters[0]!.emit({ n: 99 });
    counters[1]!.emit({ n: 6 });
    await vi.waitFor(() => expect(seen).toEqual([5, 5, 6]));
  });

  test('begun without a port starts with the first one', async () => {
    const client = createClient(desk);
    const seen: number[] = [];
    client.watch('desk.count', { from: 3 }, ({ n }) => seen.push(n));
    const { implementation } = setUp();
    const [near, far] = portPair();
    serve(desk, implementation, far, { now: () => 0 });
    client.attach(near);
    await vi.waitFor(() => expect(seen).toEqual([3]));
  });

  test('read gives the first value alone and ends', async () => {
    const { client, counters } = setUp();
    expect(await client.read('desk.count', { from: 8 })).toEqual({ n: 8 });
    await vi.waitFor(() => expect(counters[0]!.ended).toBe(true));
  });
});

describe('the other side gone', () => {
  test('every pending call and read is refused as CoreUnavailable, and so is each one after', async () => {
    const { client, far } = setUp();
    const pending = [client.call('desk.wait', {}), client.call('desk.wait', {})].map(refusalOf);
    far.close();
    expect(await Promise.all(pending)).toEqual(['CoreUnavailable', 'CoreUnavailable']);
    expect(client.connected).toBe(false);
    expect(await refusalOf(client.call('desk.add', { a: 1, b: 1 }))).toBe('CoreUnavailable');
    expect(await refusalOf(client.read('desk.count', { from: 1 }))).toBe('CoreUnavailable');
  });

  test('a call of the old port is not answered by the new one', async () => {
    const { client, join } = setUp();
    const old = refusalOf(client.call('desk.wait', {}));
    join();
    expect(await old).toBe('CoreUnavailable');
    expect(await client.call('desk.add', { a: 20, b: 1 })).toEqual({ sum: 21 });
  });

  test('what is no reply is left alone', async () => {
    const { client, far } = setUp();
    for (const message of [null, 7, 'value', { t: 'value' }, { t: 'refuse', id: 1 }, { t: 'refuse', id: 1, code: 'Nonsense', message: '' }])
      far.post(message);
    expect(await client.call('desk.add', { a: 1, b: 1 })).toEqual({ sum: 2 });
  });
});

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

  test('never throws, and no handler sees an input that its schema does not accept', { timeout: 180_000 }, async () => {
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

  test('a client survives any reply', { timeout: 60_000 }, async () => {
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
