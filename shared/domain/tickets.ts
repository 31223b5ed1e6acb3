import type { Id } from '../lib/ids.ts';

export const ticketStatuses = ['pending', 'processing', 'waiting', 'resolved', 'closed', 'released', 'suspended'] as const;
export type TicketStatus = (typeof ticketStatuses)[number];

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

/** 性质: isolated event, hidden problem, question, errand. */
export const natures = ['incident', 'problem', 'question', 'task'] as const;
export type Nature = (typeof natures)[number];

export const sources = ['phone', 'email', 'form', 'api', 'app', 'wechat', 'chat', 'desktop'] as const;
export type Source = (typeof sources)[number];

export type CustomValue = string | number | boolean | readonly string[] | null;

/** 工单. Times are epoch milliseconds by the server's clock once the server has answered. */
export interface Ticket {
  readonly id: Id;
  /** Given by the server; null means 待编号. */
  readonly number: number | null;
  readonly subject: string;
  readonly description: string;
  readonly category: string;
  readonly nature: Nature;
  readonly priority: Priority;
  readonly source: Source;
  readonly status: TicketStatus;
  readonly customerId: Id;
  readonly assigneeId: Id | null;
  readonly groupId: Id;
  readonly createdBy: Id | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** 工单期限; the server releases an open ticket when it has passed. */
  readonly dueAt: number | null;
  /** 时限: the nearest of its open callbacks and, while it is open, its deadline. Derived; lists sort by it. */
  readonly nextAt: number | null;
  readonly resolvedAt: number | null;
  /** Released by 无效. */
  readonly invalid: boolean;
  /** Whose hands it expired in; set while the ticket lies in the pool for that reason. */
  readonly expiredFrom: Id | null;
  readonly custom: Readonly<Record<string, CustomValue>>;
  readonly deletedAt: number | null;
  /** Rises by one with each command. */
  readonly version: number;
}

/** 用户资源. */
export interface Customer {
  readonly id: Id;
  readonly name: string;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly address: string;
  /** Customer group, for example 金卡客户. */
  readonly tier: string;
  readonly ownerId: Id | null;
  /** The group whose 用户资源 it is: its leaders see it, its members may claim it while it has no owner. null: none yet. */
  readonly groupId: Id | null;
  readonly source: Source;
  readonly invalidReleases: number;
  /** When the customer moved to 无效; null while valid. */
  readonly invalidAt: number | null;
  /** In whose 我的资源 the invalid customer lies. */
  readonly invalidBy: Id | null;
  /** Accounts that released this customer (领取 again needs `allowReclaimAfterRelease`). */
  readonly releasedBy: readonly Id[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const callbackOutcomes = ['done', 'refused', 'noAnswer', 'cancelled'] as const;
export type CallbackOutcome = (typeof callbackOutcomes)[number];

/** 预约回访. Open while `outcome` is null. */
export interface Callback {
  readonly id: Id;
  readonly ticketId: Id;
  readonly customerId: Id;
  /** Follows the ticket's assignee. */
  readonly assigneeId: Id;
  readonly dueAt: number;
  readonly note: string;
  readonly outcome: CallbackOutcome | null;
  readonly outcomeNote: string;
  /** How often it was put off (稍后). */
  readonly snoozes: number;
  readonly createdAt: number;
  readonly closedAt: number | null;
}

/** 操作记录; append-only. Its id is the command's id, so a device's own line and the server's are one. */
export interface TicketEvent {
  readonly id: Id;
  readonly ticketId: Id;
  /** null: the system or a channel. */
  readonly actorId: Id | null;
  readonly command: string;
  readonly note: string;
  /** Field → value before and after; only what changed. */
  readonly changes: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
  /** Device time. */
  readonly occurredAt: number;
  /** Server time; null until the server has it. */
  readonly receivedAt: number | null;
}

/** 转派: makes the sender's 已转派 list. Its id is the command's id. */
export interface Transfer {
  readonly id: Id;
  readonly ticketId: Id;
  readonly fromId: Id;
  readonly toId: Id;
  readonly reason: string;
  readonly at: number;
  /** The ticket as its sender left it: all that the sender may still see. */
  readonly snapshot: {
    readonly ticket: Ticket;
    readonly customerName: string;
    readonly events: readonly TicketEvent[];
  };
}

/** 参数设置. */
export interface Parameters {
  readonly allowReclaimAfterRelease: boolean;
  readonly agentsMayCreate: boolean;
  /** 工单期限 in milliseconds; null: no deadline. */
  readonly ticketTtl: number | null;
  readonly invalidReleaseLimit: number;
  readonly resolvedAutoCloseDays: number;
  readonly trashDays: number;
  readonly suspendedDays: number;
  readonly offlineLeaseDays: number;
  /** Finished tickets last touched longer ago than this are not kept on devices. At least 31: the buckets look back 30 days. */
  readonly cacheDays: number;
  /** Phone numbers are shown masked until clicked. */
  readonly maskPhones: boolean;
}

const DAY = 86_400_000;

export const defaultParameters: Parameters = {
  allowReclaimAfterRelease: false,
  agentsMayCreate: true,
  ticketTtl: 3 * DAY,
  invalidReleaseLimit: 2,
  resolvedAutoCloseDays: 3,
  trashDays: 30,
  suspendedDays: 30,
  offlineLeaseDays: 14,
  cacheDays: 90,
  maskPhones: true,
};
