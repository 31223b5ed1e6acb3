import type { OperationOutput } from '../../../shared/protocol/operations.ts';

/** An account as the office sees it. */
export type StaffRow = OperationOutput<'staff.list'>['people'][number];
