import path from 'node:path';
import { app, BrowserWindow, globalShortcut, Menu, type MessagePortMain, Notification, powerMonitor, safeStorage } from 'electron';
import { type CoreContract, shellContract } from '../../shared/bridge/contract.ts';
import { hostContract } from '../../shared/bridge/host-contract.ts';
import { createClient, serve, type ServeOptions } from '../../shared/bridge/rpc.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { appMenu } from './app-menu.ts';
import { badgePlace } from './badge.ts';
import { bridgePages } from './bridge-ports.ts';
import { createDeviceSettings } from './device-settings.ts';
import { createFileHandles } from './file-handles.ts';
import { createHostService } from './host-service.ts';
import { createLogFile, faultFields } from './log-file.ts';
import { createNavigation } from './navigation.ts';
import { createNotifications } from './notifications.ts';
import { readDiagnostics } from './read-diagnostics.ts';
import { createSavePlace } from './save-place.ts';
import { createReplies } from './replies.ts';
import { openSecretStore } from './open-secret-store.ts';
import { createShellService } from './shell-service.ts';
import { followTray, type TrayLife } from './tray-life.ts';
import type { TrayLocale } from './tray-model.ts';
import { furnishUpdates } from './updates/furnish-updates.ts';
import type { Updater } from './updates/updater.ts';
import { readWindowMemory } from './window-bounds.ts';
import { hasOwnButtons } from './window-factory.ts';
import { createWindowShortcut, hasGlobalShortcuts } from './window-shortcut.ts';
import type { BuildFacts } from './build-facts.ts';
import type { CompanyPolicy } from './company-policy.ts';
import type { CoreHost } from './core-host.ts';
import { type Links, registerLinkScheme } from './links.ts';
import { createLoginItem } from './login-item.ts';
import type { MainWindow } from './main-window.ts';
import type { SettingsFile } from './shell-settings.ts';
import type { Shutdown } from './shutdown.ts';

export interface DeskParts {
  readonly facts: BuildFacts;
  readonly core: CoreHost<MessagePortMain>;
  readonly window: MainWindow;
  readonly settingsFile: SettingsFile;
  readonly shutdown: Shutdown;
  readonly serveOptions: ServeOptions;
  readonly links: Links;
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the built files lie. */
  readonly folder: string;
  readonly userData: string;
  readonly dataDir: string;
  readonly logs: string;
  /** How the window was, and in which language. */
  readonly memoryFile: string;
  readonly company: CompanyPolicy;
}

export interface Furniture {
  readonly tray: TrayLife;
  readonly updates: Promise<Updater>;
}

/** Everything of the shell that may come a moment after the core and the window were asked for. */
export function furnishDesk(parts: DeskParts): Furniture {
  const {
    facts,
    core,
    window,
    settingsFile,
    shutdown,
    serveOptions,
    links,
    logger,
    env,
    folder,
    userData,
    dataDir,
    logs,
    memoryFile,
    company,
  } = parts;
  const platform = process.platform;
  const icons = path.join(folder, 'icons');

  // ── what the core may ask of the desktop ──
  const client = createClient<CoreContract>();
  const navigation = createNavigation();
  const notifications = createNotifications({
    platform,
    icon: platform === 'linux' ? path.join(icons, '128.png') : null,
    supported: () => Notification.isSupported(),
    make: (settings) => new Notification(settings),
  });
  const goTo = (ticketId: string | null): void => {
    navigation.go(ticketId);
    window.show();
  };

  // ── what this computer keeps ──
  const place = badgePlace(platform, platform === 'linux' && app.setBadgeCount(0));
  const device = createDeviceSettings({
    file: settingsFile,
    loginItem: createLoginItem(
      { platform, packaged: facts.packaged, env, executable: process.execPath, folder: app.getAppPath(), name: app.getName() },
      app,
    ),
    shortcut: createWindowShortcut(globalShortcut, () => window.toggle()),
    supports: { shortcut: hasGlobalShortcuts(platform, env), badge: place !== 'none' },
  });
  if (!device.view.value.shortcutWorks) logger.warn('shortcut-taken');

  const files = createFileHandles();
  const savePlace = createSavePlace(path.join(userData, 'folders.json'));
  shutdown.onStop('files', 2_000, () => files.abortWrites());
  const host = createHostService({
    files,
    secrets: openSecretStore(safeStorage, path.join(userData, 'secrets'), facts, platform, logger),
    notifications,
    coreLog: createLogFile(logs, 'core', Date.now),
    onAnswer: ({ id, ticketId }, action) => {
      if (action === 'open') goTo(ticketId);
      client.call('reminders.act', { id, action }).catch((error: unknown) => logger.warn('answer-lost', faultFields(error)));
    },
    onReply: (reply) => replies.take(reply),
  });
  const replies = createReplies({
    send: (reply) => client.call('reminders.reply', reply),
    goTo,
    logger,
  });
  client.onConnection((connected) => connected && replies.again());
  core.onReady((life) => {
    // What the last core was writing has nobody to finish it.
    void files.abortWrites();
    serve(hostContract, host, life.openPort('host'), serveOptions);
    client.attach(life.openPort('shell'));
  });

  const updates = furnishUpdates({ facts, env, platform, client, logger, company });
  shutdown.onStop('updates', 1_000, async () => (await updates).stop());

  // ── pages ──
  const diagnostics = (): Promise<string> =>
    readDiagnostics({
      ...{ version: app.getVersion(), packaged: facts.packaged, dataDir, logs, now: Date.now },
      device: () => device.view.value,
      signedIn: () => tray.signedIn,
      sync: () => client.read('sync.state', {}),
    });
  bridgePages({
    core,
    logger,
    serveShell: (contents, port) => {
      const owner = BrowserWindow.fromWebContents(contents);
      if (owner === null) return port.close();
      const info = {
        version: app.getVersion(),
        platform: platform === 'win32' || platform === 'darwin' ? platform : ('linux' as const),
        ownButtons: hasOwnButtons(platform),
        testBuild: facts.testBuild,
      };
      serve(
        shellContract,
        createShellService(owner, { info, navigation, files, savePlace, device, updates, diagnostics }),
        port,
        serveOptions,
      );
    },
  });
  app.on('activate', () => window.show());

  // ── tray, menu, links, sleep ──
  const tray = followTray({
    ...{ folder, platform, place, memoryFile, client, notifications, window, goTo, logger },
    onLocale: (locale) => setMenu(locale),
  });
  const setMenu = (locale: TrayLocale): void =>
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        appMenu(platform, locale, {
          settings: () => {
            navigation.settings();
            window.show();
          },
          closeWindow: () => window.current?.close(),
          quit: () => app.quit(),
        }),
      ),
    );
  setMenu(readWindowMemory(memoryFile).locale);
  // Its card takes no caret, and the window no keys: whoever answers the telephone may be typing elsewhere.
  client.watch('calls.incoming', {}, (call) => call !== null && window.raise());
  // Hints only: the core looks at the clock anyway, but a socket that died in the sleep says nothing for a while.
  const woke = (): void => void client.call('reminders.woke', {}).catch(() => {});
  powerMonitor.on('resume', woke);
  powerMonitor.on('unlock-screen', woke);
  registerLinkScheme();
  links.follow({
    logger,
    show: () => window.show(),
    open: (link) => {
      if (link.kind === 'ticket') return goTo(link.ticketId);
      navigation.call(link.phone);
      window.show();
    },
  });
  shutdown.onStop('tray', 1_000, async () => {
    globalShortcut.unregisterAll();
    notifications.withdrawAll();
    tray.stop();
  });
  return { tray, updates };
}
