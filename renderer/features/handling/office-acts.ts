import type { CommandKind } from '../../../shared/domain/commands/command.ts';
import type { Mode } from '../../stores/view-store.ts';
import type { TicketDetail } from './composer-draft.ts';

/** What can be done to a ticket that is not in the own hands. */
export type OfficeAct = 'claim' | 'assign' | 'withdraw' | 'reviewClose' | 'reviewBack' | 'reopen' | 'handOver';
/** Those that the composer confirms, with a text. */
export type OfficeMode = Extract<OfficeAct, Mode['kind']>;

const needs: Readonly<Record<OfficeAct, CommandKind>> = {
  claim: 'claim',
  reviewClose: 'review',
  reviewBack: 'review',
  assign: 'assign',
  withdraw: 'withdraw',
  reopen: 'reopen',
  handOver: 'handOver',
};

/** Pinyin initials where they are free. */
export const officeKeys: Readonly<Record<OfficeAct, string>> = {
  claim: 'L',
  reviewClose: 'Y',
  reviewBack: 'T',
  assign: 'P',
  withdraw: 'Q',
  reopen: 'K',
  handOver: 'P',
};

/** In the order of their buttons. */
export const officeActs = (ticket: TicketDetail): OfficeAct[] =>
  (Object.keys(needs) as OfficeAct[]).filter((act) => ticket.allowed.includes(needs[act]));

export const isOfficeMode = (kind: string): kind is OfficeMode =>
  kind === 'withdraw' || kind === 'reviewClose' || kind === 'reviewBack' || kind === 'reopen';
