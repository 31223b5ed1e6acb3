import path from 'node:path';
import { app, dialog, nativeTheme, session } from 'electron';
import type { ServeOptions } from '../../shared/bridge/rpc.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { adminOwned } from './admin-owned.ts';
import { servePage } from './app-protocol.ts';
import { type BuildFacts, buildFacts, developerSetting } from './build-facts.ts';
import { type CompanyPolicy, PolicyError, policyFile, readPolicy } from './company-policy.ts';
import { guardAllContents, guardSession } from './contents-guard.ts';
import { readArguments } from './deep-link.ts';
import { createDeskCore } from './desk-core.ts';
import type { Links } from './links.ts';
import { faultFields } from './log-file.ts';
import { startsHidden } from './login-item.ts';
import { createWindowKeeper, type MainWindow } from './main-window.ts';
import { policyRefusal } from './policy-refusal.ts';
import { openShellSettings } from './shell-settings.ts';
import { createShutdown } from './shutdown.ts';
import type { TrayLife } from './tray-life.ts';
import type { Updater } from './updates/updater.ts';
import { readWindowMemory } from './window-bounds.ts';

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

/** The whole shell, once Electron is ready: first what an agent waits for, the core and the window, then the rest. */
export async function startDesk({ userData, logs, folder, links, logger, argv, env, memoryFile }: DeskOptions): Promise<void> {
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

  let updates: Promise<Updater> | null = null;
  const shutdown = createShutdown(logger);
  let quitting = false;
  let joined = false;
  app.on('before-quit', () => (quitting = true));
  app.on('will-quit', (event) => {
    if (joined) return;
    event.preventDefault();
    void shutdown.run().then(async () => {
      joined = true;
      logger.info('quit');
      // What it starts in our place must not take us for one that still runs.
      app.releaseSingleInstanceLock();
      if ((await updates)?.atEnd() !== true) app.quit();
    });
  });
  // The app lives in the tray; only quitting ends it.
  app.on('window-all-closed', () => {});

  const company = await companyPolicy(facts, platform, env, logger);
  if (company === null) return app.exit(1);
  const dataDir = path.join(userData, 'data');
  const core = createDeskCore({ facts, company, env, platform, folder, dataDir, logger, now });
  shutdown.onStop('core', coreStopMs, () => core.stop());
  // Before all else: of what the first list needs, it takes longest.
  core.start();

  guardAllContents(logger);
  guardSession(session.defaultSession);
  servePage(path.join(folder, 'renderer'));
  nativeTheme.themeSource = readWindowMemory(memoryFile).theme;

  const settingsFile = openShellSettings(path.join(userData, 'shell.json'));
  let tray: TrayLife | null = null;
  const window: MainWindow = createWindowKeeper(
    {
      preload: path.join(folder, 'preload.cjs'),
      icon: platform === 'linux' ? path.join(icons, '256.png') : null,
      memoryFile,
      platform,
      quitting: () => quitting,
      closesToTray: () => settingsFile.value.closeToTray,
      onShow: () => tray?.badge.again(),
      onHide: () => tray?.explain(),
      onQuit: () => app.quit(),
    },
    logger,
    now,
  );
  const start = {
    asked: readArguments(argv).hidden,
    openedAtLogin: wasOpenedAtLogin(platform),
    startHidden: settingsFile.value.startHidden,
  };
  if (!startsHidden(start)) window.show();

  // Its code, contracts above all, takes a while. Neither the page nor the core can have asked for anything before it is here.
  const { furnishDesk } = await import('./furnish-desk.ts');
  ({ tray, updates } = furnishDesk({
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
  }));
}

/** null: there is one that cannot be used; whoever sits here has been told. */
async function companyPolicy(
  facts: BuildFacts,
  platform: NodeJS.Platform,
  env: DeskOptions['env'],
  logger: Logger,
): Promise<CompanyPolicy | null> {
  const own = developerSetting(facts, env, 'ZUOXI_POLICY');
  try {
    const owner = own === undefined ? null : (process.getuid?.() ?? null);
    return readPolicy(own ?? policyFile(platform), adminOwned(platform, owner));
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    logger.error('policy-refused', { fault: error.fault, keys: error.keys.join(' ') });
    const { detail, title } = policyRefusal(error);
    process.stderr.write(`${title}\n${detail}\n`);
    await dialog.showMessageBox({ type: 'error', title: app.getName(), message: title, detail, buttons: ['退出 / Quit'] });
    return null;
  }
}

/** Where the system says so; elsewhere the start has an argument for it. */
function wasOpenedAtLogin(platform: string): boolean {
  return platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}
