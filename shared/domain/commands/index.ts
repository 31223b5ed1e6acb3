export * from './command.ts';
export * from './record-command.ts';
export * from './any-command.ts';
export { allowedCommands } from './allowed.ts';
export { decide } from './decide.ts';
export { decideRecord, leadsCustomer, mayEditCustomer, type RecordRow, type RecordState } from './decide-record.ts';
export { type Choice, settledArgs, wantedFields } from './settle.ts';
export { type Refusal, refusalSchema } from './refusal.ts';
export type { Change, DecisionState } from './state.ts';
