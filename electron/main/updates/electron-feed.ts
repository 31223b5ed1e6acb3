import type { AppUpdater } from 'electron-updater';
import type { Logger } from '../../../shared/lib/logger.ts';
import type { UpdateFeed } from './updater.ts';

/**
 * electron-updater as the feed: it knows how each system replaces an app, downloads only the blocks that changed, and checks the
 * platform's own signature. What it may take is our decision.
 * Certificates are checked by the system, which has to know a company's own authority.
 */
export async function openElectronFeed({ url, proxy, noProxy }: FeedPlace, logger: Logger): Promise<UpdateFeed> {
  const { autoUpdater } = await import('electron-updater');
  if (proxy !== null) await autoUpdater.netSession.setProxy({ proxyRules: proxy, proxyBypassRules: noProxy.join(',') });
  return feedOf(autoUpdater, url, logger);
}

export interface FeedPlace {
  /** Of the folder in which the manifests lie; null: the one that was built in. */
  readonly url: string | null;
  readonly proxy: string | null;
  readonly noProxy: readonly string[];
}

function feedOf(updater: AppUpdater, url: string | null, logger: Logger): UpdateFeed {
  const quiet = (): void => {};
  // Its lines name files and folders; ours say what counts.
  updater.logger = { info: quiet, warn: quiet, debug: quiet, error: (message) => logger.warn('update.library', { kind: kindOf(message) }) };
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  // Whose turn it is is decided with the account, by us.
  updater.isUserWithinRollout = () => true;
  updater.on('error', quiet);
  // One range a request: any web server knows that.
  if (url !== null) updater.setFeedURL({ provider: 'generic', url, channel: 'latest', useMultipleRangeRequest: false });
  return {
    async look(take) {
      updater.isUpdateSupported = (info) => take(info);
      const result = await updater.checkForUpdates();
      return result?.isUpdateAvailable ?? false;
    },
    async fetch(progress) {
      const tell = ({ percent }: { percent: number }): void => progress(percent);
      updater.on('download-progress', tell);
      try {
        await updater.downloadUpdate();
      } finally {
        updater.off('download-progress', tell);
      }
    },
    install: (relaunch) => updater.quitAndInstall(true, relaunch),
  };
}

const kindOf = (message: unknown): string => (/sha512|checksum/i.test(String(message)) ? 'checksum' : 'other');
