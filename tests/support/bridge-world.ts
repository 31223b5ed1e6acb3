import { z } from 'zod';
import { contract, entry } from '../../shared/bridge/define.ts';
import { BridgeError } from '../../shared/bridge/errors.ts';
import { type Port, portPair } from '../../shared/bridge/port.ts';
import { createClient, type Implementation, serve, type ServeOptions } from '../../shared/bridge/rpc.ts';

// A small contract and both of its ends, for tests.

export const desk = contract(
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
export function setUp(options: Partial<ServeOptions> = {}) {
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
export async function raw(message: unknown, options: Partial<ServeOptions> = {}): Promise<unknown[]> {
  const { implementation } = setUp();
  const [near, far] = portPair();
  const replies: unknown[] = [];
  near.onMessage((m) => replies.push(m));
  serve(desk, implementation, far, { now: () => 0, checkOutput: true, ...options });
  near.post(message);
  await new Promise((resolve) => setImmediate(resolve));
  return replies;
}

export const refusalOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (e: unknown) => (e instanceof BridgeError ? e.code : e),
  );
