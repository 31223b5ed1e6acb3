import path from 'node:path';
import { app, BrowserWindow, globalShortcut, Menu, nativeTheme, Notification, powerMonitor, session } from 'electron';
import { coreContract, shellContract } from '../../shared/bridge/contract.ts';
import { hostContract } from '../../shared/bridge/host-contract.ts';
import { createClient, serve, type ServeOptions } from '../../shared/bridge/rpc.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { appMenu } from './app-menu.ts';
import { servePage } from './app-protocol.ts';
import { badgePlace } from './badge.ts';
import { bridgePages } from './bridge-ports.ts';
import { buildFacts } from './build-facts.ts';
import { guardAllContents, guardSession } from './contents-guard.ts';
import { readArguments } from './deep-link.ts';
import { createDeskCore } from './desk-core.ts';
import { createDeviceSettings } from './device-settings.ts';
import { createFileHandles } from './file-handles.ts';
import { createHostService } from './host-service.ts';
import { type Links, registerLinkScheme } from './links.ts';
import { createLogFile, faultFields } from './log-file.ts';
import { createLoginItem, startsHidden } from './login-item.ts';
import { createWindowKeeper, type MainWindow } from './main-window.ts';
import { createNavigation } from './navigation.ts';
import { createNotifications } from './notifications.ts';
import { readDiagnostics } from './read-diagnostics.ts';
import { createSavePlace } from './save-place.ts';
import { createReplies } from './replies.ts';
import { openSecretStore } from './open-secret-store.ts';
import { openShellSettings } from './shell-settings.ts';
import { createShellService } from './shell-service.ts';
import { createShutdown } from './shutdown.ts';
import { followTray } from './tray-life.ts';
import type { TrayLocale } from './tray-model.ts';
import { readWindowMemory } from './window-bounds.ts';
import { hasOwnButtons } from './window-factory.ts';
import { createWindowShortcut, hasGlobalShortcuts } from './window-shortcut.ts';

export interface DeskOptions {
  /** How the window was, and in which language. */
  readonly memoryFile: string;
  readonly userData: string;
  readonly logs: string;
  /** Where the built files lie. */
  readonly folder: string;
  readonly links: Links;
  readonly logger: Logger;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The core itself gets five seconds. */
const coreStopMs = 7_000;

/** The whole shell, once Electron is ready. */
export function startDesk({ userData, logs, folder, links, logger, argv, env, memoryFile }: DeskOptions): void {
  const platform = process.platform;
  const now = (): number => performance.now();
  const facts = buildFacts(app.isPackaged, app.getVersion());
  const icons = path.join(folder, 'icons');
  const serveOptions: ServeOptions = {
    now,
    checkOutput: !facts.packaged,
    report: ({ name, ms, error }) =>
      ms === undefined ? logger.error('call-failed', { name, ...faultFields(error) }) : logger.warn('slow', { name, ms: Math.round(ms) }),
  };
  logger.info('start', { version: app.getVersion(), electron: process.versions['electron'] ?? '', platform, packaged: facts.packaged });

  const shutdown = createShutdown(logger);
  let quitting = false;
  let joined = false;
  app.on('before-quit', () => (quitting = true));
  app.on('will-quit', (event) => {
    if (joined) return;
    event.preventDefault();
    void shutdown.run().then(() => {
      joined = true;
      logger.info('quit');
      app.quit();
    });
  });
  // The app lives in the tray; only quitting ends it.
  app.on('window-all-closed', () => {});

  guardAllContents(logger);
  guardSession(session.defaultSession);
  servePage(path.join(folder, 'renderer'));
  nativeTheme.themeSource = readWindowMemory(memoryFile).theme;

  // ── the core, and what it may ask of the desktop ──
  const dataDir = path.join(userData, 'data');
  const core = createDeskCore({ facts, env, platform, folder, dataDir, logger, now });
  shutdown.onStop('core', coreStopMs, () => core.stop());
  const client = createClient(coreContract);
  const navigation = createNavigation();
  const notifications = createNotifications({
    platform,
    icon: platform === 'linux' ? path.join(icons, '128.png') : null,
    supported: () => Notification.isSupported(),
    make: (settings) => new Notification(settings),
  });
  const window: MainWindow = createWindowKeeper(
    {
      preload: path.join(folder, 'preload.cjs'),
      icon: platform === 'linux' ? path.join(icons, '256.png') : null,
      memoryFile,
      platform,
      quitting: () => quitting,
      closesToTray: () => settingsFile.value.closeToTray,
      onShow: () => tray.badge.again(),
      onHide: () => tray.explain(),
      onQuit: () => app.quit(),
    },
    logger,
    now,
  );
  const goTo = (ticketId: string | null): void => {
    navigation.go(ticketId);
    window.show();
  };

  // ── what this computer keeps ──
  const place = badgePlace(platform, platform === 'linux' && app.setBadgeCount(0));
  const settingsFile = openShellSettings(path.join(userData, 'shell.json'));
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
    secrets: openSecretStore(path.join(userData, 'secrets'), facts, platform, logger),
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
      serve(shellContract, createShellService(owner, { info, navigation, files, savePlace, device, diagnostics }), port, serveOptions);
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

  core.start();
  const start = {
    asked: readArguments(argv).hidden,
    openedAtLogin: wasOpenedAtLogin(platform),
    startHidden: settingsFile.value.startHidden,
  };
  if (!startsHidden(start)) window.show();
}

/** Where the system says so; elsewhere the start has an argument for it. */
function wasOpenedAtLogin(platform: string): boolean {
  return platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}
