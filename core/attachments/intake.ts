import { createHash, type Hash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { filesOfForm } from '../../db/reads/attachments.ts';
import type { Cache } from '../../db/open.ts';
import { attachmentFiles } from '../../db/schema/tables.ts';
import { attachmentLimits, CHUNK, type FileRefusal, refusedByName } from '../../shared/domain/attachments.ts';
import { calmly } from '../calmly.ts';
import type { CoreContext } from '../context.ts';
import { type FileStore, newFileKey, type StoredFile } from './file-store.ts';
import { recognise, type Recognised } from './recognise.ts';

/** A page that announced a file and then says nothing for this long has gone. */
const SILENCE_MS = 60_000;

type Begun = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly why: FileRefusal };
type Taken = { readonly ok: true; readonly whole: boolean } | { readonly ok: false; readonly why: FileRefusal };

interface Copy extends StoredFile {
  readonly hash: Hash;
  next: number;
  seen: Recognised | null;
  /** One piece after the other, however they come. */
  turn: Promise<unknown>;
  cancelWatch: () => void;
}

/** Files on their way into the device's store, for a form: in pieces, encrypted as they come, kept once they are whole. */
export class Intake {
  readonly #ctx: CoreContext;
  readonly #cache: Cache;
  readonly #store: FileStore;
  readonly #copies = new Map<string, Copy>();

  constructor(ctx: CoreContext, cache: Cache, store: FileStore) {
    this.#ctx = ctx;
    this.#cache = cache;
    this.#store = store;
  }

  /** Bytes that have been copied of a file under way. */
  progress(id: string): number {
    const copy = this.#copies.get(id);
    return copy === undefined ? 0 : Math.min(copy.size, copy.next * CHUNK);
  }

  begin(form: string, name: string, size: number): Begun {
    const { clock, hub, ids, timers } = this.#ctx;
    const why =
      refusedByName(name, size) ?? (filesOfForm(this.#cache.db, form).length >= attachmentLimits.files ? ('too-many' as const) : null);
    if (why !== null) return { ok: false, why };
    const id = ids();
    const key = newFileKey();
    const row = { id, form, name, size, sha256: '', type: '', key, state: 'copying' as const, width: null, height: null, at: clock.now() };
    this.#cache.transaction((db) => db.insert(attachmentFiles).values(row).run());
    const watch = (): (() => void) => timers.after(SILENCE_MS, () => void calmly(() => this.drop(id)));
    const copy: Copy = { id, key, size, hash: createHash('sha256'), next: 0, seen: null, turn: Promise.resolve(), cancelWatch: watch() };
    this.#copies.set(id, copy);
    hub.emit(['attachments']);
    return { ok: true, id };
  }

  /** The next piece. A refusal leaves nothing behind. */
  append(id: string, bytes: Uint8Array): Promise<Taken> {
    const copy = this.#copies.get(id);
    if (copy === undefined) return Promise.resolve({ ok: false, why: 'unreadable' });
    const turn = copy.turn.then(() => this.#append(copy, bytes));
    copy.turn = turn;
    return turn;
  }

  async #append(copy: Copy, bytes: Uint8Array): Promise<Taken> {
    const { hub, logger, timers } = this.#ctx;
    // Ended while this piece waited.
    if (!this.#copies.has(copy.id)) return { ok: false, why: 'unreadable' };
    copy.cancelWatch();
    copy.cancelWatch = timers.after(SILENCE_MS, () => void calmly(() => this.drop(copy.id)));
    // A file that changes while it is read is not one file.
    if (bytes.length !== Math.min(CHUNK, copy.size - copy.next * CHUNK)) return this.#refuse(copy, 'unreadable');
    copy.seen ??= await recognise(bytes);
    if (copy.seen.refused !== null) return this.#refuse(copy, copy.seen.refused);
    try {
      await this.#store.write(copy, copy.next, bytes);
      copy.hash.update(bytes);
      copy.next += 1;
      const whole = copy.next * CHUNK >= copy.size;
      if (whole) await this.#finish(copy, copy.seen);
      hub.emit(['attachments']);
      return { ok: true, whole };
    } catch (error) {
      logger.warn('attachment.copy', { error: error instanceof Error ? error.message.slice(0, 100) : 'unknown' });
      return this.#refuse(copy, 'disk');
    }
  }

  async #finish(copy: Copy, { type, picture }: Recognised): Promise<void> {
    await this.#store.sync(copy);
    // The bytes are on the disk before anything says so.
    const known = { sha256: copy.hash.digest('hex'), type, state: 'ready' as const, width: picture?.width, height: picture?.height };
    this.#cache.transaction((db) => db.update(attachmentFiles).set(known).where(eq(attachmentFiles.id, copy.id)).run());
    copy.cancelWatch();
    this.#copies.delete(copy.id);
    this.#ctx.hub.emit(['attachments', 'drafts', 'tickets']);
  }

  async #refuse(copy: Copy, why: FileRefusal): Promise<Taken> {
    await this.drop(copy.id);
    return { ok: false, why };
  }

  /** Ends a copy and removes what there is of it. */
  async drop(id: string): Promise<void> {
    this.#copies.get(id)?.cancelWatch();
    this.#copies.delete(id);
    this.#cache.transaction((db) => db.delete(attachmentFiles).where(eq(attachmentFiles.id, id)).run());
    this.#ctx.hub.emit(['attachments', 'drafts', 'tickets', 'sync']);
    await this.#store.remove(id);
  }

  stop(): void {
    for (const copy of this.#copies.values()) copy.cancelWatch();
    this.#copies.clear();
  }
}
