import { defaultParameters, type Parameters } from '../../shared/domain/tickets.ts';
import { parameter } from './schema.ts';
import type { Orm } from './store.ts';

/** The rules. What was stored before a rule existed has its default. @param lock holds them until the transaction ends */
export async function readParameters(tx: Orm, lock: 'share' | 'update' | null = null): Promise<Parameters> {
  const query = tx.select().from(parameter);
  const [row] = await (lock === null ? query : query.for(lock));
  if (row === undefined) throw new Error('parameters are missing');
  return { ...defaultParameters, ...row.value };
}
