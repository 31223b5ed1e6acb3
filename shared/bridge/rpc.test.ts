import { describe, expect, test, vi } from 'vitest';
import { desk, raw, refusalOf, setUp } from '../../tests/support/bridge-world.ts';
import { portPair } from './port.ts';
import { createClient, serve } from './rpc.ts';

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

  test('S7 is refused as bad input before the handler, and the refusal names fields but no value', async () => {
    const { client } = setUp();
    const error = await client.call('desk.add', { a: 1, b: 'secret-13812346021' } as never).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'BadInput', message: 'desk.add: b' });
    expect(await refusalOf(client.call('desk.add', { a: 1, b: 2, c: 3 } as never))).toBe('BadInput');
    expect(await refusalOf(client.call('desk.add', undefined as never))).toBe('BadInput');
  });

  test.each(['desk.nothing', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])('S7 of %j is unknown', async (name) => {
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

  test('S7 over a million characters is refused as too large, and one below it is not', async () => {
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
  test('S7 is refused beyond twice its rate, and served again as time goes on', async () => {
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
