import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

export interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
}

/** Production sources: no tests, no development pages. */
export function productionFiles(root: string): string[] {
  const out: string[] = [];
  for (const folder of ['shared', 'db', 'core', 'electron', 'renderer', 'server'])
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = relative(root, join(entry.parentPath, entry.name));
      if (entry.isFile() && /\.tsx?$/.test(path) && !/\.test\.tsx?$|\.d\.ts$/.test(path)) out.push(path);
    }
  return out;
}

const windowFactory = 'electron/main/window-factory.ts';
const secureSettings: Readonly<Record<string, boolean>> = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
};

/** The security rules that can be read off the source (S1, S2, S5, S8, S9, S14, S24). */
export function checkSource(file: string, text: string): Finding[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const findings: Finding[] = [];
  const report = (rule: string, node: ts.Node): void => {
    findings.push({ rule, file, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 });
  };

  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node)) checkNew(node);
    if (ts.isCallExpression(node)) checkCall(node);
    if (ts.isPropertyAccessExpression(node) || ts.isIdentifier(node)) checkName(node);
    if (ts.isPropertyAssignment(node) || ts.isJsxAttribute(node)) checkProperty(node);
    ts.forEachChild(node, visit);
  };

  const checkNew = (node: ts.NewExpression): void => {
    const name = node.expression.getText(source);
    if (name === 'Function') report('S9 eval', node);
    if (name !== 'BrowserWindow' && name !== 'WebContentsView' && name !== 'BrowserView') return;
    if (file !== windowFactory) return report('S1 window outside the factory', node);
    const literal = (node.arguments?.[0]?.getText(source) ?? '').replaceAll(/\s/g, '');
    for (const [key, value] of Object.entries(secureSettings)) if (!literal.includes(`${key}:${value}`)) report(`S1 ${key}`, node);
  };

  const checkCall = (node: ts.CallExpression): void => {
    const name = node.expression.getText(source);
    const method = name.split('.').at(-1) ?? '';
    if (name === 'eval') report('S9 eval', node);
    if (method === 'loadFile') report('S2 loadFile', node);
    if (method === 'loadURL') {
      const target = node.arguments[0];
      const fine =
        target !== undefined && (ts.isIdentifier(target) || (ts.isStringLiteralLike(target) && target.text.startsWith('app://')));
      if (!fine) report('S2 loadURL', node);
    }
    if (method === 'openExternal') report('S5 openExternal', node);
    if (method === 'exposeInMainWorld' && /ipcRenderer\s*[,}]|\bipcRenderer\s*$/.test(node.arguments[1]?.getText(source) ?? ''))
      report('S8 ipcRenderer exposed', node);
    // A statement put together from values; `raw` pieces of drizzle must be literals or a column's own name.
    if (/^(exec|prepare|pragma)$/.test(method) && isBuilt(node.arguments[0]) && !/^db\/(unlock|migrate|writes\/rows)\.ts$/.test(file))
      report('S14 built SQL', node);
    if (name === 'sql.raw' && isBuilt(node.arguments[0])) report('S14 built SQL', node);
  };

  const checkName = (node: ts.Node): void => {
    const text = ts.isPropertyAccessExpression(node) ? node.name.text : (node as ts.Identifier).text;
    if (['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'dangerouslySetInnerHTML'].includes(text)) report('S9 HTML', node);
    if (
      (text === 'ipcMain' && file !== 'electron/main/bridge-ports.ts') ||
      (text === 'ipcRenderer' && !file.startsWith('electron/preload/'))
    )
      report('S8 raw IPC', node);
  };

  const checkProperty = (node: ts.PropertyAssignment | ts.JsxAttribute): void => {
    const text = node.getText(source).replaceAll(/\s/g, '');
    if (/^['"]?rejectUnauthorized['"]?:false/.test(text)) report('S24 TLS', node);
    if (text.startsWith('dangerouslySetInnerHTML')) report('S9 HTML', node);
  };

  visit(source);
  if (/['"]certificate-error['"]/.test(text)) findings.push({ rule: 'S24 TLS', file, line: 1 });
  return findings;
}

/** A template with holes or a concatenation. */
const isBuilt = (node: ts.Expression | undefined): boolean =>
  node !== undefined &&
  (ts.isTemplateExpression(node) || (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken));

export const checkProject = (root: string): { findings: Finding[]; files: number } => {
  const files = productionFiles(root);
  return { findings: files.flatMap((file) => checkSource(file, readFileSync(join(root, file), 'utf8'))), files: files.length };
};
