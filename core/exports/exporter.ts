import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf, ParsedInputOf } from '../../shared/bridge/define.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { CoreContext } from '../context.ts';
import { TransportError } from '../ports.ts';
import type { Tokens } from '../session/tokens.ts';

export type ExportState = OutputOf<CoreContract['queries']['exports.state']>;
type StartInput = ParsedInputOf<CoreContract['calls']['exports.start']>;

/** Pieces for the disk: few enough crossings, well under what the bridge carries. */
const PIECE = 256 * 1024;
/** Between two tellings of how far it is, in ms. */
const TELL_MS = 200;
const LF = 10;

/** The disk would not take it. */
class DiskError extends Error {}

/** One export at a time: CSV from the server into a file that the agent chose, without holding it in memory. */
export class Exporter {
  readonly #ctx: CoreContext;
  readonly #server: { readonly tokens: Tokens; readonly url: string };
  #state: ExportState = { phase: 'none' };
  #abort: AbortController | null = null;
  #running: Promise<void> | null = null;

  constructor(ctx: CoreContext, server: { readonly tokens: Tokens; readonly url: string }) {
    this.#ctx = ctx;
    this.#server = server;
  }

  get state(): ExportState {
    return this.#state;
  }

  /** Begins; how it goes is told in `state`. One that runs is ended first. */
  async start(input: StartInput): Promise<void> {
    await this.stop();
    const { handle, fileName } = input;
    this.#set({ phase: 'running', handle, fileName, rows: 0, total: null });
    this.#abort = new AbortController();
    this.#running = this.#run(input, this.#abort.signal).finally(() => {
      this.#running = null;
    });
  }

  cancel(): void {
    this.#abort?.abort();
  }

  async stop(): Promise<void> {
    this.cancel();
    await this.#running;
  }

  async #run({ handle, fileName, request }: StartInput, signal: AbortSignal): Promise<void> {
    const { host, transport, zone, clock, logger } = this.#ctx;
    let waiting: Uint8Array[] = [];
    let size = 0;
    let lines = 0;
    let total: number | null = null;
    let told = 0;
    const flush = async (end: 'no' | 'yes'): Promise<void> => {
      const bytes = new Uint8Array(Buffer.concat(waiting));
      waiting = [];
      size = 0;
      // Pieces of the network can be longer than what the bridge carries.
      for (let at = 0; at === 0 || at < bytes.length; at += PIECE) {
        const last = at + PIECE >= bytes.length;
        const { ok } = await host.call('files.write', { handle, bytes: bytes.subarray(at, at + PIECE), end: last ? end : 'no' });
        if (!ok) throw new DiskError();
      }
    };
    try {
      const body = { ...request, protocol: PROTOCOL_VERSION, zone: zone() };
      await this.#server.tokens.authorised((token) =>
        transport.export(this.#server.url, token, body, {
          signal,
          start: (rows) => {
            total = rows;
          },
          write: async (bytes) => {
            waiting.push(bytes);
            size += bytes.length;
            for (const byte of bytes) if (byte === LF) lines += 1;
            if (size >= PIECE) await flush('no');
            const now = clock.now();
            if (Math.abs(now - told) < TELL_MS) return;
            told = now;
            // A line break inside a cell counts as a row here; the end says how many there were.
            this.#set({ phase: 'running', handle, fileName, rows: Math.min(Math.max(0, lines - 1), total ?? lines), total });
          },
        }),
      );
      signal.throwIfAborted();
      await flush('yes');
      this.#set({ phase: 'done', handle, fileName, rows: total ?? Math.max(0, lines - 1) });
    } catch (error) {
      await host.call('files.write', { handle, bytes: new Uint8Array(0), end: 'abort' }).catch(() => {});
      if (signal.aborted) return this.#set({ phase: 'cancelled', handle, fileName });
      const reason = reasonOf(error, lines > 0);
      if (reason === 'server-fault')
        logger.warn('export.failed', { error: error instanceof Error ? error.message.slice(0, 100) : 'unknown' });
      this.#set({ phase: 'failed', handle, fileName, reason });
    }
  }

  #set(state: ExportState): void {
    this.#state = state;
    this.#ctx.hub.emit(['exports']);
  }
}

function reasonOf(error: unknown, begun: boolean): Extract<ExportState, { phase: 'failed' }>['reason'] {
  if (error instanceof DiskError) return 'disk';
  if (!(error instanceof TransportError)) return 'server-fault';
  if (error.kind !== 'rejected') return begun ? 'broken-off' : 'offline';
  return error.code === 'forbidden' ? 'forbidden' : 'server-fault';
}
