import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildApp, isStale } from '../../../scripts/build.ts';
import type { DisplayOptions } from '../desktop/display.ts';
import { type Desktop as BareDesktop, startDesktop as startBareDesktop } from '../desktop/desktop.ts';

export interface Desktop extends BareDesktop {
  /** Where apps of this desktop keep their data. */
  readonly folder: string;
}

/** With the app built, as it is in the working tree. */
export async function startDesktop(options: DisplayOptions = {}): Promise<Desktop> {
  if (await isStale()) await buildApp();
  const desktop = await startBareDesktop(options);
  const folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-desk-'));
  return {
    ...desktop,
    folder,
    async stop() {
      await desktop.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
