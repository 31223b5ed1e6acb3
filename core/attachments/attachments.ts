import { eq, inArray } from 'drizzle-orm';
import { filesOfForm, localFile } from '../../db/reads/attachments.ts';
import type { Cache } from '../../db/open.ts';
import { attachmentFiles } from '../../db/schema/tables.ts';
import { forgetLooseFiles } from '../../db/writes/attachment-files.ts';
import { CHUNK, type FileRefusal, refusedByName } from '../../shared/domain/attachments.ts';
import type { CommandArgs } from '../../shared/domain/commands/index.ts';
import { calmly } from '../calmly.ts';
import type { CoreContext } from '../context.ts';
import type { Tokens } from '../session/tokens.ts';
import { Downloader } from './downloader.ts';
import { DamagedFileError, FileStore, pieceCount } from './file-store.ts';
import { Intake } from './intake.ts';
import { Uploader, type UploaderOptions } from './uploader.ts';

export interface AttachmentsOptions extends Pick<UploaderOptions, 'onReady' | 'onLost'> {
  readonly cache: Cache;
  /** Where the encrypted files lie, beside the cache. */
  readonly folder: string;
  readonly tokens: Tokens;
  readonly url: string;
}

type Picked = { readonly handle: string; readonly name: string; readonly size: number };
type SaveResult = { readonly ok: true } | { readonly ok: false; readonly why: 'absent' | 'damaged' | 'disk' };

/** The files of one account on this device: what comes in, goes up, comes down, is shown or saved, and goes away. */
export class Attachments {
  readonly #ctx: CoreContext;
  readonly #cache: Cache;
  readonly #store: FileStore;
  readonly intake: Intake;
  readonly uploader: Uploader;
  readonly downloader: Downloader;

  constructor(ctx: CoreContext, options: AttachmentsOptions) {
    this.#ctx = ctx;
    this.#cache = options.cache;
    this.#store = new FileStore(options.folder);
    this.intake = new Intake(ctx, this.#cache, this.#store);
    this.uploader = new Uploader(ctx, { ...options, store: this.#store });
    this.downloader = new Downloader(ctx, { ...options, store: this.#store });
  }

  /** What a core that ended in the middle left half done goes; what waits to be sent is sent. */
  start(): void {
    this.#cache.transaction((db) => db.delete(attachmentFiles).where(eq(attachmentFiles.state, 'copying')).run());
    void calmly(() => this.sweep());
    this.uploader.kick();
  }

  async stop(): Promise<void> {
    this.intake.stop();
    await Promise.all([this.uploader.stop(), this.downloader.stop()]);
  }

  /** Removes bytes that nothing refers to any more. */
  async sweep(): Promise<void> {
    const known = this.#cache.db.select({ id: attachmentFiles.id }).from(attachmentFiles).all();
    try {
      await this.#store.keepOnly(new Set(known.map((f) => f.id)));
    } catch (error) {
      // Tried again with the next page; without their keys they are noise already.
      this.#ctx.logger.warn('attachment.sweep', { error: error instanceof Error ? error.message.slice(0, 100) : 'unknown' });
    }
  }

  /** After a command was discarded: what only that referred to. */
  forgetLoose(): void {
    if (this.#cache.transaction(forgetLooseFiles) === 0) return;
    this.#ctx.hub.emit(['attachments']);
    void calmly(() => this.sweep());
  }

  async addPicked(form: string, files: readonly Picked[]): Promise<{ added: number; refused: { name: string; why: FileRefusal }[] }> {
    const refused: { name: string; why: FileRefusal }[] = [];
    for (const file of files) {
      const why = await this.#addOne(form, file);
      if (why !== null) refused.push({ name: file.name, why });
    }
    return { added: files.length - refused.length, refused };
  }

  async #addOne(form: string, { handle, name, size }: Picked): Promise<FileRefusal | null> {
    // Before anything of it is read.
    const early = refusedByName(name, size);
    if (early !== null) return early;
    const begun = this.intake.begin(form, name, size);
    if (!begun.ok) return begun.why;
    for (let offset = 0; ; offset += CHUNK) {
      const piece = await this.#ctx.host.call('files.read', { handle, offset, length: CHUNK }).catch(() => null);
      if (piece === null || piece.size !== size || piece.bytes.length === 0) {
        await this.intake.drop(begun.id);
        return 'unreadable';
      }
      const taken = await this.intake.append(begun.id, piece.bytes);
      if (!taken.ok) return taken.why;
      if (taken.whole) return null;
    }
  }

  /** What waits in a form and is whole, as the arguments of its command; null: nothing. */
  toAttach(form: string): CommandArgs<'attach'> | null {
    const files = filesOfForm(this.#cache.db, form).filter((f) => f.state === 'ready');
    return files.length === 0 ? null : { files: files.map(({ id, name, size, sha256, type }) => ({ id, name, size, sha256, type })) };
  }

  /** A file that waits in a form goes. */
  async discard(id: string): Promise<void> {
    if (localFile(this.#cache.db, id)?.form != null) await this.intake.drop(id);
  }

  /** A form is empty again. */
  async discardAll(form: string): Promise<void> {
    const ids = filesOfForm(this.#cache.db, form).map((f) => f.id);
    this.#cache.transaction((db) => db.delete(attachmentFiles).where(inArray(attachmentFiles.id, ids)).run());
    await this.sweep();
  }

  /** One piece of a picture that may be shown. */
  async piece(id: string, index: number): Promise<{ bytes: Uint8Array<ArrayBuffer>; type: string; pieces: number } | null> {
    const file = localFile(this.#cache.db, id);
    if (file?.state !== 'ready' || file.width === null || index >= pieceCount(file.size)) return null;
    return { bytes: await this.#store.read(file, index), type: file.type, pieces: pieceCount(file.size) };
  }

  async save(id: string, handle: string): Promise<SaveResult> {
    const { host } = this.#ctx;
    const file = localFile(this.#cache.db, id);
    if (file?.state !== 'ready') return { ok: false, why: 'absent' };
    try {
      for (let index = 0; index < pieceCount(file.size); index += 1) {
        const bytes = await this.#store.read(file, index);
        const { ok } = await host.call('files.write', { handle, bytes, end: index + 1 < pieceCount(file.size) ? 'no' : 'yes' });
        if (!ok) return { ok: false, why: 'disk' };
      }
      return { ok: true };
    } catch (error) {
      await host.call('files.write', { handle, bytes: new Uint8Array(0), end: 'abort' }).catch(() => {});
      return { ok: false, why: error instanceof DamagedFileError ? 'damaged' : 'disk' };
    }
  }
}
