import { z } from 'zod';
import { reminderKinds } from '../domain/reminders/reminder.ts';
import { contract, entry } from './define.ts';
import { id } from './views.ts';

const none = z.strictObject({});

/** What the core asks of the process that hosts it: the key store and native notifications. */
export const hostContract = contract(
  {
    'secrets.kind': entry(none, z.object({ kind: z.enum(['os', 'file', 'memory']) })),
    'secrets.get': entry(z.strictObject({ name: z.string().max(200) }), z.object({ value: z.string().nullable() })),
    'secrets.set': entry(z.strictObject({ name: z.string().max(200), value: z.string().max(4000) }), z.object({})),
    'secrets.delete': entry(z.strictObject({ name: z.string().max(200) }), z.object({})),
    /** Shows or replaces a native notification. `shown` false: the OS said no. */
    'notify.show': entry(
      z.strictObject({
        id: z.string().max(120),
        kind: z.enum([...reminderKinds, 'mixed']),
        title: z.string().max(200),
        body: z.string().max(1000),
        ticketId: id.nullable(),
        /** Labels of the buttons, where the platform has any. */
        actions: z.array(z.strictObject({ action: z.enum(['open', 'contacted', 'snooze']), label: z.string().max(40) })),
        /** What the field for an answer says, where the platform has one; null: there is nothing to answer. */
        reply: z.string().max(40).nullable(),
      }),
      z.object({ shown: z.boolean() }),
    ),
    'notify.withdraw': entry(z.strictObject({ id: z.string().max(120) }), z.object({})),
    /** A piece, at most 1 MB, of a file that the agent picked in a window. null: no such handle. */
    'files.read': entry(
      z.strictObject({ handle: id, offset: z.int().nonnegative(), length: z.int().min(1).max(1_000_000) }),
      z.object({ bytes: z.instanceof(Uint8Array), size: z.int() }).nullable(),
    ),
    /** Appends to a file that the agent chose to save. It stands under its name only once `end` has been sent; `abort` leaves nothing. */
    'files.write': entry(
      z.strictObject({ handle: id, bytes: z.instanceof(Uint8Array), end: z.enum(['no', 'yes', 'abort']) }),
      z.object({ ok: z.boolean() }),
    ),
    /** One line in the log file; the host writes all logs, so that they rotate in one place. */
    'log.write': entry(
      z.strictObject({
        level: z.enum(['info', 'warn', 'error']),
        event: z.string().max(100),
        fields: z.record(z.string().max(40), z.union([z.string().max(300), z.number(), z.boolean(), z.null()])),
      }),
      z.object({}),
    ),
  },
  {},
);
export type HostContract = typeof hostContract;
