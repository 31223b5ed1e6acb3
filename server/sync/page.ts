import type { PullResponse } from '../../shared/protocol/wire.ts';

export type Page = Pick<PullResponse, 'mode' | 'cursor' | 'mark' | 'after' | 'more' | 'total' | 'rows' | 'evict'>;
export type Rows = { -readonly [K in keyof PullResponse['rows']]: PullResponse['rows'][K] };

export const noRows = (): Rows => ({
  accounts: [],
  groups: [],
  parameters: null,
  customers: [],
  tickets: [],
  callbacks: [],
  events: [],
  transfers: [],
  attachments: [],
  customFields: null,
  searches: null,
  phrases: null,
});
