export * from './command.ts';
export { allowedCommands } from './allowed.ts';
export { decide } from './decide.ts';
export { type Refusal, refusalSchema } from './refusal.ts';
export type { Change, DecisionState } from './state.ts';
