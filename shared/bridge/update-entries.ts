import { z } from 'zod';
import { entry } from './define.ts';

// 更新: a newer version of the app, which waits until nothing is unsaved.

const none = z.strictObject({});

export const updateCalls = {
  /** Asks the feed now. */
  'update.check': entry(none, z.object({})),
  /** The hint goes, and comes again later the same day. */
  'update.later': entry(none, z.object({})),
  /** Ends the app and starts the new one. `unsaved`: something is not on the disk yet; `not-ready`: there is nothing to start. */
  'update.restart': entry(
    none,
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true) }),
      z.object({ ok: z.literal(false), reason: z.enum(['unsaved', 'not-ready']) }),
    ]),
  ),
  /** The page says whether it holds what only it has. A page that goes away holds nothing. */
  'update.unsaved': entry(z.strictObject({ unsaved: z.boolean() }), z.object({})),
};

export const updateQueries = {
  'update.state': entry(
    none,
    z.object({
      /** `off`: this build does not update itself. */
      status: z.enum(['off', 'idle', 'checking', 'fetching', 'ready', 'failed']),
      /** What is fetched or ready. */
      version: z.string().nullable(),
      /** 0–100, while it is fetched. */
      percent: z.number().nullable(),
      /** When the feed last answered, epoch ms. */
      checkedAt: z.number().nullable(),
      /** `refused`: what the feed offers is not what we signed, or older. */
      failure: z.enum(['unreachable', 'refused', 'disk']).nullable(),
      /** Until then the hint stays away, epoch ms. */
      quietUntil: z.number().nullable(),
      /** From then on the app restarts by itself, epoch ms. */
      forcedAt: z.number().nullable(),
    }),
  ),
};
