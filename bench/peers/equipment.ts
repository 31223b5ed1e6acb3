import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Apart from the rest: what lies beside their packages would take them for its own. */
const others = join(import.meta.dirname, 'others');

/** Where distributions put it. */
const chromiumPaths = ['/usr/lib/chromium/chromium', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const findChromium = (): string | null => chromiumPaths.find((path) => existsSync(path)) ?? null;

/** @returns why engines in a browser cannot run, in a sentence; null: they can */
export function chromiumMissing(): string | null {
  if (findChromium() !== null) return null;
  const debian = existsSync('/etc/debian_version');
  const command = process.getuid?.() === 0 ? 'apt-get install chromium' : 'sudo apt-get install chromium';
  return `They need Chromium, which is not installed${debian ? `; "${command}" brings it` : ''}.`;
}

/** Brings the peers' packages, which are none of the product's, if they are not here as their lockfile has them. @throws Error */
export function installPackages(say: (line: string) => void): void {
  const installed = join(others, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && sameVersions(installed)) return;
  say('Installing the other engines into bench/peers/others/node_modules (about 250 MB, once; the product does not use them) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], {
    cwd: others,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The other engines could not be installed. "--only ours,raw,raw-full,drizzle" needs none of them.');
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}
const readLock = (path: string): Lock['packages'] => (JSON.parse(readFileSync(path, 'utf8')) as Lock).packages;

function sameVersions(installed: string): boolean {
  const have = readLock(installed);
  return Object.entries(readLock(join(others, 'package-lock.json'))).every(
    ([path, { optional, version }]) => path === '' || optional === true || have[path]?.version === version,
  );
}
