import { sql } from 'drizzle-orm';
import type { Reader } from '../reader.ts';
import { attachmentFiles } from '../schema/tables.ts';

/**
 * Forgets the keys of files that nothing on this device refers to any more: no form that waits, no command that is not
 * through, no attachment of a ticket that is here. Without its key a file is noise; whoever keeps the folder removes it.
 * @returns how many
 */
export const forgetLooseFiles = (db: Reader): number =>
  db
    .delete(attachmentFiles)
    .where(
      sql`${attachmentFiles.form} IS NULL
        AND ${attachmentFiles.id} NOT IN (SELECT id FROM attachment WHERE removed_at IS NULL)
        AND ${attachmentFiles.id} NOT IN (
          SELECT json_extract(f.value, '$.id') FROM outbox, json_each(outbox.args, '$.files') f
          WHERE outbox.kind = 'attach' AND outbox.state <> 'done')`,
    )
    .run().changes;
