import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundle } from '../../scripts/build.ts';
import type { Engine } from './engines.ts';

/** Adapters of engines that the project itself holds, each in one file as the app ships its core. */
export interface Bundles {
  pathOf(engine: Pick<Engine, 'adapter'>): string;
  remove(): void;
}

/** Loaded one by one, their modules alone would take 200 MB more. */
export async function bundleAdapters(engines: readonly Engine[]): Promise<Bundles> {
  // Inside the project: what is native is left outside the bundle and found from there.
  const out = join(import.meta.dirname, '../../out');
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(out, 'peers-'));
  const nameOf = (adapter: string): string => basename(adapter, '.ts');
  const own = new Set(engines.filter((e) => e.needs === 'nothing').map((e) => e.adapter));
  for (const adapter of own) await bundle({ name: nameOf(adapter), entry: `bench/peers/adapters/${adapter}`, target: 'node24' }, folder);
  return {
    pathOf: ({ adapter }) => join(folder, `${nameOf(adapter)}.cjs`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
