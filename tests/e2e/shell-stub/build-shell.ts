import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build as viteBuild } from 'vite';
import { bundle, copyIcons } from '../../../scripts/build.ts';

/** The real shell with a stub page and a stub core, as an app in `folder`. */
export async function buildShell(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'zuoxi', productName: '坐席工单台', version: '0.1.0', main: 'main.cjs' };
  const core = 'tests/e2e/shell-stub/core.ts';
  await Promise.all([
    writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest)),
    copyIcons(folder),
    bundle({ name: 'main', entry: 'electron/main/main.ts', target: 'node20' }, folder),
    bundle({ name: 'preload', entry: 'electron/preload/preload.ts', target: 'node20' }, folder),
    bundle({ name: 'core-node', entry: core, target: 'node24' }, folder),
    bundle({ name: 'core-utility', entry: core, target: 'node20' }, folder),
    buildPage(path.join(folder, 'renderer')),
  ]);
}

async function buildPage(folder: string): Promise<void> {
  await viteBuild({
    configFile: false,
    root: import.meta.dirname,
    base: './',
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome130',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: path.join(import.meta.dirname, 'page.html') },
    },
  });
  await rename(path.join(folder, 'page.html'), path.join(folder, 'index.html'));
}
