import './require-modern-node.ts';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build as viteBuild } from 'vite';

type Part = {
  name: string;
  /** From the project's folder. */
  entry: string;
  target: 'node20' | 'node24';
};

const projectRoot = path.resolve(import.meta.dirname, '..');
export const appFolder = path.join(projectRoot, 'out', 'app');
const stampFile = path.join(appFolder, 'built-from.txt');

const parts: Part[] = [
  { name: 'main', entry: 'electron/main/main.ts', target: 'node20' },
  { name: 'preload', entry: 'electron/preload/preload.ts', target: 'node20' },
  { name: 'core-node', entry: 'core/entry.node.ts', target: 'node24' },
  { name: 'core-utility', entry: 'core/entry.utility.ts', target: 'node24' },
];
const rendererConfig = path.join(projectRoot, 'renderer', 'vite.config.ts');
const iconFolder = path.join(projectRoot, 'build', 'icons');

// Native, or there only where somebody has installed them.
const leftOutside = ['electron', 'better-sqlite3', 'bufferutil', 'utf-8-validate'];
const sourceFolders = ['shared', 'db', 'core', 'electron', 'renderer', 'build/icons'];
const sourceFiles = ['package-lock.json', 'scripts/build.ts'];

/** Builds the whole app into `out/app`. */
export async function buildApp(): Promise<void> {
  // A test runner sets it, and a window built for tests is not what people get: antd then gives all its parts one id.
  process.env['NODE_ENV'] = 'production';
  const from = await sourceStamp();
  await Promise.all([
    ...parts.filter(({ entry }) => existsSync(path.join(projectRoot, entry))).map((part) => bundle(part, appFolder)),
    existsSync(rendererConfig) ? viteBuild({ configFile: rendererConfig, logLevel: 'warn' }) : undefined,
    copyIcons(appFolder),
  ]);
  await writeFile(stampFile, from);
}

/** Whether a source has changed since the last build. */
export async function isStale(): Promise<boolean> {
  const built = await readFile(stampFile, 'utf8').catch(() => '');
  return built !== (await sourceStamp());
}

/** One CommonJS file; a sandboxed preload and Electron 33's main can load nothing else. */
export async function bundle({ name, entry, target }: Part, folder: string): Promise<void> {
  await viteBuild({
    configFile: false,
    root: projectRoot,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { target: 'node', noExternal: true, external: leftOutside },
    build: {
      ssr: path.join(projectRoot, entry),
      outDir: folder,
      emptyOutDir: false,
      target,
      minify: true,
      copyPublicDir: false,
      reportCompressedSize: false,
      rolldownOptions: {
        external: [...leftOutside, ...builtinModules, /^node:/],
        output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false },
      },
    },
  });
}

export async function copyIcons(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(iconFolder, path.join(folder, 'icons'), { recursive: true });
}

async function sourceStamp(): Promise<string> {
  const hash = createHash('sha256');
  const add = async (file: string): Promise<void> => {
    const { mtimeMs, size } = await stat(file);
    hash.update(`${path.relative(projectRoot, file)} ${mtimeMs} ${size}\n`);
  };
  for (const folder of sourceFolders) {
    const entries = await readdir(path.join(projectRoot, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries
      .filter((each) => each.isFile() && !each.name.includes('.test.'))
      .map((each) => path.join(each.parentPath, each.name));
    for (const file of files.toSorted()) await add(file);
  }
  for (const file of sourceFiles) await add(path.join(projectRoot, file));
  return hash.digest('hex');
}

if (import.meta.main) {
  const started = performance.now();
  await buildApp();
  const files = await readdir(appFolder);
  const sizes = await Promise.all(
    files
      .filter((name) => name.endsWith('.cjs'))
      .map(async (name) => `${name} ${Math.round((await stat(path.join(appFolder, name))).size / 1024)} kB`),
  );
  process.stdout.write(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s: ${sizes.join(', ')}.\n`);
}
