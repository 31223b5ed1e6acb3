import path from 'node:path';
import { app, BrowserWindow, type MessagePortMain, nativeTheme, session } from 'electron';
import { coreContract, shellContract } from '../../shared/bridge/contract.ts';
import { hostContract } from '../../shared/bridge/host-contract.ts';
import { createClient, serve, type ServeOptions } from '../../shared/bridge/rpc.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { servePage } from './app-protocol.ts';
import { bridgePages } from './bridge-ports.ts';
import { buildFacts, developerSetting } from './build-facts.ts';
import { guardAllContents, guardSession } from './contents-guard.ts';
import { createCoreHost } from './core-host.ts';
import { policyFile, readPolicy } from './company-policy.ts';
import { startCore } from './core-process.ts';
import { chooseCoreRuntime } from './core-runtime.ts';
import { createFileHandles } from './file-handles.ts';
import { createHostService } from './host-service.ts';
import { createLogFile, faultFields } from './log-file.ts';
import { createWindowKeeper } from './main-window.ts';
import { createNavigation } from './navigation.ts';
import { createNotifications } from './notifications.ts';
import { createSavePlace } from './save-place.ts';
import { openSecretStore } from './open-secret-store.ts';
import { createShellService } from './shell-service.ts';
import { createShutdown } from './shutdown.ts';
import { createTray } from './tray.ts';
import { type TrayLocale, trayModel, type TrayState, trayWord } from './tray-model.ts';
import { readWindowMemory, writeWindowMemory } from './window-bounds.ts';
import { hasOwnButtons } from './window-factory.ts';

export interface DeskOptions {
  /** How the window was, and in which language. */
  readonly memoryFile: string;
  readonly userData: string;
  readonly logs: string;
  /** Where the built files lie. */
  readonly folder: string;
  readonly logger: Logger;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The core itself gets five seconds. */
const coreStopMs = 7_000;
const trayRefreshMs = 60_000;

/** The whole shell, once Electron is ready. */
export function startDesk({ userData, logs, folder, logger, argv, env, memoryFile }: DeskOptions): void {
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
  const runtime = chooseCoreRuntime({
    ...facts,
    napi: Number(process.versions['napi']),
    node: developerSetting(facts, env, 'ZUOXI_NODE'),
    resources: process.resourcesPath,
    platform,
  });
  const company = readPolicy(policyFile(platform, env), () => logger.warn('policy-unreadable'));
  const start = {
    dataDir: path.join(userData, 'data'),
    presetServer: developerSetting(facts, env, 'ZUOXI_SERVER') ?? company.server ?? null,
    checkOutput: !facts.packaged,
  };
  const core = createCoreHost<MessagePortMain>({
    start: () => startCore(runtime, folder, start, !facts.packaged),
    logger,
    now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  shutdown.onStop('core', coreStopMs, () => core.stop());
  const client = createClient(coreContract);
  const navigation = createNavigation();
  const notifications = createNotifications({
    platform,
    icon: platform === 'linux' ? path.join(icons, '128.png') : null,
  });
  const window = createWindowKeeper(
    {
      preload: path.join(folder, 'preload.cjs'),
      icon: platform === 'linux' ? path.join(icons, '256.png') : null,
      memoryFile,
      platform,
      quitting: () => quitting,
      onHide: () => explainTray(),
    },
    logger,
    now,
  );
  const goTo = (ticketId: string | null): void => {
    navigation.go(ticketId);
    window.show();
  };
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
  });
  core.onReady((life) => {
    // What the last core was writing has nobody to finish it.
    void files.abortWrites();
    serve(hostContract, host, life.openPort('host'), serveOptions);
    client.attach(life.openPort('shell'));
  });

  // ── pages ──
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
      serve(shellContract, createShellService(owner, info, navigation.destination, files, savePlace), port, serveOptions);
    },
  });
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());

  // ── the tray ──
  let state: TrayState | null = null;
  let locale: TrayLocale = app.getLocale().startsWith('zh') ? 'zh-CN' : 'en-US';
  let trayExplained = true;
  const tray = createTray(
    { icons, platform, onOpen: () => window.show(), onTicket: goTo, onQuit: () => app.quit() },
    trayModel(state, locale, Date.now()),
  );
  const refreshTray = (): void => tray.show(trayModel(state, locale, Date.now()));
  client.watch('reminders.tray', {}, (to) => {
    state = to;
    refreshTray();
  });
  client.watch('settings.get', {}, (to) => {
    locale = to.locale;
    trayExplained = to.trayExplained;
    nativeTheme.themeSource = to.theme;
    const memory = readWindowMemory(memoryFile);
    // Signed out there are only the defaults, which nobody has chosen.
    if (state?.signedIn === true && memory.locale !== to.locale) writeWindowMemory(memoryFile, { ...memory, locale: to.locale });
    refreshTray();
  });
  client.onConnection((connected) => {
    if (!connected) state = null;
    refreshTray();
  });
  const refreshing = setInterval(refreshTray, trayRefreshMs);
  const explainTray = (): void => {
    if (trayExplained) return;
    trayExplained = true;
    const word = { id: 'shell:tray', ...trayWord(locale), actions: [], stays: false };
    void notifications.show(word, () => window.show());
    client.call('settings.set', { trayExplained: true }).catch((error: unknown) => logger.warn('setting-lost', faultFields(error)));
  };
  shutdown.onStop('tray', 1_000, async () => {
    clearInterval(refreshing);
    notifications.withdrawAll();
    tray.remove();
  });

  core.start();
  if (!argv.includes('--hidden')) window.show();
}
