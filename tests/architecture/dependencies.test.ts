import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importedPackages, programs } from '../../scripts/supply/licences.ts';
import type { Lock, Manifest } from '../../scripts/supply/manifest-rules.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as Lock;

interface Row {
  readonly name: string;
  readonly what: string;
  readonly where: string;
  readonly licence: string;
  readonly instead: string;
}
const rows: readonly Row[] = read('docs/dependencies.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Package |'))
  .map((line) => {
    const [name, what, where, licence, instead] = line.slice(2, -2).split(' | ') as [string, string, string, string, string];
    return { name, what, where, licence, instead };
  });

test('S26 docs/dependencies.md has a row for each direct dependency, in order, and no other', () => {
  const direct = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies });
  expect(rows.map(({ name }) => name)).toEqual(direct.toSorted());
});

test('S26 each row says what for, under which licence and what would replace it', () => {
  for (const { name, what, licence, instead } of rows) {
    expect([name, licence]).toEqual([name, lock.packages![`node_modules/${name}`]!.license]);
    for (const said of [what, instead]) expect([name, said.length]).toEqual([name, expect.toSatisfy((n: number) => n >= 3)]);
  }
});

test('S26 each row says where it runs, as the imports say it', () => {
  const app = importedPackages(root, programs.app);
  const server = importedPackages(root, programs.server);
  for (const { name, where } of rows) {
    const runs = [...(app.has(name) ? ['app'] : []), ...(server.has(name) ? ['server'] : [])];
    if (runs.length > 0) expect([name, where]).toEqual([name, runs.join(', ')]);
    else expect([name, where]).toEqual([name, expect.stringMatching(/^(tests|tools)$/)]);
  }
});
