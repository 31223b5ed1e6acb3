import './require-modern-node.ts';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

type Need = {
  /** Debian package names; the second is the one of releases with 64-bit time. */
  packages: [string, ...string[]];
  isPresent: () => boolean;
  /** Without it the app starts, only less well. */
  optional?: true;
};

const libraryFolders = libraryFoldersOf(process.arch);

const libraryNeeds: Need[] = [
  library('libnss3.so', 'libnss3'),
  library('libnspr4.so', 'libnspr4'),
  library('libgtk-3.so.0', 'libgtk-3-0', 'libgtk-3-0t64'),
  library('libgbm.so.1', 'libgbm1'),
  library('libasound.so.2', 'libasound2', 'libasound2t64'),
  library('libXss.so.1', 'libxss1'),
  library('libXtst.so.6', 'libxtst6'),
  library('libatk-bridge-2.0.so.0', 'libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'),
  library('libatspi.so.0', 'libatspi2.0-0', 'libatspi2.0-0t64'),
  library('libcups.so.2', 'libcups2', 'libcups2t64'),
  library('libdbus-1.so.3', 'libdbus-1-3'),
  library('libdrm.so.2', 'libdrm2'),
  library('libXcomposite.so.1', 'libxcomposite1'),
  library('libXdamage.so.1', 'libxdamage1'),
  library('libXrandr.so.2', 'libxrandr2'),
  library('libxkbcommon.so.0', 'libxkbcommon0'),
  library('libudev.so.1', 'libudev1'),
  // Electron loads this one by name when the first notification is shown.
  { ...library('libnotify.so.4', 'libnotify4'), optional: true },
  { packages: ['fonts-noto-cjk'], isPresent: hasChineseFont, optional: true },
];

const displayNeeds: Need[] = [
  program('Xvfb', 'xvfb'),
  program('xauth', 'xauth'),
  program('dbus-daemon', 'dbus', 'dbus-daemon'),
  program('dbus-launch', 'dbus-x11'),
];

const testNeeds: Need[] = [
  program('strace', 'strace'),
  library('faketime/libfaketime.so.1', 'libfaketime'),
  // The core without a window shows its notifications by this one.
  program('notify-send', 'libnotify-bin'),
  // Packages of the app are built and started.
  program('mksquashfs', 'squashfs-tools'),
  program('7za', 'p7zip-full'),
];

/** Installs what a desktop app needs on this Linux machine, or says how to and ends the process. */
export function ensureDesktopPackages(): void {
  const missing = missingNeeds();
  if (missing.length === 0) return;

  const canInstall = process.getuid?.() === 0 && isDebian();
  if (canInstall) {
    install(missing);
    const still = missingNeeds().filter((need) => !need.optional);
    if (still.length === 0) return;
    endWith(`These packages could not be installed: ${names(still)}.`);
  }

  const command = `sudo apt-get install --no-install-recommends -y ${names(missing)}`;
  const required = missing.filter((need) => !need.optional);
  const advice = isDebian() ? `run: ${command}` : `install what your system calls: ${names(missing)}`;
  if (required.length === 0) {
    process.stderr.write(`Zuoxi works better with some more system packages; ${advice}\n`);
    return;
  }
  endWith(`Zuoxi needs some more system packages; ${advice}`);
}

/** What only tests use: installed where that can be done without asking, else they say what they left out. */
export function ensureTestPackages(): void {
  const missing = testNeeds.filter((need) => !need.isPresent());
  if (missing.length > 0 && process.platform === 'linux' && process.getuid?.() === 0 && isDebian()) install(missing);
}

function missingNeeds(): Need[] {
  if (process.platform !== 'linux') return [];
  const hasDisplay = Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
  const needs = hasDisplay ? libraryNeeds : [...libraryNeeds, ...displayNeeds];
  return needs.filter((need) => !need.isPresent());
}

function install(missing: Need[]): void {
  process.stderr.write(`Installing system packages: ${names(missing)}\n`);
  for (const attempt of [1, 2]) {
    const updated = apt(['update', '-q']);
    const packages = missing.map(availableName);
    if (updated && apt(['install', '--no-install-recommends', '-y', '-q', ...packages])) return;
    if (attempt === 1) process.stderr.write('Installing failed; trying once more.\n');
  }
}

function apt(args: string[]): boolean {
  // Another program may hold the lock for a while, such as the nightly updates.
  const result = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (result.status === 0) return true;
  const why = result.error?.message ?? `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-8).join('\n');
  process.stderr.write(`apt-get ${args[0]} failed:\n${why}\n`);
  return false;
}

function availableName(need: Need): string {
  const available = need.packages.find((name) => {
    const { stdout } = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    return /Candidate: (?!\(none\))/.test(stdout ?? '');
  });
  return available ?? need.packages[0];
}

function library(soname: string, ...packages: [string, ...string[]]): Need {
  return { packages, isPresent: () => libraryFolders.some((folder) => existsSync(path.join(folder, soname))) };
}

function program(name: string, ...packages: [string, ...string[]]): Need {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin'];
  return {
    packages,
    isPresent: () => folders.some((folder) => folder !== '' && existsSync(path.join(folder, name))),
  };
}

function hasChineseFont(): boolean {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return true;
  const { stdout } = spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' });
  return (stdout ?? '').trim() !== '';
}

function libraryFoldersOf(arch: string): string[] {
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu', arm: 'arm-linux-gnueabihf' }[arch];
  const folders = ['/usr/lib64', '/lib64', '/usr/lib', '/lib', '/usr/local/lib'];
  if (triplet) folders.unshift(`/usr/lib/${triplet}`, `/lib/${triplet}`);
  const more = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return [...more, ...folders, ...configuredFolders()];
}

function configuredFolders(): string[] {
  try {
    return readdirSync('/etc/ld.so.conf.d').flatMap((name) =>
      readFileSync(path.join('/etc/ld.so.conf.d', name), 'utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line.startsWith('/')),
    );
  } catch {
    return [];
  }
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

function names(needs: Need[]): string {
  return needs.map((need) => need.packages[0]).join(' ');
}

function endWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

if (import.meta.main) ensureDesktopPackages();
