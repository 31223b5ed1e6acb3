import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { finishedStatuses } from '../../shared/domain/ticket-state.ts';
import type { Parameters } from '../../shared/domain/tickets.ts';
import { textArray } from './view.ts';

const DAY = 86_400_000;

/** Devices since protocol 3 hold what is open and what was finished lately, and fetch older tickets when asked (SY9). */
export const WINDOWED_SINCE = 3;

/** Finished tickets last touched before it are not sent by themselves. Epoch ms. */
export const windowStart = (parameters: Pick<Parameters, 'cacheDays'>, now: number): number => now - parameters.cacheDays * DAY;

interface Columns {
  readonly id: AnyPgColumn | SQL;
  readonly status: AnyPgColumn | SQL;
  readonly updatedAt: AnyPgColumn | SQL;
}

const finished = (t: Columns): SQL => sql`${t.status} = ANY(${textArray(finishedStatuses)})`;
const awaitsCall = (t: Columns): SQL => sql`EXISTS (SELECT 1 FROM callback c WHERE c.ticket_id = ${t.id} AND c.outcome IS NULL)`;

/** A ticket that every device of its audience holds. */
export const inWindow = (t: Columns, start: number): SQL => sql`(NOT ${finished(t)} OR ${t.updatedAt} >= ${start} OR ${awaitsCall(t)})`;

/** The others. */
export const older = (t: Columns, start: number): SQL => sql`(${finished(t)} AND ${t.updatedAt} < ${start} AND NOT ${awaitsCall(t)})`;

/**
 * What a device may have let go although it once had it: it keeps a window of at least 31 days, whatever the parameter
 * was then.
 */
export const surelyHeldSince = (now: number): number => now - 30 * DAY;
