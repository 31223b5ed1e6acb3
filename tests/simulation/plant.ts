import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PlantedBug } from './planted-bugs.ts';

const project = join(import.meta.dirname, '..', '..');

/** The file as it is with the bug in it. @throws unless the line is there exactly once */
export function withBug(bug: PlantedBug, source: string = readFileSync(join(project, bug.file), 'utf8')): string {
  const parts = source.split(bug.find);
  if (parts.length !== 2) throw new Error(`planted bug ${bug.name}: its line stands ${parts.length - 1} times in ${bug.file}`);
  return parts.join(bug.replace);
}

/** Puts a bug into this process, before the file is loaded for the first time. */
export function plant(bug: PlantedBug): void {
  const source = withBug(bug);
  const url = pathToFileURL(join(project, bug.file)).href;
  registerHooks({
    load: (at, context, next) => {
      const loaded = next(at, context);
      return at === url ? { ...loaded, source } : loaded;
    },
  });
}
