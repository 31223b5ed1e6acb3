import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CliOptions, Configuration } from 'electron-builder';
import { buildApp, isStale } from '../build.ts';
import { projectRoot } from '../own-process.ts';
import { resolveRuntime } from '../runtime.ts';
import { electronFault, electronTimes } from './electron-age.ts';
import { inspectPackage } from './inspect.ts';
import { missingSecrets, type PackagePlatform } from './release-secrets.ts';
import { publicKeyOf, signManifests, testKey } from './sign-updates.ts';
import { stage } from './stage.ts';
import { nodeBinary, testElectron, testTools } from './test-tools.ts';

/** What was asked for cannot be built; the message says why. */
export class PackageRefused extends Error {}

export interface PackageOptions {
  readonly release: boolean;
  readonly platform: PackagePlatform;
  /** None: those of electron-builder.yml. */
  readonly targets: readonly string[];
  /** Semantic; ends in `-test` unless it is a release. */
  readonly version: string;
  /** Folder for what is built. */
  readonly output: string;
}

interface Signing {
  /** PEM. */
  readonly key: string;
  readonly updateKeys: readonly string[];
}

/** Builds and inspects. @returns the files to hand out @throws PackageRefused */
export async function makePackage(options: PackageOptions): Promise<readonly string[]> {
  const { output, platform, release, targets, version } = options;
  if (!/^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/.test(version)) throw new PackageRefused(`${version} is no version.`);
  if (release === version.endsWith('-test'))
    throw new PackageRefused(
      release ? 'A release has no version that ends in -test.' : 'Without --release the version has to end in -test.',
    );
  const { key, updateKeys } = await signing(options);
  const fault = release ? electronFault(await electronVersion(), await electronTimes(), Date.now()) : null;
  if (fault !== null) throw new PackageRefused(fault);
  if (await isStale()) await buildApp();
  await stage({ version, updateKeys });
  const config = { ...(await configFor(options)), directories: { output } };
  const flag = ({ win32: 'win', darwin: 'mac', linux: 'linux' } as const)[platform];
  const { build } = await import('electron-builder');
  const asked: CliOptions = { projectDir: projectRoot, publish: 'never', config, [flag]: [...targets] };
  const files = await build(asked);
  await signManifests(output, key);
  await inspectPackage(output, platform);
  return files.filter((file) => !file.endsWith('.blockmap'));
}

async function signing({ platform, release }: PackageOptions): Promise<Signing> {
  if (!release) {
    const key = await testKey();
    return { key, updateKeys: [publicKeyOf(key)] };
  }
  const missing = missingSecrets(platform, process.env);
  if (missing.length > 0)
    throw new PackageRefused(`A release for ${platform} is not built without its secrets:\n  ${missing.join('\n  ')}`);
  const key = process.env['ZUOXI_UPDATE_KEY']!;
  const updateKeys = process.env['ZUOXI_UPDATE_PUBLIC_KEYS']!.split(',');
  if (!updateKeys.includes(publicKeyOf(key)))
    throw new PackageRefused('ZUOXI_UPDATE_KEY belongs to none of ZUOXI_UPDATE_PUBLIC_KEYS: the app would refuse the update.');
  return { key, updateKeys };
}

async function electronVersion(): Promise<string> {
  const text = await readFile(path.join(projectRoot, 'node_modules', 'electron', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function configFor({ platform, release }: PackageOptions): Promise<Configuration> {
  const official = { electronVersion: await electronVersion() };
  if (release) return { ...official, forceCodeSigning: platform !== 'linux' };
  if (platform !== 'linux') {
    // Nothing of a test build is signed, and looking for a certificate would fail it.
    process.env['CSC_IDENTITY_AUTO_DISCOVERY'] = 'false';
    return { ...official, mac: { notarize: false } };
  }
  const runtime = await resolveRuntime();
  Object.assign(process.env, await testTools());
  if (runtime.canRunSqlite) return official;
  return {
    electronVersion: runtime.electronVersion,
    electronDist: await testElectron(runtime.executable),
    extraResources: [{ from: nodeBinary(), to: 'node/bin/node' }],
  };
}
