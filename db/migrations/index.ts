import { initial } from './0001-initial.ts';
import { desk } from './0002-desk.ts';
import { trust } from './0003-trust.ts';
import { attachments } from './0004-attachments.ts';
import { speed } from './0005-speed.ts';
import { search } from './0006-search.ts';
import { customerCounts } from './0007-customer-counts.ts';

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In the order in which they are applied; forward only. */
export const migrations: readonly Migration[] = [initial, desk, trust, attachments, speed, search, customerCounts];
