import type { Id } from '../lib/ids.ts';

export const roles = ['agent', 'leader', 'qa', 'admin'] as const;
export type Role = (typeof roles)[number];

/** 值班状态. `off` is 下班: reminders are held until the agent is back. */
export const dutyStates = ['on', 'break', 'off'] as const;
export type Duty = (typeof dutyStates)[number];

/** A staff account as every colleague may see it (the directory). */
export interface Account {
  readonly id: Id;
  /** 工号: what the agent signs in with. */
  readonly staffNo: string;
  readonly name: string;
  readonly role: Role;
  readonly groupIds: readonly Id[];
  /** 优先组: one of `groupIds`. */
  readonly priorityGroupId: Id;
  readonly disabled: boolean;
  readonly duty: Duty;
  /** Since when, epoch ms; null: never set. */
  readonly dutySince: number | null;
}

export interface StaffGroup {
  readonly id: Id;
  readonly name: string;
}

/** The server itself (expiry, auto-close) or a customer's channel (customer replies). */
export interface SystemActor {
  readonly role: 'system' | 'channel';
}

export type Actor = Account | SystemActor;

export const isStaff = (actor: Actor): actor is Account => actor.role !== 'system' && actor.role !== 'channel';
