export * from './command.ts';
export { allowedCommands } from './allowed.ts';
export { decide } from './decide.ts';
export { type Refusal, type RefusalCode, refusalCodes, refusalSchema } from './refusal.ts';
export type { Change, DecisionState } from './state.ts';
export { UNDO_MS } from './undo.ts';
