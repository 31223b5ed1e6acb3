export const reminderKinds = ['transfer', 'assignment', 'callback', 'expiry'] as const;
export type ReminderKind = (typeof reminderKinds)[number];

/**
 * What became of a reminder; the ledger keeps every step with its time. A reminder is keyed by (account, kind, subject,
 * show time): a changed time or a snooze is a new one, and the same is never shown twice.
 */
export const reminderSteps = ['armed', 'shown', 'opened', 'acted', 'snoozed', 'dismissed', 'withdrawn', 'missed'] as const;
export type ReminderStep = (typeof reminderSteps)[number];
