import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildApp, isStale } from '../../../scripts/build.ts';
import { resolveRuntime, type Runtime } from '../../../scripts/runtime.ts';
import { ensureDesktopPackages } from '../../../scripts/system-packages.ts';
import { type Display, startDisplay } from '../desktop/display.ts';
import { type NotificationService, startNotificationService } from '../desktop/notification-service.ts';
import { startTrayWatcher, type TrayWatcher } from '../desktop/tray-watcher.ts';

/** A screen, a session bus, and on it what a desktop has: notifications and a tray. */
export interface Desktop {
  readonly runtime: Runtime;
  readonly display: Display;
  readonly notifications: NotificationService;
  readonly tray: TrayWatcher;
  /** Where apps of this desktop keep their data. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** With the app built, as it is in the working tree. */
export async function startDesktop(): Promise<Desktop> {
  ensureDesktopPackages();
  if (await isStale()) await buildApp();
  const runtime = await resolveRuntime();
  const folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-desk-'));
  const display = await startDisplay();
  const notifications = await startNotificationService(display);
  const tray = await startTrayWatcher(display);
  return {
    runtime,
    display,
    notifications,
    tray,
    folder,
    async stop() {
      await tray.stop();
      await notifications.stop();
      await display.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
