import type { Cache } from '../../db/open.ts';
import { readMetaJson, writeMeta } from '../../db/reads/meta.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf, ParsedInputOf } from '../../shared/bridge/define.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { ImportRow } from '../../shared/protocol/operations.ts';
import type { CoreContext } from '../context.ts';
import { type Office, type OfficeReason, runOperation } from '../office/run-operation.ts';
import { checkRow } from './check-row.ts';
import { guessMapping, importFields, type Mapping, signatureOf } from './columns.ts';
import { decode, detect, type Encoding } from './decode.ts';
import { type Delimiter, delimiterOf, isZip, readCsv, readWorkbook, type Table, UnreadableFile } from './read-table.ts';

export type ImportState = OutputOf<CoreContract['queries']['imports.state']>;
type Picked = ParsedInputOf<CoreContract['calls']['imports.open']>['file'];
type Commit = ParsedInputOf<CoreContract['calls']['imports.commit']>;

const MAX_BYTES = 50_000_000;
const READ = 1_000_000;
const PREVIEW = 20;
const SHOWN_BAD = 2000;
/** Rows, and characters of them as JSON, to the server in one request: well below the megabyte that it takes. */
const STAGE = 500;
const STAGE_LENGTH = 200_000;
/** Headers whose mapping is remembered. */
const REMEMBERED = 20;

export interface ImporterOptions extends Office {
  readonly cache: Cache;
  readonly me: () => Account;
}

interface OpenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly encoding: Encoding | null;
  readonly bom: boolean;
  readonly alternatives: readonly Encoding[];
  readonly delimiter: Delimiter | null;
  readonly table: Table;
}

/**
 * One import at a time: read here, checked here and by the server, used only with `commit`. Every step can be ended by
 * `cancel`; what a step that was ended still brings is dropped.
 */
export class Importer {
  readonly #ctx: CoreContext;
  readonly #o: ImporterOptions;
  #state: ImportState = { phase: 'none' };
  #file: OpenFile | null = null;
  /** Under which the server keeps what was staged; null: nothing is there. */
  #importId: string | null = null;
  /** Rows that the server never saw, because they were found wrong here. */
  #badHere = 0;
  /** Rises with each step, so that an older one knows that it is over. */
  #turn = 0;

  constructor(ctx: CoreContext, options: ImporterOptions) {
    this.#ctx = ctx;
    this.#o = options;
  }

  get state(): ImportState {
    return this.#state;
  }

  /** Reads a picked file up to its preview. */
  async open(file: Picked): Promise<void> {
    await this.cancel();
    const turn = this.#begin({ phase: 'reading', done: 0, total: file.size });
    await this.#guarded(turn, async () => {
      const bytes = await this.#read(file, turn);
      if (turn !== this.#turn) return;
      await this.#parse(turn, file.name, bytes, null);
    });
  }

  /** The same bytes in another encoding. */
  async reread(encoding: Encoding): Promise<void> {
    const file = this.#file;
    if (file === null || file.encoding === null) return;
    const turn = this.#begin({ phase: 'reading', done: file.bytes.length, total: file.bytes.length });
    await this.#guarded(turn, () => this.#parse(turn, file.name, file.bytes, encoding));
  }

  /** Checks each row; nothing is in use after it. */
  async check(mapping: Readonly<Record<string, number>>): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    await this.#discard();
    const total = file.table.rows.length - 1;
    const turn = this.#begin({ phase: 'checking', done: 0, total });
    await this.#guarded(turn, () => this.#check(turn, file, known(mapping), total));
  }

  /** Puts what was checked into use, in one step on the server. */
  async commit({ mode, tickets, owner }: Commit): Promise<void> {
    const importId = this.#importId;
    if (importId === null || this.#state.phase !== 'checked') return;
    if (mode === 'all' && this.#state.badTotal > 0) return this.#set({ phase: 'failed', reason: 'bad-rows' });
    const turn = this.#begin({ phase: 'committing' });
    const groupId = this.#o.me().priorityGroupId;
    const done = await runOperation(this.#ctx, this.#o, 'import.commit', { importId, mode, tickets, owner, groupId });
    // Whatever became of this window's wish meanwhile: the server has answered.
    if (done.ok) this.#importId = null;
    if (turn !== this.#turn) return;
    this.#set(
      done.ok ? { phase: 'done', ...done.output, left: done.output.left + this.#badHere } : { phase: 'failed', reason: done.reason },
    );
    if (done.ok) this.#file = null;
  }

  async cancel(): Promise<void> {
    this.#begin({ phase: 'none' });
    this.#file = null;
    await this.#discard();
  }

  /** For the end of the desk: waits for nobody. */
  stop(): void {
    this.#turn += 1;
    void this.#discard();
  }

  async #read(file: Picked, turn: number): Promise<Uint8Array> {
    if (file.size === 0) throw new UnreadableFile('empty');
    if (file.size > MAX_BYTES) throw new UnreadableFile('too-large');
    const pieces: Uint8Array[] = [];
    let done = 0;
    while (turn === this.#turn) {
      const piece = await this.#ctx.host.call('files.read', { handle: file.handle, offset: done, length: READ });
      if (piece === null) throw new UnreadableFile('gone');
      if (piece.bytes.length === 0) break;
      pieces.push(piece.bytes);
      done += piece.bytes.length;
      // It may have grown since it was picked.
      if (done > MAX_BYTES) throw new UnreadableFile('too-large');
      if (turn === this.#turn) this.#set({ phase: 'reading', done, total: Math.max(piece.size, done) });
      if (done >= piece.size) break;
    }
    return new Uint8Array(Buffer.concat(pieces));
  }

  async #parse(turn: number, name: string, bytes: Uint8Array, chosen: Encoding | null): Promise<void> {
    const file = isZip(bytes) ? await this.#workbook(name, bytes) : await this.#text(name, bytes, chosen);
    if (turn !== this.#turn) return;
    const [header] = file.table.rows;
    if (header === undefined || file.table.rows.length < 2) throw new UnreadableFile('no-rows');
    this.#file = file;
    this.#set({
      phase: 'mapping',
      fileName: name,
      encoding: file.encoding === 'utf-8' && file.bom ? 'utf-8-bom' : file.encoding,
      alternatives: [...file.alternatives],
      delimiter: file.delimiter,
      header: [...header],
      preview: file.table.rows.slice(1, PREVIEW + 1).map((row) => [...row]),
      rows: file.table.rows.length - 1,
      mapping: this.#mappingFor(header),
    });
  }

  async #workbook(name: string, bytes: Uint8Array): Promise<OpenFile> {
    const table = await readWorkbook(bytes);
    return { name, bytes, encoding: null, bom: false, alternatives: [], delimiter: null, table };
  }

  async #text(name: string, bytes: Uint8Array, chosen: Encoding | null): Promise<OpenFile> {
    const found = detect(bytes);
    if (found === null && chosen === null) throw new UnreadableFile('not-text');
    const encoding = chosen ?? found!.encoding;
    const text = decode(bytes, encoding);
    if (text.trim() === '') throw new UnreadableFile('empty');
    const delimiter = delimiterOf(text);
    const all = found === null ? [] : [found.encoding, ...found.alternatives];
    return {
      name,
      bytes,
      encoding,
      bom: found?.bom === true && encoding === found.encoding,
      alternatives: all.filter((e) => e !== encoding),
      delimiter,
      table: await readCsv(text, delimiter),
    };
  }

  async #check(turn: number, file: OpenFile, mapping: Mapping, total: number): Promise<void> {
    const importId = this.#ctx.ids();
    const [header] = file.table.rows;
    this.#remember(header!, mapping);
    const context = { mapping, columns: header!.length, zone: this.#ctx.zone() };
    const bad: { line: number; why: string; value: string }[] = [];
    const counts = { fresh: 0, known: 0, withTicket: 0 };
    let good: ImportRow[] = [];
    let length = 0;
    let badHere = 0;
    const stage = async (): Promise<boolean> => {
      if (good.length === 0) return true;
      const rows = good;
      good = [];
      length = 0;
      this.#importId = importId;
      const answer = await runOperation(this.#ctx, this.#o, 'import.stage', { importId, rows });
      if (turn !== this.#turn) return false;
      if (!answer.ok) {
        this.#set({ phase: 'failed', reason: answer.reason satisfies OfficeReason });
        return false;
      }
      const byLine = new Map(rows.map((row) => [row.line, row]));
      for (const { line, verdict, why } of answer.output.verdicts) {
        if (verdict === 'new') counts.fresh += 1;
        else if (verdict === 'known' && why === '') counts.known += 1;
        // Also one that is there, and whose ticket cannot be made.
        else bad.push({ line, why: verdict === 'twin' ? 'twin' : why, value: byLine.get(line)?.phones[0] ?? byLine.get(line)?.name ?? '' });
        if ((verdict === 'new' || (verdict === 'known' && why === '')) && byLine.get(line)?.subject !== '') counts.withTicket += 1;
      }
      return true;
    };
    for (let i = 1; i <= total; i += 1) {
      const checked = checkRow(file.table.rows[i]!, file.table.lines[i]!, context);
      if (checked.ok) {
        good.push(checked.row);
        length += JSON.stringify(checked.row).length;
      } else {
        bad.push({ line: file.table.lines[i]!, why: checked.why, value: checked.value });
        badHere += 1;
      }
      if ((good.length >= STAGE || length >= STAGE_LENGTH) && !(await stage())) return;
      if (i % STAGE !== 0) continue;
      // Others get their turn; so does a wish to end it.
      await new Promise((resolve) => setImmediate(resolve));
      if (turn !== this.#turn) return;
      this.#set({ phase: 'checking', done: i, total });
    }
    if (!(await stage()) || turn !== this.#turn) return;
    bad.sort((a, b) => a.line - b.line);
    this.#badHere = badHere;
    this.#set({ phase: 'checked', total, ...counts, bad: bad.slice(0, SHOWN_BAD), badTotal: bad.length });
  }

  /** What was chosen for such a header last time, or what its words say. */
  #mappingFor(header: readonly string[]): Record<string, number> {
    const remembered = this.#remembered()[signatureOf(header)];
    return { ...(remembered ?? guessMapping(header)) };
  }

  #remembered(): Record<string, Mapping> {
    return (readMetaJson(this.#o.cache.db, 'importMappings') as Record<string, Mapping> | null) ?? {};
  }

  #remember(header: readonly string[], mapping: Mapping): void {
    const { [signatureOf(header)]: _, ...others } = this.#remembered();
    const kept = Object.entries(others).slice(-(REMEMBERED - 1));
    const value = JSON.stringify(Object.fromEntries([...kept, [signatureOf(header), mapping]]));
    this.#o.cache.transaction((db) => writeMeta(db, 'importMappings', value));
  }

  async #discard(): Promise<void> {
    const importId = this.#importId;
    this.#importId = null;
    // A server that does not hear it sweeps by itself.
    if (importId !== null) await runOperation(this.#ctx, this.#o, 'import.discard', { importId });
  }

  async #guarded(turn: number, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error instanceof UnreadableFile) return this.#set({ phase: 'unreadable', why: error.why, line: error.line });
      this.#ctx.logger.error('import.fault', { error: error instanceof Error ? error.name : 'unknown' });
      this.#set({ phase: 'failed', reason: 'server-fault' });
    }
  }

  #begin(state: ImportState): number {
    this.#turn += 1;
    this.#set(state);
    return this.#turn;
  }

  #set(state: ImportState): void {
    this.#state = state;
    this.#ctx.hub.emit(['imports']);
  }
}

const known = (mapping: Readonly<Record<string, number>>): Mapping =>
  Object.fromEntries(Object.entries(mapping).filter(([field]) => (importFields as readonly string[]).includes(field)));
