import { app, type MessagePortMain } from 'electron';
import type { Logger } from '../../shared/lib/logger.ts';
import { type BuildFacts, developerSetting } from './build-facts.ts';
import type { CompanyPolicy } from './company-policy.ts';
import { type CoreHost, createCoreHost } from './core-host.ts';
import { startCore } from './core-process.ts';
import { chooseCoreRuntime } from './core-runtime.ts';

export interface DeskCoreOptions {
  readonly facts: BuildFacts;
  readonly company: CompanyPolicy;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** Where the built files lie. */
  readonly folder: string;
  readonly dataDir: string;
  readonly logger: Logger;
  /** ms, monotonic. */
  readonly now: () => number;
}

/** The core of this desk, not yet started: which process it is, and what it is told at its start. */
export function createDeskCore({
  facts,
  company,
  env,
  platform,
  folder,
  dataDir,
  logger,
  now,
}: DeskCoreOptions): CoreHost<MessagePortMain> {
  const runtime = chooseCoreRuntime({
    ...facts,
    napi: Number(process.versions['napi']),
    node: developerSetting(facts, env, 'ZUOXI_NODE'),
    resources: process.resourcesPath,
    platform,
  });
  const { ca, noProxy, proxy, server } = company;
  const start = {
    dataDir,
    presetServer: developerSetting(facts, env, 'ZUOXI_SERVER') ?? server,
    checkOutput: !facts.packaged,
    version: app.getVersion(),
  };
  return createCoreHost<MessagePortMain>({
    start: () => startCore(runtime, folder, start, !facts.packaged),
    ...((ca !== null || proxy !== null) && { greeting: { network: { ca, proxy, noProxy } } }),
    logger,
    now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
}
