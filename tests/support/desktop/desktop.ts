import { resolveRuntime, type Runtime } from '../../../scripts/runtime.ts';
import { ensureDesktopPackages } from '../../../scripts/system-packages.ts';
import { type Display, type DisplayOptions, startDisplay } from './display.ts';
import { type NotificationService, startNotificationService } from './notification-service.ts';
import { startTrayWatcher, type TrayWatcher } from './tray-watcher.ts';

/** A screen, a session bus, and on it what a desktop has: notifications and a tray. */
export interface Desktop {
  readonly runtime: Runtime;
  readonly display: Display;
  readonly notifications: NotificationService;
  readonly tray: TrayWatcher;
  stop(): Promise<void>;
}

export async function startDesktop(options: DisplayOptions = {}): Promise<Desktop> {
  ensureDesktopPackages();
  const runtime = await resolveRuntime();
  const display = await startDisplay(options);
  const notifications = await startNotificationService(display);
  const tray = await startTrayWatcher(display);
  return {
    runtime,
    display,
    notifications,
    tray,
    async stop() {
      await tray.stop();
      await notifications.stop();
      await display.stop();
    },
  };
}
