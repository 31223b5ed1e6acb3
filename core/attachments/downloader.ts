import { eq } from 'drizzle-orm';
import { localFile } from '../../db/reads/attachments.ts';
import type { Cache } from '../../db/open.ts';
import { attachmentFiles } from '../../db/schema/tables.ts';
import { getRow } from '../../db/writes/rows.ts';
import { CHUNK } from '../../shared/domain/attachments.ts';
import { calmly } from '../calmly.ts';
import type { CoreContext } from '../context.ts';
import { TransportError } from '../ports.ts';
import type { Tokens } from '../session/tokens.ts';
import { DamagedFileError, type FileStore, newFileKey, pieceCount, type StoredFile } from './file-store.ts';
import { recognise } from './recognise.ts';

export type LoadFailure = 'offline' | 'gone' | 'damaged' | 'disk' | 'server-fault';

interface Load {
  readonly abort: AbortController;
  done: number;
  readonly running: Promise<void>;
}

export interface DownloaderOptions {
  readonly cache: Cache;
  readonly store: FileStore;
  readonly tokens: Tokens;
  readonly url: string;
}

/** Between two tellings of how far it is, in ms. */
const TELL_MS = 200;

/** Brings attachments that the agent asked for onto the device, in pieces, from where it got to. */
export class Downloader {
  readonly #ctx: CoreContext;
  readonly #o: DownloaderOptions;
  readonly #loads = new Map<string, Load>();
  readonly #failures = new Map<string, LoadFailure>();
  #told = 0;

  constructor(ctx: CoreContext, options: DownloaderOptions) {
    this.#ctx = ctx;
    this.#o = options;
  }

  /** Bytes that are here of a file that is being downloaded; null: it is not. */
  progress(id: string): number | null {
    return this.#loads.get(id)?.done ?? null;
  }

  failure(id: string): LoadFailure | null {
    return this.#failures.get(id) ?? null;
  }

  /** Begins, or goes on. Does nothing for what is here, under way, or no attachment that this device knows. */
  load(id: string): void {
    const { cache } = this.#o;
    const wanted = getRow(cache.db, 'attachment', id);
    if (wanted === null || wanted.removedAt !== null || this.#loads.has(id)) return;
    const known = localFile(cache.db, id);
    if (known?.state === 'ready') return;
    const { name, size, sha256, type } = wanted;
    const key = known?.key ?? newFileKey();
    const row = { id, form: null, name, size, sha256, type, key, state: 'loading' as const, width: null, height: null };
    if (known === null)
      cache.transaction((db) =>
        db
          .insert(attachmentFiles)
          .values({ ...row, at: this.#ctx.clock.now() })
          .run(),
      );
    this.#failures.delete(id);
    const abort = new AbortController();
    const running = calmly(() => this.#run({ id, key, size, sha256 }, abort.signal)).finally(() => {
      this.#loads.delete(id);
      this.#ctx.hub.emit(['attachments']);
    });
    this.#loads.set(id, { abort, done: 0, running });
    this.#ctx.hub.emit(['attachments']);
  }

  /** Nothing of it stays. */
  async cancel(id: string): Promise<void> {
    const load = this.#loads.get(id);
    load?.abort.abort();
    await load?.running;
    if (localFile(this.#o.cache.db, id)?.state === 'loading') await this.#forget(id);
    this.#failures.delete(id);
    this.#ctx.hub.emit(['attachments']);
  }

  /** What has come so far stays, for the next time. */
  async stop(): Promise<void> {
    const loads = [...this.#loads.values()];
    for (const { abort } of loads) abort.abort();
    await Promise.all(loads.map((l) => l.running));
  }

  async #run(file: StoredFile & { readonly sha256: string }, signal: AbortSignal): Promise<void> {
    try {
      await this.#fetch(file, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      this.#ctx.logger.warn('attachment.download', { failure });
      if (failure === 'damaged' || failure === 'gone') await this.#forget(file.id);
      this.#failures.set(file.id, failure);
    }
  }

  async #fetch(file: StoredFile & { readonly sha256: string }, signal: AbortSignal): Promise<void> {
    const { cache, store, tokens, url } = this.#o;
    const { transport } = this.#ctx;
    for (let index = await store.held(file); index < pieceCount(file.size); index += 1) {
      const start = index * CHUNK;
      this.#tell(file.id, start);
      const { bytes, size } = await tokens.authorised((token) => transport.downloadPiece(url, token, file.id, start, signal));
      signal.throwIfAborted();
      if (size !== file.size || bytes.length !== Math.min(CHUNK, file.size - start)) throw new DamagedFileError();
      // The ticket may have left meanwhile, and the key with it.
      if (localFile(cache.db, file.id) === null) throw new TransportError('rejected', 'not-possible');
      await store.write(file, index, bytes);
    }
    await store.sync(file);
    if ((await store.hash(file)) !== file.sha256) throw new DamagedFileError();
    const { type, picture } = await recognise(await store.read(file, 0));
    const known = { type, state: 'ready' as const, width: picture?.width ?? null, height: picture?.height ?? null };
    cache.transaction((db) => db.update(attachmentFiles).set(known).where(eq(attachmentFiles.id, file.id)).run());
  }

  async #forget(id: string): Promise<void> {
    this.#o.cache.transaction((db) => db.delete(attachmentFiles).where(eq(attachmentFiles.id, id)).run());
    await this.#o.store.remove(id);
  }

  #tell(id: string, done: number): void {
    const load = this.#loads.get(id);
    if (load !== undefined) load.done = done;
    const now = this.#ctx.clock.now();
    if (Math.abs(now - this.#told) < TELL_MS) return;
    this.#told = now;
    this.#ctx.hub.emit(['attachments']);
  }
}

function failureOf(error: unknown): LoadFailure {
  if (error instanceof DamagedFileError) return 'damaged';
  if (!(error instanceof TransportError)) return 'disk';
  if (error.kind !== 'rejected' || error.code === 'unavailable') return 'offline';
  return error.code === 'not-possible' || error.code === 'forbidden' ? 'gone' : 'server-fault';
}
