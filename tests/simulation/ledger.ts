import type Database from 'better-sqlite3';
import { look } from './transaction-watch.ts';
import { type AnyCommand, isRecordKind, subjectsOf } from '../../shared/domain/commands/index.ts';

/** A command that an agent was told is saved, or that was found in a queue after a crash. */
export interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly subjects: readonly string[];
  readonly args: Record<string, unknown>;
  /** Whose and on which device: the cache that must answer for it. */
  readonly cache: string;
  readonly accountId: string;
  /** Its place among those of its cache. */
  readonly place: number;
  /** The agent let go of it under 需要处理, or gave it again under another id. */
  letGo: boolean;
  /** The device was told to forget it: its ticket left while the server had it. */
  forgotten: boolean;
  /** The server refused it and then went back to its backup. */
  refusedBefore: boolean;
  /** How often the server had gone back to its backup when it took it. */
  takenIn: number | null;
  /** With how many returns to its backup the server had lost it again. */
  lostIn: number;
}

export interface QueueRow {
  readonly command_id: string;
  readonly kind: string;
  readonly subject_id: string;
  readonly args: string;
  readonly state: 'queued' | 'acked' | 'done' | 'refused';
  readonly refusal: string | null;
}

export const readQueue = (db: Database.Database): QueueRow[] =>
  look(db, 'SELECT command_id, kind, subject_id, args, state, refusal FROM outbox ORDER BY position').all() as QueueRow[];

/** Every command that was given in a schedule. */
export class Ledger {
  readonly entries = new Map<string, Entry>();
  readonly #byCache = new Map<string, Entry[]>();

  of(cache: string): readonly Entry[] {
    return this.#byCache.get(cache) ?? [];
  }

  /** Takes in what a queue holds and is not known yet. */
  learn(cache: string, accountId: string, rows: readonly QueueRow[]): void {
    for (const row of rows) if (!this.entries.has(row.command_id)) this.#add(cache, accountId, row);
  }

  #add(cache: string, accountId: string, row: QueueRow): void {
    const args = JSON.parse(row.args) as Record<string, unknown>;
    const about = isRecordKind(row.kind as never) ? { subjectId: row.subject_id } : { ticketId: row.subject_id };
    const command = { id: row.command_id, kind: row.kind, args, occurredAt: 0, ...about } as unknown as AnyCommand;
    const list = this.#byCache.get(cache) ?? [];
    this.#byCache.set(cache, list);
    const entry: Entry = {
      id: row.command_id,
      kind: row.kind,
      subjects: subjectsOf(command),
      args,
      cache,
      accountId,
      place: list.length,
      letGo: false,
      forgotten: false,
      refusedBefore: false,
      takenIn: null,
      lostIn: 0,
    };
    list.push(entry);
    this.entries.set(entry.id, entry);
  }
}
