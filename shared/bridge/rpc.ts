import { z } from 'zod';
import type { Contract, Entries, InputOf, OutputOf, ParsedInputOf } from './define.ts';
import { BridgeError, type BridgeErrorCode, bridgeErrorCodes } from './errors.ts';
import type { Port } from './port.ts';

type Names<E extends Entries> = keyof E & string;

/** What answers a contract. A query hands out a value now and whenever it changes, until the returned function is called. */
export interface Implementation<C extends Contract> {
  readonly calls: {
    readonly [N in Names<C['calls']>]: (input: ParsedInputOf<C['calls'][N]>) => OutputOf<C['calls'][N]> | Promise<OutputOf<C['calls'][N]>>;
  };
  readonly queries: {
    readonly [N in Names<C['queries']>]: (
      input: ParsedInputOf<C['queries'][N]>,
      emit: (value: OutputOf<C['queries'][N]>) => void,
      /** There is no value now; there may be one later. */
      fail: (error: unknown) => void,
    ) => () => void;
  };
}

export interface ServeOptions {
  /** Also check what is sent out; for tests and development. */
  readonly checkOutput?: boolean;
  /** Messages a second that one port may send, on average; a burst of twice as many passes. Default 500. */
  readonly ratePerSecond?: number;
  readonly now: () => number;
  /** What to call an error that is no `BridgeError`; null: `Failed`. */
  readonly codeOf?: (error: unknown) => BridgeErrorCode | null;
  /** Told of each call that took over 40 ms, and of faults. Never gets inputs or outputs. */
  readonly report?: (event: { readonly name: string; readonly ms?: number; readonly error?: unknown }) => void;
}

const MAX_BYTES = 1_000_000;
const SLOW_MS = 40;
const MAX_WATCHES = 200;

const request = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('call'), id: z.int().nonnegative(), m: z.string().max(80), i: z.unknown() }),
  z.strictObject({ t: z.literal('watch'), id: z.int().nonnegative(), m: z.string().max(80), i: z.unknown() }),
  z.strictObject({ t: z.literal('unwatch'), id: z.int().nonnegative() }),
]);
const reply = z.discriminatedUnion('t', [
  z.object({ t: z.literal('value'), id: z.int(), v: z.unknown() }),
  z.object({ t: z.literal('refuse'), id: z.int(), code: z.enum(bridgeErrorCodes), message: z.string() }),
]);

/** Answers one port. Whatever arrives is checked before a handler sees it. @returns stops all watches. */
export function serve<C extends Contract>(of: C, by: Implementation<C>, port: Port, options: ServeOptions): () => void {
  const watches = new Map<number, () => void>();
  const rate = options.ratePerSecond ?? 500;
  let tokens = rate * 2;
  let last = options.now();

  const refuse = (id: number, code: BridgeError['code'], message: string): void => port.post({ t: 'refuse', id, code, message });
  const fault = (id: number, name: string, error: unknown): void => {
    if (error instanceof BridgeError) return refuse(id, error.code, error.message);
    options.report?.({ name, error });
    refuse(id, options.codeOf?.(error) ?? 'Failed', name);
  };

  const stop = (): void => {
    for (const end of watches.values()) end();
    watches.clear();
  };

  port.onClose(stop);
  port.onMessage((raw) => {
    const at = options.now();
    tokens = Math.min(rate * 2, tokens + (Math.max(0, at - last) / 1000) * rate);
    last = at;
    const message = request.safeParse(raw);
    if (!message.success) return;
    const { id } = message.data;
    if (message.data.t === 'unwatch') {
      watches.get(id)?.();
      watches.delete(id);
      return;
    }
    if (tokens < 1) return refuse(id, 'RateLimited', 'too many messages');
    tokens -= 1;
    const { t, m, i } = message.data;
    const table: Entries = t === 'call' ? of.calls : of.queries;
    const found = Object.hasOwn(table, m) ? table[m] : undefined;
    if (found === undefined) return refuse(id, 'UnknownMethod', m);
    if (sizeOf(i) > MAX_BYTES) return refuse(id, 'TooLarge', m);
    const input = found.input.safeParse(i);
    if (!input.success) return refuse(id, 'BadInput', `${m}: ${input.error.issues.map((x) => x.path.join('.')).join(', ')}`);

    const send = (v: unknown): void => {
      if (options.checkOutput) {
        const checked = found.output.safeParse(v);
        if (!checked.success) return fault(id, m, new Error(`${m} answered out of contract: ${checked.error.message}`));
      }
      port.post({ t: 'value', id, v });
    };
    try {
      if (t === 'watch') {
        if (watches.has(id)) return refuse(id, 'BadInput', 'watch id in use');
        if (watches.size >= MAX_WATCHES) return refuse(id, 'RateLimited', 'too many watches');
        const handler = by.queries[m as never] as (input: unknown, emit: typeof send, fail: (e: unknown) => void) => () => void;
        watches.set(
          id,
          handler(input.data, send, (error) => fault(id, m, error)),
        );
      } else {
        const handler = by.calls[m as never] as (input: unknown) => unknown;
        const told = (): void => {
          const ms = options.now() - at;
          if (ms > SLOW_MS) options.report?.({ name: m, ms });
        };
        const answer = handler(input.data);
        if (answer instanceof Promise) void answer.then(send, (error: unknown) => fault(id, m, error)).finally(told);
        else {
          // At once: whoever waits for it need not wait until all that it changed has been read again.
          send(answer);
          told();
        }
      }
    } catch (error) {
      fault(id, m, error);
    }
  });
  return stop;
}

export interface Client<C extends Contract> {
  /** @throws BridgeError, `CoreUnavailable` when the other side is gone or goes before it has answered. */
  call<N extends Names<C['calls']>>(name: N, input: InputOf<C['calls'][N]>): Promise<OutputOf<C['calls'][N]>>;
  /** Calls back with each value, also after the other side came back. @returns ends it. */
  watch<N extends Names<C['queries']>>(
    name: N,
    input: InputOf<C['queries'][N]>,
    onValue: (value: OutputOf<C['queries'][N]>) => void,
    onError?: (error: BridgeError) => void,
  ): () => void;
  /** The first value of a query. */
  read<N extends Names<C['queries']>>(name: N, input: InputOf<C['queries'][N]>): Promise<OutputOf<C['queries'][N]>>;
  /** Joins a new port; pending calls of the old one are refused, watches go on over the new one. */
  attach(port: Port): void;
  readonly connected: boolean;
  onConnection(listener: (connected: boolean) => void): () => void;
}

/**
 * The calling end. Works without a port: calls are refused at once, watches wait. The contract is there for its type only,
 * and who names the type need not load it.
 */
export function createClient<C extends Contract>(_of?: C): Client<C> {
  let port: Port | null = null;
  let next = 1;
  const pending = new Map<number, { resolve(v: unknown): void; reject(e: BridgeError): void }>();
  const watches = new Map<number, { m: string; i: unknown; onValue(v: unknown): void; onError?: ((e: BridgeError) => void) | undefined }>();
  const listeners = new Set<(connected: boolean) => void>();

  const drop = (): void => {
    if (port === null) return;
    port = null;
    for (const p of pending.values()) p.reject(new BridgeError('CoreUnavailable'));
    pending.clear();
    for (const l of listeners) l(false);
  };

  const client = {
    get connected() {
      return port !== null;
    },
    attach(to: Port) {
      const old = port;
      drop();
      old?.close();
      port = to;
      to.onClose(() => {
        if (port === to) drop();
      });
      to.onMessage((raw) => {
        const message = reply.safeParse(raw);
        if (!message.success || port !== to) return;
        const { id } = message.data;
        const waiting = pending.get(id);
        const watch = watches.get(id);
        if (message.data.t === 'value') {
          waiting?.resolve(message.data.v);
          watch?.onValue(message.data.v);
        } else {
          const error = new BridgeError(message.data.code, message.data.message);
          waiting?.reject(error);
          watch?.onError?.(error);
        }
        pending.delete(id);
      });
      for (const [id, w] of watches) to.post({ t: 'watch', id, m: w.m, i: w.i });
      for (const l of listeners) l(true);
    },
    onConnection(listener: (connected: boolean) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    call(m: string, i: unknown) {
      return new Promise((resolve, reject) => {
        if (port === null) return reject(new BridgeError('CoreUnavailable'));
        const id = next++;
        pending.set(id, { resolve, reject });
        port.post({ t: 'call', id, m, i });
      });
    },
    watch(m: string, i: unknown, onValue: (v: unknown) => void, onError?: (e: BridgeError) => void) {
      const id = next++;
      watches.set(id, { m, i, onValue, onError });
      port?.post({ t: 'watch', id, m, i });
      return () => {
        if (watches.delete(id)) port?.post({ t: 'unwatch', id });
      };
    },
    read(m: string, i: unknown) {
      return new Promise((resolve, reject) => {
        if (port === null) return reject(new BridgeError('CoreUnavailable'));
        const off = client.onConnection(() => finish(() => reject(new BridgeError('CoreUnavailable'))));
        const finish = (settle: () => void): void => {
          stop();
          off();
          settle();
        };
        const stop = client.watch(
          m,
          i,
          (v) => finish(() => resolve(v)),
          (e) => finish(() => reject(e)),
        );
      });
    },
  };
  return client as unknown as Client<C>;
}

function sizeOf(value: unknown): number {
  let binary = 0;
  try {
    const text = JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, part: unknown) {
      // Not `part`: of a Buffer that is already its text, in which each byte counts several times.
      const given = this[key];
      if (!(given instanceof Uint8Array)) return part;
      binary += given.byteLength;
      return null;
    });
    return (text?.length ?? 0) + binary;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
