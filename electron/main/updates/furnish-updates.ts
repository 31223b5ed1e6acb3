import { readFileSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { Client } from '../../../shared/bridge/rpc.ts';
import type { Logger } from '../../../shared/lib/logger.ts';
import { type BuildFacts, developerSetting } from '../build-facts.ts';
import type { CompanyPolicy } from '../company-policy.ts';
import { openElectronFeed } from './electron-feed.ts';
import { Updater } from './updater.ts';

const manifest = z.object({ updateKeys: z.array(z.string()).default([]) });

export interface UpdateParts {
  readonly facts: BuildFacts;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly client: Client<CoreContract>;
  readonly logger: Logger;
  readonly company: Pick<CompanyPolicy, 'noProxy' | 'proxy' | 'updates'>;
}

/** The updater of this build. Where there is no key to trust or no file of our own to replace, it is off. */
export async function furnishUpdates({ facts, env, platform, client, logger, company }: UpdateParts): Promise<Updater> {
  const keys = readKeys(logger);
  const replaceable = platform !== 'linux' || env['APPIMAGE'] !== undefined;
  const url = developerSetting(facts, env, 'ZUOXI_UPDATE_FEED') ?? company.updates;
  const feed =
    facts.packaged && keys.length > 0 && replaceable
      ? await openElectronFeed({ url, proxy: company.proxy, noProxy: company.noProxy }, logger)
      : null;
  const updater = new Updater({
    ...{ feed, keys, logger },
    current: app.getVersion(),
    clock: { now: () => Date.now() },
    timers: { after: (ms, run) => stopping(setTimeout(run, ms)), every: (ms, run) => stopping(setInterval(run, ms)) },
    quit: () => app.quit(),
  });
  client.watch('session.state', {}, ({ account }) => updater.follow(account?.id ?? null));
  client.watch('sync.state', {}, (sync) => updater.serverTakes(sync.problem === 'protocol'));
  updater.start();
  return updater;
}

const stopping = (timer: NodeJS.Timeout) => (): void => clearTimeout(timer);

/** They lie in the package's own manifest: inside the archive whose integrity the system checks. */
function readKeys(logger: Logger): readonly string[] {
  try {
    return manifest.parse(JSON.parse(readFileSync(path.join(app.getAppPath(), 'package.json'), 'utf8'))).updateKeys;
  } catch {
    logger.error('update.keys');
    return [];
  }
}
