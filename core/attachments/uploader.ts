import { hasEarlier, localFile, type NamedFile, type WaitingAttach, waitingAttaches } from '../../db/reads/attachments.ts';
import type { Cache } from '../../db/open.ts';
import { CHUNK } from '../../shared/domain/attachments.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { calmly } from '../calmly.ts';
import type { CoreContext } from '../context.ts';
import { TransportError } from '../ports.ts';
import type { Tokens } from '../session/tokens.ts';
import { backoff } from '../sync/backoff.ts';
import { DamagedFileError, type FileStore } from './file-store.ts';

export interface UploaderOptions {
  readonly cache: Cache;
  readonly store: FileStore;
  readonly tokens: Tokens;
  readonly url: string;
  /** The bytes of an `attach` are with the server, or never will be: it can be pushed. */
  readonly onReady: () => void;
  /** The bytes of an `attach` are not on this device any more. */
  readonly onLost: (commandId: string) => void;
}

/** What the server said is asked for again after this long: it forgets files whose command does not come. */
const TRUST_MS = 3_600_000;
/** Between two tellings of how far it is, in ms. */
const TELL_MS = 200;

/** Brings the bytes of queued `attach` commands to the server, one file after the other, in pieces, from where it got to. */
export class Uploader {
  readonly #ctx: CoreContext;
  readonly #o: UploaderOptions;
  /** Commands that may be pushed, and since when. */
  readonly #ready = new Map<string, number>();
  #sending: { readonly id: string; readonly done: number } | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #told = 0;
  #cancelTimer: (() => void) | null = null;
  #abort = new AbortController();

  constructor(ctx: CoreContext, options: UploaderOptions) {
    this.#ctx = ctx;
    this.#o = options;
  }

  /** Bytes that the server has of the file that is being sent; null: another one, or none. */
  progress(id: string): number | null {
    return this.#sending?.id === id ? this.#sending.done : null;
  }

  /** `attach` commands whose bytes are not with the server yet; what comes behind them on their tickets waits with them. */
  waiting(): WaitingAttach[] {
    const now = this.#ctx.clock.now();
    return waitingAttaches(this.#o.cache.db).filter((a) => {
      const since = this.#ready.get(a.commandId);
      return a.state === 'queued' && (since === undefined || Math.abs(now - since) > TRUST_MS);
    });
  }

  /** Looks for something to send, unless it waits after a failure; `now` ends that wait. */
  kick(now = false): void {
    if (this.#abort.signal.aborted) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    if (this.#cancelTimer !== null && !now) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#running = calmly(() => this.#run()).finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        this.kick();
      }
    });
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancelTimer?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const { db } = this.#o.cache;
      // The server has to know the ticket, and whatever was done to it before.
      const next = this.waiting().find((a) => !hasEarlier(db, a.ticketId, a.position));
      if (next === undefined) return;
      try {
        for (const file of next.files) await this.#send(next.ticketId, file);
        this.#settle(next.commandId);
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (error instanceof DamagedFileError) this.#o.onLost(next.commandId);
        // The server has said no for good; with the command it says why, in words.
        else if (isFinal(error)) this.#settle(next.commandId);
        else return this.#later(error);
      } finally {
        this.#sending = null;
        this.#ctx.hub.emit(['attachments']);
      }
    }
  }

  #settle(commandId: string): void {
    this.#failures = 0;
    this.#ready.set(commandId, this.#ctx.clock.now());
    this.#o.onReady();
  }

  async #send(ticketId: string, { id, name, size, sha256 }: NamedFile): Promise<void> {
    const { cache, store, tokens, url } = this.#o;
    const { transport } = this.#ctx;
    const { signal } = this.#abort;
    const request = { protocol: PROTOCOL_VERSION, id, ticketId, name, size, sha256 };
    let state = await tokens.authorised((token) => transport.beginUpload(url, token, request));
    while (!state.whole) {
      this.#tell(id, state.received);
      signal.throwIfAborted();
      const file = localFile(cache.db, id);
      if (file === null) throw new DamagedFileError();
      const bytes = await store.read(file, state.received / CHUNK);
      const start = state.received;
      const after = await tokens.authorised((token) => transport.uploadPiece(url, token, id, start, bytes, signal));
      // Going on with it would turn in a circle.
      if (!after.whole && (after.received <= start || after.received % CHUNK !== 0 || after.received >= size))
        throw new TransportError('garbage');
      state = after;
    }
  }

  #tell(id: string, done: number): void {
    this.#sending = { id, done };
    const now = this.#ctx.clock.now();
    if (Math.abs(now - this.#told) < TELL_MS) return;
    this.#told = now;
    this.#ctx.hub.emit(['attachments']);
  }

  #later(error: unknown): void {
    const { logger, random, timers } = this.#ctx;
    this.#failures += 1;
    const known = error instanceof TransportError ? error : null;
    logger.warn('attachment.upload', { error: known?.message ?? (error instanceof Error ? error.name : 'unknown') });
    this.#cancelTimer = timers.after(Math.min(60_000, backoff(this.#failures, random(), known?.retryAfter ?? null)), () => {
      this.#cancelTimer = null;
      this.kick();
    });
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof TransportError &&
  error.kind === 'rejected' &&
  (error.code === 'not-possible' || error.code === 'bad-request' || error.code === 'too-large' || error.code === 'forbidden');
