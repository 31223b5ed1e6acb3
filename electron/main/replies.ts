import type { Logger } from '../../shared/lib/logger.ts';
import { faultFields } from './log-file.ts';

/** What somebody typed into the notification of a reminder. */
export interface Reply {
  readonly id: string;
  readonly ticketId: string;
  readonly text: string;
}

export interface RepliesOptions {
  /** `ok` false: refused, and kept under 需要处理. Rejects when the core could not take it. */
  readonly send: (reply: Reply) => Promise<{ readonly ok: boolean }>;
  readonly goTo: (ticketId: string) => void;
  readonly logger: Logger;
}

export interface Replies {
  take(reply: Reply): void;
  /** There is a core again. */
  again(): void;
}

/** Nobody sees a field that has closed: what was typed into it is held here until the core has it. */
export function createReplies({ send, goTo, logger }: RepliesOptions): Replies {
  const waiting = new Set<Reply>();
  const take = (reply: Reply): void => {
    waiting.add(reply);
    send(reply).then(
      ({ ok }) => {
        waiting.delete(reply);
        // It waits in that window, with the reason why it could not go.
        if (!ok) goTo(reply.ticketId);
      },
      (error: unknown) => logger.warn('reply-waits', faultFields(error)),
    );
  };
  return {
    take,
    again: () => {
      for (const reply of [...waiting]) take(reply);
    },
  };
}
