import { z } from 'zod';
import { entry } from './define.ts';
import { id } from './views.ts';

// 外壳: where to go, and what this computer keeps for whoever sits at it.

const none = z.strictObject({});

/** Keys that show and hide the window from anywhere: two or more of the first kind, and one letter, digit or F key. */
export const shortcutKeys = z.string().regex(/^(?:(?:Ctrl|Alt|Shift|Super|Command)\+){2,4}(?:[A-Z]|\d|F(?:[1-9]|1\d|2[0-4]))$/);

const chosen = z.strictObject({
  openAtLogin: z.boolean(),
  /** Opened at sign-in, it starts in the tray. */
  startHidden: z.boolean(),
  /** Closing the window keeps the app, and its reminders; otherwise it ends the app. */
  closeToTray: z.boolean(),
  shortcut: shortcutKeys.nullable(),
});

export const shellCalls = {
  /** The page has gone where `navigation` of this serial asked. */
  'navigation.taken': entry(z.strictObject({ serial: z.int() }), z.object({})),
  /** `taken`: another program has these keys. `refused`: the system would not. `disk`: it could not be kept. Then nothing changed. */
  'shell.set': entry(
    chosen.partial(),
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true) }),
      z.object({ ok: z.literal(false), reason: z.enum(['taken', 'refused', 'disk']) }),
    ]),
  ),
  /** Puts versions, sizes, the state of the sync and the end of the logs on the clipboard; nothing that anybody wrote. */
  'app.copyDiagnostics': entry(none, z.object({ ok: z.boolean() })),
};

export const shellQueries = {
  'shell.settings': entry(
    none,
    z.object({
      ...chosen.shape,
      /** False: the keys that were chosen belong to another program now. */
      shortcutWorks: z.boolean(),
      supports: z.object({ openAtLogin: z.boolean(), shortcut: z.boolean(), badge: z.boolean() }),
    }),
  ),
  /** The last place that a notification, the tray, a menu or a link asked for; `serial` rises with each. */
  navigation: entry(
    none,
    z.object({
      serial: z.int(),
      ticketId: id.nullable(),
      transferId: id.nullable(),
      /** A caller whose card is to be shown. */
      call: z.object({ phone: z.string().max(24) }).nullable(),
      settings: z.boolean(),
    }),
  ),
};
