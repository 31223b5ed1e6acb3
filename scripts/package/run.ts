import '../require-modern-node.ts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { CliOptions, Configuration } from 'electron-builder';
import { buildApp } from '../build.ts';
import { projectRoot } from '../own-process.ts';
import { resolveRuntime } from '../runtime.ts';
import { inspectPackage } from './inspect.ts';
import { missingSecrets, type PackagePlatform } from './release-secrets.ts';
import { publicKeyOf, signManifests, testKey } from './sign-updates.ts';
import { stage } from './stage.ts';
import { nodeBinary, testElectron, testTools } from './test-tools.ts';

const usage = `npm run package -- [--release] [--platform win32|darwin|linux] [--targets AppImage,deb,tar.gz|nsis|dmg,zip|dir] [--version X.Y.Z-test]
  Without --release a test build: its version ends in -test, it is signed by nobody but a key of its own, and never published.
  --release needs its signing secrets in the environment and the official Electron; see docs/release.md.`;

class UsageError extends Error {}

interface PackageOptions {
  readonly release: boolean;
  readonly platform: PackagePlatform;
  /** None: those of electron-builder.yml. */
  readonly targets: readonly string[];
  readonly version: string;
}

async function readArguments(): Promise<PackageOptions> {
  const options = {
    release: { type: 'boolean' },
    platform: { type: 'string' },
    targets: { type: 'string' },
    version: { type: 'string' },
  } as const;
  const { values } = parseArgs({ options });
  const platform = values.platform ?? process.platform;
  if (platform !== 'win32' && platform !== 'darwin' && platform !== 'linux')
    throw new UsageError(`--platform ${platform}: not one of win32, darwin, linux`);
  const release = values.release ?? false;
  const manifest = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  const version = values.version ?? (release ? manifest.version : `${manifest.version}-test`);
  if (release === version.endsWith('-test'))
    throw new UsageError(release ? 'A release has no version that ends in -test.' : 'Without --release the version has to end in -test.');
  if (!/^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/.test(version)) throw new UsageError(`--version ${version}: not a version`);
  return { release, platform, version, targets: values.targets?.split(',') ?? [] };
}

/** Builds what is asked for into `out/dist`. @throws UsageError, or Error with what stands in the way */
async function makePackage({ release, platform, targets, version }: PackageOptions): Promise<void> {
  const missing = release ? missingSecrets(platform, process.env) : [];
  if (missing.length > 0) throw new UsageError(`A release for ${platform} is not built without its secrets:\n  ${missing.join('\n  ')}`);
  const key = release ? process.env['ZUOXI_UPDATE_KEY']! : await testKey();
  const updateKeys = release ? process.env['ZUOXI_UPDATE_PUBLIC_KEYS']!.split(',') : [publicKeyOf(key)];
  if (!updateKeys.includes(publicKeyOf(key)))
    throw new UsageError('ZUOXI_UPDATE_KEY belongs to none of ZUOXI_UPDATE_PUBLIC_KEYS: the app would refuse the update.');
  await buildApp();
  await stage({ version, updateKeys });
  const electron = JSON.parse(await readFile(path.join(projectRoot, 'node_modules', 'electron', 'package.json'), 'utf8')) as {
    version: string;
  };
  let config: Configuration = { electronVersion: electron.version, forceCodeSigning: release && platform !== 'linux' };
  if (!release && platform === 'linux') {
    const runtime = await resolveRuntime();
    Object.assign(process.env, await testTools());
    if (!runtime.canRunSqlite)
      config = {
        electronVersion: runtime.electronVersion,
        electronDist: await testElectron(runtime.executable),
        extraResources: [{ from: nodeBinary(), to: 'node/bin/node' }],
      };
  } else if (!release) {
    // Nothing of a test build is signed, and asking for a certificate would fail it.
    process.env['CSC_IDENTITY_AUTO_DISCOVERY'] = 'false';
    config = { ...config, mac: { notarize: false } };
  }
  const builder = await import('electron-builder');
  const names = targets.length > 0 ? [...targets] : [];
  const flag = ({ win32: 'win', darwin: 'mac', linux: 'linux' } as const)[platform];
  const options: CliOptions = { projectDir: projectRoot, publish: 'never', config, [flag]: names };
  const files = await builder.build(options);
  await signManifests(path.join(projectRoot, 'out', 'dist'), key);
  await inspectPackage(platform);
  for (const file of files) process.stdout.write(`${path.relative(projectRoot, file)}\n`);
}

try {
  await makePackage(await readArguments());
} catch (error) {
  if (error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    process.exitCode = 2;
  } else throw error;
}
