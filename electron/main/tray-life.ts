import path from 'node:path';
import { app, type BrowserWindow, nativeImage, nativeTheme } from 'electron';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { Client } from '../../shared/bridge/rpc.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { type Badge, type BadgePlace, createBadge } from './badge.ts';
import { badgeEdge, badgePixels } from './badge-image.ts';
import { faultFields } from './log-file.ts';
import type { Notifications } from './notifications.ts';
import { createTray } from './tray.ts';
import { type TrayLocale, trayModel, type TrayState, trayWord } from './tray-model.ts';
import { readWindowMemory, writeWindowMemory } from './window-bounds.ts';

export interface TrayLifeOptions {
  readonly folder: string;
  readonly platform: string;
  /** Where this desktop shows a number. */
  readonly place: BadgePlace;
  readonly memoryFile: string;
  readonly client: Client<CoreContract>;
  readonly notifications: Notifications;
  readonly window: { show(): void; readonly current: BrowserWindow | null };
  readonly goTo: (ticketId: string) => void;
  readonly onLocale: (locale: TrayLocale) => void;
  readonly logger: Logger;
}

export interface TrayLife {
  readonly badge: Badge;
  readonly signedIn: boolean;
  /** The window has just gone to the tray: the first time it is said where to. */
  explain(): void;
  stop(): void;
}

const refreshMs = 60_000;
const pauseMinutes = 60;

/** The tray icon, its menu and the number beside the app's name follow the core. */
export function followTray(options: TrayLifeOptions): TrayLife {
  const { client, platform, logger, window, memoryFile } = options;
  let state: TrayState | null = null;
  let locale: TrayLocale = app.getLocale().startsWith('zh') ? 'zh-CN' : 'en-US';
  let explained = true;
  const model = (): ReturnType<typeof trayModel> => trayModel(state, locale, Date.now());
  const badge = desktopBadge(options.place, () => window.current);
  const tray = createTray(
    {
      icons: path.join(options.folder, 'icons'),
      platform,
      onOpen: () => window.show(),
      onTicket: options.goTo,
      onQuit: () => app.quit(),
      onPause: (pause) => {
        client
          .call('reminders.pause', { minutes: pause ? pauseMinutes : 0 })
          .catch((error: unknown) => logger.warn('pause-lost', faultFields(error)));
      },
    },
    model(),
  );
  const refresh = (): void => {
    const now = model();
    tray.show(now);
    badge.show(now.badge);
  };
  client.watch('reminders.tray', {}, (to) => {
    state = to;
    refresh();
  });
  client.watch('settings.get', {}, (to) => {
    locale = to.locale;
    explained = to.trayExplained;
    nativeTheme.themeSource = to.theme;
    const memory = readWindowMemory(memoryFile);
    // Signed out there are only the defaults, which nobody has chosen.
    if (state?.signedIn === true && memory.locale !== to.locale) writeWindowMemory(memoryFile, { ...memory, locale: to.locale });
    options.onLocale(locale);
    refresh();
  });
  client.onConnection((connected) => {
    if (!connected) state = null;
    refresh();
  });
  const refreshing = setInterval(refresh, refreshMs);

  return {
    badge,
    get signedIn() {
      return state?.signedIn === true;
    },
    explain() {
      if (explained) return;
      explained = true;
      const word = { id: 'shell:tray', ...trayWord(locale), actions: [], reply: null, stays: false };
      void options.notifications.show(word, { action: () => window.show() });
      client.call('settings.set', { trayExplained: true }).catch((error: unknown) => logger.warn('setting-lost', faultFields(error)));
    },
    stop() {
      clearInterval(refreshing);
      badge.show(0);
      tray.remove();
    },
  };
}

function desktopBadge(place: BadgePlace, window: () => BrowserWindow | null): Badge {
  return createBadge(place, {
    dock: (text) => app.dock?.setBadge(text),
    launcher: (n) => void app.setBadgeCount(n),
    taskbar: (n, text) => {
      const size = { width: badgeEdge, height: badgeEdge, scaleFactor: 2 };
      window()?.setOverlayIcon(n === 0 ? null : nativeImage.createFromBitmap(Buffer.from(badgePixels(n)), size), text);
    },
  });
}
