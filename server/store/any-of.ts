import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/** As `inArray`, with a single argument: its text is the same for lists of every length, so it is planned once. */
export const anyOf = (column: AnyPgColumn, values: readonly string[]): SQL => sql`${column} = ANY(${sql.param(values)}::text[])`;
