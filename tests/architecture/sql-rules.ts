import ts from 'typescript';
import { calledName, type SourceRule, unwrapped } from './source-reading.ts';

/** Where a statement has to be put together: a key, which SQLite takes as no parameter, and texts made of our own names. */
const mayBuild = new Set(['db/unlock.ts', 'db/migrate.ts', 'db/writes/rows.ts']);

/** S14: no statement is put together from values; `raw` pieces of drizzle must be literals or a column's own name. */
export const sqlRule: SourceRule = (node, view) => {
  if (!ts.isCallExpression(node)) return;
  const method = calledName(node, view);
  const first = node.arguments[0];
  if (first === undefined || !isBuilt(unwrapped(first))) return;
  if (['exec', 'prepare', 'pragma'].includes(method ?? '') && !mayBuild.has(view.file)) view.report('S14 built SQL', node);
  const on = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : null;
  if (method === 'raw' && on !== null && ts.isIdentifier(on) && on.text === 'sql') view.report('S14 built SQL', node);
};

/** A template with holes or a concatenation. */
const isBuilt = (node: ts.Expression): boolean =>
  ts.isTemplateExpression(node) || (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken);
