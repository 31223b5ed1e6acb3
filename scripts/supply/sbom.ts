import '../require-modern-node.ts';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../own-process.ts';
import { deliveredPackages } from './licences.ts';
import { type Lock, type Manifest, packageName } from './manifest-rules.ts';

// npm run sbom [-- FILE]: which packages the product is made of and with, as CycloneDX, by default in out/sbom.json.

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly scope?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}
export interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly components: readonly Component[];
}

/** As npm writes it, from the lock file; `scope` says what is delivered, which npm cannot know of libraries that are bundled. */
export function makeSbom(root: string): Sbom {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    // Told, because npm would leave them out where NODE_ENV says production.
    ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only', '--include=dev'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr}`);
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const lock = read('package-lock.json') as Lock;
  const delivered = new Set(
    [...deliveredPackages(root, lock, read('package.json') as Manifest)].map((at) =>
      idOf(packageName(at, lock.packages![at]!), lock.packages![at]!.version!),
    ),
  );
  const sbom = JSON.parse(stdout) as Sbom;
  return {
    ...sbom,
    components: sbom.components.map((each) => ({ ...each, scope: delivered.has(each.purl) ? 'required' : 'excluded' })),
  };
}

const idOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

if (import.meta.main) {
  const file = path.resolve(projectRoot, process.argv[2] ?? 'out/sbom.json');
  const sbom = makeSbom(projectRoot);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
  const delivered = sbom.components.filter(({ scope }) => scope === 'required').length;
  process.stdout.write(`${path.relative(projectRoot, file)}: ${sbom.components.length} packages, ${delivered} of them delivered\n`);
}
