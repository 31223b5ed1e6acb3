import '../require-modern-node.ts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../own-process.ts';
import { makePackage, PackageRefused, type PackageOptions } from './make-package.ts';

// npm run package: see docs/release.md.

const usage = `npm run package -- [--release] [--platform win32|darwin|linux] [--targets AppImage,deb,tar.gz|nsis|dmg,zip|dir] [--version X.Y.Z-test]
  Without --release a test build: its version ends in -test, only a key of this computer signs it, and it is never published.
  --release needs its signing secrets in the environment and the official Electron.`;

async function readArguments(): Promise<PackageOptions> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { release: { type: 'boolean' }, platform: text, targets: text, version: text } });
  const platform = values.platform ?? process.platform;
  if (platform !== 'win32' && platform !== 'darwin' && platform !== 'linux')
    throw new PackageRefused(`--platform ${platform}: not one of win32, darwin, linux`);
  const release = values.release ?? false;
  const manifest = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  const version = values.version ?? (release ? manifest.version : `${manifest.version}-test`);
  return { release, platform, version, targets: values.targets?.split(',') ?? [], output: path.join(projectRoot, 'out', 'dist') };
}

try {
  for (const file of await makePackage(await readArguments())) process.stdout.write(`${path.relative(projectRoot, file)}\n`);
} catch (error) {
  if (!(error instanceof PackageRefused) && !String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')) throw error;
  process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
  process.exitCode = 2;
}
