import './require-modern-node.ts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildApp, isStale } from './build.ts';
import { projectRoot } from './own-process.ts';
import { ensureDesktopPackages } from './system-packages.ts';
import { runVitest } from './vitest-results.ts';

// npm run features [-- --json]: every ID of docs/features.md with what its acceptance tests say.

interface Feature {
  status: 'pass' | 'fail' | 'none';
  tests: number;
  /** Of these, in the real window. */
  window: number;
}

async function listIds(): Promise<string[]> {
  const text = await readFile(path.join(projectRoot, 'docs', 'features.md'), 'utf8');
  return [...text.matchAll(/^\| ([A-Z]\d{2}) \|/gm)].map((m) => m[1]!);
}

async function main(json: boolean): Promise<void> {
  const ids = await listIds();
  ensureDesktopPackages();
  if (await isStale()) await buildApp();
  const results = await runVitest(['acceptance', 'e2e'], json);
  const features = new Map<string, Feature>(ids.map((id) => [id, { status: 'none', tests: 0, window: 0 }]));
  for (const { file, name, passed } of results) {
    for (const id of new Set(name.match(/\b[A-Z]\d{2}\b/g))) {
      const feature = features.get(id);
      if (feature === undefined) continue;
      feature.tests += 1;
      if (file.startsWith(`tests${path.sep}e2e`)) feature.window += 1;
      feature.status = passed && feature.status !== 'fail' ? 'pass' : 'fail';
    }
  }
  if (json) {
    process.stdout.write(`${JSON.stringify(Object.fromEntries(features))}\n`);
    return;
  }
  for (const [id, f] of features) process.stdout.write(`${id}  ${f.status.padEnd(4)}  ${f.tests} tests, ${f.window} in the window\n`);
  const count = (status: Feature['status']): number => [...features.values()].filter((f) => f.status === status).length;
  process.stdout.write(`${count('pass')} pass, ${count('fail')} fail, ${count('none')} none\n`);
}

await main(process.argv.includes('--json'));
