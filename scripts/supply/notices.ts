import '../require-modern-node.ts';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../own-process.ts';
import { closureOf, importedPackages, programs } from './licences.ts';
import { type Lock, packageName } from './manifest-rules.ts';

// npm run notices [-- FILE]: the licences of all that the app is bundled of, as they have to go with it; by default in
// out/licences.txt. Electron brings its own and Chromium's.

const named = /^(licen[cs]e|copying|notice)/i;
const line = '─'.repeat(78);

interface Installed {
  readonly author?: string | { readonly name?: string };
}

/** Needs the packages to be installed. @throws if one is not */
export function notices(root: string): string {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as Lock;
  const roots = [...importedPackages(root, programs.app)].filter((name) => name !== 'electron');
  /** Text → the packages that it is of; many are the same. */
  const texts = new Map<string, string[]>();
  for (const at of [...closureOf(lock, roots)].toSorted()) {
    const entry = lock.packages![at]!;
    const folder = path.join(root, at);
    // A binary for another system, which is not here and not delivered from here.
    if (!existsSync(folder) && entry.optional === true) continue;
    const files = readdirSync(folder).filter((name) => named.test(name) && !name.endsWith('.js'));
    const own = files.map((name) => readFileSync(path.join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
    const text = own.length > 0 ? own.join('\n\n') : `${entry.license ?? 'no licence'}${authorOf(folder)}`;
    texts.set(text, [...(texts.get(text) ?? []), `${packageName(at, entry)} ${entry.version ?? ''} (${entry.license ?? 'no licence'})`]);
  }
  return [...texts].map(([text, of]) => `${line}\n${[...new Set(of)].join('\n')}\n${line}\n\n${text}\n`).join('\n');
}

function authorOf(folder: string): string {
  const { author } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Installed;
  const name = typeof author === 'string' ? author : author?.name;
  return name === undefined ? '' : `\nCopyright (c) ${name}`;
}

if (import.meta.main) {
  const file = path.resolve(projectRoot, process.argv[2] ?? 'out/licences.txt');
  mkdirSync(path.dirname(file), { recursive: true });
  const text = notices(projectRoot);
  writeFileSync(file, text);
  process.stdout.write(`${path.relative(projectRoot, file)}: ${Math.round(text.length / 1024)} kB\n`);
}
