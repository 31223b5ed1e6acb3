import { join } from 'node:path';
import { bundle } from '../../scripts/build.ts';
import { passingFolder } from './own-folder.ts';

const built = join(import.meta.dirname, '../../out/durability');

/**
 * The programs that a harness starts again and again, each in one file, which starts five times as fast as its sources.
 * Made anew each time, so that they are never older than the sources. @returns where they lie
 */
export async function bundled<N extends string>(name: string, entries: Readonly<Record<N, string>>): Promise<Readonly<Record<N, string>>> {
  // Within the project, where they find the module for SQLite.
  const folder = passingFolder(name, built);
  const programs = Object.entries<string>(entries);
  await Promise.all(programs.map(([part, entry]) => bundle({ name: part, entry, target: 'node24' }, folder)));
  return Object.fromEntries(programs.map(([part]) => [part, join(folder, `${part}.cjs`)])) as Record<N, string>;
}
