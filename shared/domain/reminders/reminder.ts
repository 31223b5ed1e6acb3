import type { Id } from '../../lib/ids.ts';

export const reminderKinds = ['transfer', 'assignment', 'callback', 'expiry'] as const;
export type ReminderKind = (typeof reminderKinds)[number];

/** What became of a reminder; the ledger keeps every step with its time. */
export const reminderSteps = ['armed', 'shown', 'opened', 'acted', 'snoozed', 'dismissed', 'withdrawn', 'missed'] as const;
export type ReminderStep = (typeof reminderSteps)[number];

/** Keyed by (account, kind, subject, showAt); a changed time or a snooze is a new one, the same is never shown twice. */
export interface Reminder {
  readonly id: Id;
  readonly kind: ReminderKind;
  /** The callback, or the event of the transfer or assignment; for expiry the local day. */
  readonly subject: string;
  readonly ticketId: Id | null;
  readonly showAt: number;
}
