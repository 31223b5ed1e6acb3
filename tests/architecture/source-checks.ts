import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { electronRules } from './electron-rules.ts';
import { pageRules } from './page-rules.ts';
import { eachRunningNode, folderOf, type SourceRule } from './source-reading.ts';
import { sqlRule } from './sql-rules.ts';
import { tlsRule } from './tls-rules.ts';

export interface Finding {
  readonly rule: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

const product = ['shared', 'db', 'core', 'electron', 'renderer', 'server'];
/** Runs where the product is made; what it does there must be as honest, but it makes no windows and asks no database. */
const making = ['scripts', 'build'];

function sourcesIn(root: string, folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name) && !/\.test\.tsx?$|\.d\.ts$/.test(entry.name))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
    );
}

/** Sources of what is delivered: no tests. */
export const productionFiles = (root: string): string[] => sourcesIn(root, product);

const rulesFor = (file: string): readonly SourceRule[] =>
  making.some((folder) => file.startsWith(`${folder}/`)) ? [tlsRule] : [...electronRules, ...pageRules(file), sqlRule, tlsRule];

/** The security rules that can be read off one source (S1, S2, S4, S5, S7, S8, S9, S14, S24), each finding once a line. */
export function checkSource(file: string, text: string): Finding[] {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  const findings = new Map<string, Finding>();
  const view = {
    file,
    source,
    fold: folderOf(source),
    report: (rule: string, node: ts.Node): void => {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      findings.set(`${rule} ${line}`, { rule, file, line });
    },
  };
  const rules = rulesFor(file);
  eachRunningNode(source, (node) => {
    for (const rule of rules) rule(node, view);
  });
  return [...findings.values()];
}

export const checkProject = (root: string): { findings: Finding[]; files: number } => {
  const files = [...productionFiles(root), ...sourcesIn(root, making)];
  return { findings: files.flatMap((file) => checkSource(file, readFileSync(join(root, file), 'utf8'))), files: files.length };
};
