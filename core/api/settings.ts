import { readMetaJson, writeMeta } from '../../db/reads/meta.ts';
import type { Cache } from '../../db/open.ts';
import type { Reader } from '../../db/reader.ts';
import type { settings as settingsSchema } from '../../shared/bridge/views.ts';
import type { z } from 'zod';

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  locale: 'zh-CN',
  theme: 'system',
  expiryNoticeAt: 9 * 60,
  // A callback was promised to somebody for its time: it breaks through unless the agent says otherwise.
  quiet: { on: false, from: 22 * 60, to: 8 * 60, kinds: ['transfer', 'assignment', 'expiry'] },
  trayExplained: false,
  layouts: {},
};

/** Of the signed-in account on this device. */
export const readSettings = (db: Reader): Settings => ({
  ...defaultSettings,
  ...(readMetaJson(db, 'settings') as Partial<Settings> | null),
});

export function changeSettings(cache: Cache, change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): void {
  const given = Object.fromEntries(Object.entries(change).filter(([, v]) => v !== undefined));
  cache.transaction((db) => writeMeta(db, 'settings', JSON.stringify({ ...readSettings(db), ...given })));
}
