import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { type Lock, type LockEntry, type Manifest, packageName } from './manifest-rules.ts';

/** Licences whose duties are met by naming them: what we deliver may be built of these. */
export const allowedLicences: readonly string[] = [
  ...[
    'MIT',
    'MIT-0',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'Unlicense',
    'CC0-1.0',
    'Zlib',
    'Python-2.0',
  ],
];

/** Whether an SPDX expression can be satisfied by the list. */
export function isAllowed(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const either = (): boolean => {
    let good = both();
    while (tokens[at] === 'OR') {
      at += 1;
      // Read in any case, so that what follows is found.
      const next = both();
      good ||= next;
    }
    return good;
  };
  const both = (): boolean => {
    let good = one();
    while (tokens[at] === 'AND') {
      at += 1;
      const next = one();
      good &&= next;
    }
    return good;
  };
  const one = (): boolean => {
    const token = tokens[at++];
    if (token !== '(') return token !== undefined && allowedLicences.includes(token);
    const inner = either();
    return tokens[at++] === ')' && inner;
  };
  return tokens.length > 0 && either() && at === tokens.length;
}

/** Folders in which the app and the server begin; what they use of others is followed. */
export const programs = { app: ['core', 'electron', 'renderer'], server: ['server'] } as const;

/** Packages that the sources of some folders, and what these use, import to run: not for their types alone; tests left out. */
export function importedPackages(root: string, folders: readonly string[]): Set<string> {
  const names = new Set<string>();
  const files = new Set(
    folders.flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
        // `testing.ts` stands beside the product for its tests.
        .filter(({ name }) => /\.tsx?$/.test(name) && !/\.(test\.tsx?|d\.ts|config\.ts)$/.test(name) && name !== 'testing.ts')
        .map((entry) => path.join(entry.parentPath, entry.name)),
    ),
  );
  // Grows while it is gone through.
  for (const file of files) {
    for (const specifier of importsOf(readFileSync(file, 'utf8'), file)) {
      if (specifier.startsWith('.')) {
        const used = path.resolve(path.dirname(file), specifier);
        if (/\.tsx?$/.test(used) && existsSync(used)) files.add(used);
      } else if (!/^(?:[#/]|node:)/.test(specifier) && !builtinModules.includes(specifier)) {
        names.add(
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        );
      }
    }
  }
  return names;
}

function importsOf(text: string, name: string): string[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const take = (specifier: ts.Node | undefined): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.push(specifier.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly !== true) take(node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && !node.isTypeOnly) take(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) take(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Paths in the lock file of packages and of all that they need, as Node finds it from where each of them lies. */
export function closureOf(lock: Lock, roots: Iterable<string>): Set<string> {
  const packages = lock.packages ?? {};
  const closure = new Set<string>();
  const add = (from: string, name: string): void => {
    const at = resolveFrom(packages, from, name);
    if (at === null || closure.has(at)) return;
    closure.add(at);
    const { dependencies = {}, optionalDependencies = {} } = packages[at]!;
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) add(at, each);
  };
  for (const name of roots) add('', name);
  return closure;
}

function resolveFrom(packages: Readonly<Record<string, LockEntry>>, from: string, name: string): string | null {
  for (let at = from; ;) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (Object.hasOwn(packages, path)) return path;
    if (at === '') return null;
    at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')));
  }
}

/** What is delivered: all of `dependencies`, and whatever the app's sources import, since that is bundled into it. */
export const deliveredPackages = (root: string, lock: Lock, manifest: Manifest): Set<string> =>
  closureOf(lock, [...Object.keys(manifest.dependencies ?? {}), ...importedPackages(root, [...programs.app, ...programs.server])]);

/** Of delivered packages, those whose licence is not known or not on the list. */
export const licenceFindings = (lock: Lock, delivered: Iterable<string>): string[] =>
  [...delivered].toSorted().flatMap((at) => {
    const entry = lock.packages?.[at] ?? {};
    const licence = entry.license;
    if (licence !== undefined && isAllowed(licence)) return [];
    return [`${packageName(at, entry)} ${entry.version ?? ''}: ${licence === undefined ? 'no licence' : licence}`];
  });

/** A server is installed without what is there to develop, so what it imports stands in `dependencies`. */
export const misplacedFindings = (root: string, manifest: Manifest): string[] =>
  [...importedPackages(root, [...programs.server, 'core'])]
    .filter((name) => !Object.hasOwn(manifest.dependencies ?? {}, name))
    .map((name) => `${name} is imported by server or core, and no dependency`);
