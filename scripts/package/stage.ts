import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { appFolder } from '../build.ts';
import { projectRoot } from '../own-process.ts';
import { notices } from '../supply/notices.ts';

export const stageFolder = path.join(projectRoot, 'out', 'stage');

export interface StageOptions {
  /** Semantic version; one that ends in `-test` is never published. */
  readonly version: string;
  /** Public keys that updates may be signed with: base64 of an Ed25519 key as SPKI. None: the app does not update itself. */
  readonly updateKeys: readonly string[];
}

/** Fills `out/stage` with what goes into a package, and nothing else: the built app, and the native module. */
export async function stage({ version, updateKeys }: StageOptions): Promise<void> {
  await rm(stageFolder, { recursive: true, force: true });
  await mkdir(stageFolder, { recursive: true });
  const whole = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8')) as Record<string, unknown>;
  const manifest = {
    name: whole['name'],
    productName: whole['productName'],
    version,
    description: whole['description'],
    license: whole['license'],
    homepage: 'https://zuoxi.invalid',
    author: { name: 'Zuoxi', email: 'desk@zuoxi.invalid' },
    main: 'main.cjs',
    // By which desktops join the window to its entry in the menu.
    desktopName: 'zuoxi.desktop',
    updateKeys,
  };
  await writeFile(path.join(stageFolder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await cp(path.join(projectRoot, 'LICENSE'), path.join(stageFolder, 'LICENSE'));
  await writeFile(path.join(stageFolder, 'licences.txt'), notices(projectRoot));
  await cp(appFolder, stageFolder, { recursive: true, filter: (file) => path.basename(file) !== 'built-from.txt' });
  const native = path.dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  const target = path.join(stageFolder, 'node_modules', 'better-sqlite3');
  for (const name of ['package.json', 'LICENSE', 'lib', 'prebuilds'])
    await cp(path.join(native, name), path.join(target, name), { recursive: true });
}
