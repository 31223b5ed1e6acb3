export const reminderKinds = ['transfer', 'assignment', 'callback', 'expiry'] as const;
export type ReminderKind = (typeof reminderKinds)[number];

/**
 * What became of a reminder; the ledger keeps every step with its time. A reminder is keyed by (account, kind, subject,
 * show time): a changed time or a snooze is a new one, and the same is never shown twice.
 */
export const reminderSteps = ['armed', 'held', 'shown', 'opened', 'acted', 'snoozed', 'dismissed', 'withdrawn', 'missed'] as const;
export type ReminderStep = (typeof reminderSteps)[number];

/** Why a reminder is not told at its time. */
export const holds = ['quiet', 'paused', 'off-duty'] as const;
export type Hold = (typeof holds)[number];

/**
 * Why a step was as it was. Of `shown`: late because of a hold, because the computer slept or its clock was moved, or
 * because the app did not run; `denied`: the system did not show it, and it stands in the app alone.
 */
export const stepReasons = [...holds, 'asleep', 'not-running', 'denied', 'again', 'first-entry', 'native', 'nothing'] as const;
export type StepReason = (typeof stepReasons)[number];

/** Where a reminder stands, by its last step. */
export const outcomes = ['armed', 'held', 'shown', 'acted', 'dismissed', 'withdrawn', 'missed'] as const;
export type Outcome = (typeof outcomes)[number];

/** Later than that counts as late: awake it is 2 s, after a wake 5 s. */
export const LATE_MS = 5000;
