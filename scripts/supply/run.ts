import '../require-modern-node.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../own-process.ts';
import { runCommand } from '../run-command.ts';
import { deliveredPackages, licenceFindings, misplacedFindings } from './licences.ts';
import { lockFindings, type Lock, type Manifest, pinFindings, scriptFindings } from './manifest-rules.ts';
import { secretFindings, sourceFiles } from './secrets.ts';

// npm run supply [-- --release]: what comes from others, and whether a secret of ours lies in the sources. With --release the
// registry is asked as well: for known holes, and whether it signed what is installed.

export interface SupplyReport {
  readonly packages: number;
  readonly delivered: number;
  readonly files: number;
  readonly findings: readonly string[];
}

const read = (root: string, file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

/** Everything that can be said without a network. */
export async function checkSupply(root: string): Promise<SupplyReport> {
  const manifest = read(root, 'package.json') as Manifest;
  const lock = read(root, 'package-lock.json') as Lock;
  // No part of the product, and fetched only for comparison, without its scripts; but from where is asked of it, too.
  const peers = 'bench/peers/others';
  const peersManifest = read(root, `${peers}/package.json`) as Manifest;
  const peersLock = read(root, `${peers}/package-lock.json`) as Lock;
  const peersScripts = /^ignore-scripts\s*=\s*true$/m.test(readFileSync(path.join(root, peers, '.npmrc'), 'utf8'));
  const delivered = deliveredPackages(root, lock, manifest);
  const files = sourceFiles(root);
  const named = (where: string, findings: readonly string[]): string[] => findings.map((each) => `${where}: ${each}`);
  return {
    packages: Object.keys(lock.packages ?? {}).length - 1,
    delivered: delivered.size,
    files: files.length,
    findings: [
      ...named('package.json', [...pinFindings(manifest), ...misplacedFindings(root, manifest)]),
      ...named('package-lock.json', [...lockFindings(lock, manifest), ...scriptFindings(lock, manifest)]),
      ...named('licence', licenceFindings(lock, delivered)),
      ...named(`${peers}/package.json`, pinFindings(peersManifest)),
      ...named(`${peers}/package-lock.json`, lockFindings(peersLock, peersManifest)),
      ...(peersScripts ? [] : [`${peers}/.npmrc: install scripts are not off`]),
      ...named('secret', await secretFindings(root, files)),
    ],
  };
}

/** @returns what the registry says against it; it has to be reachable */
async function askRegistry(): Promise<string[]> {
  const questions = [
    ['audit', '--omit=dev', '--audit-level=high'],
    ['audit', 'signatures'],
  ];
  const answers = [];
  for (const args of questions) answers.push({ args, ...(await runCommand('npm', args, false)) });
  return answers.filter(({ code }) => code !== 0).map(({ args, output }) => `npm ${args.join(' ')}:\n${output.trimEnd()}`);
}

if (import.meta.main) {
  const { packages, delivered, files, findings } = await checkSupply(projectRoot);
  const all = process.argv.includes('--release') ? [...findings, ...(await askRegistry())] : findings;
  for (const each of all) process.stdout.write(`  ✗ ${each}\n`);
  process.stdout.write(`supply: ${packages} packages, ${delivered} of them delivered, ${files} files, ${all.length} findings\n`);
  process.exitCode = all.length === 0 ? 0 : 1;
}
