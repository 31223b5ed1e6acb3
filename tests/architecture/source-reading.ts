import ts from 'typescript';

/** What a rule needs to know of the file it looks at. */
export interface SourceFileView {
  /** From the project's folder, with forward slashes. */
  readonly file: string;
  readonly source: ts.SourceFile;
  /** The text of an expression that is made of literals and constants of this file; null: not known before it runs. */
  fold(node: ts.Node | undefined): string | null;
  report(rule: string, node: ts.Node): void;
}

/** Looks at one node that can run; types are not shown to it. */
export type SourceRule = (node: ts.Node, view: SourceFileView) => void;

/** Calls back with each node that is not there for the types alone, outermost first. */
export function eachRunningNode(source: ts.SourceFile, look: (node: ts.Node) => void): void {
  const visit = (node: ts.Node): void => {
    if (isForTypesOnly(node)) return;
    look(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function isForTypesOnly(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isImportClause(node) || ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) return node.isTypeOnly;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword;
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node);
}

/** Without parentheses, casts and `!`, and of a comma its last part: what the value is. */
export function unwrapped(node: ts.Expression): ts.Expression {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node))
    return unwrapped(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken) return unwrapped(node.right);
  return node;
}

/** Makes the `fold` of a file. */
export function folderOf(source: ts.SourceFile): (node: ts.Node | undefined) => string | null {
  const constants = new Map<string, ts.Expression | null>();
  eachRunningNode(source, (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return;
    const constant = (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0 && !constants.has(node.name.text);
    // Two of one name in different scopes: which one is meant is not worth knowing.
    constants.set(node.name.text, constant ? (node.initializer ?? null) : null);
  });
  const open = new Set<string>();
  const fold = (node: ts.Node | undefined): string | null => {
    if (node === undefined) return null;
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node)) {
      const parts = node.templateSpans.map((span) => [fold(span.expression), span.literal.text] as const);
      return parts.every(([hole]) => hole !== null) ? node.head.text + parts.map(([hole, text]) => hole + text).join('') : null;
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      const [left, right] = [fold(node.left), fold(node.right)];
      return left === null || right === null ? null : left + right;
    }
    if (ts.isIdentifier(node)) {
      const value = constants.get(node.text);
      if (value == null || open.has(node.text)) return null;
      open.add(node.text);
      try {
        return fold(value);
      } finally {
        open.delete(node.text);
      }
    }
    if (ts.isCallExpression(node)) return foldCall(node, fold);
    return ts.isExpression(node) && unwrapped(node) !== node ? fold(unwrapped(node)) : null;
  };
  return fold;
}

/** `['a', 'b'].join('')` and `'a'.concat('b')`. */
function foldCall(node: ts.CallExpression, fold: (node: ts.Node | undefined) => string | null): string | null {
  if (!ts.isPropertyAccessExpression(node.expression)) return null;
  const { expression: on, name } = node.expression;
  const folded = (parts: readonly ts.Node[]): string[] | null => {
    const texts = parts.map(fold);
    return texts.includes(null) ? null : (texts as string[]);
  };
  if (name.text === 'join' && ts.isArrayLiteralExpression(on)) {
    const between = node.arguments.length === 0 ? ',' : fold(node.arguments[0]);
    return between === null ? null : (folded(on.elements)?.join(between) ?? null);
  }
  if (name.text === 'concat') return folded([on, ...node.arguments])?.join('') ?? null;
  return null;
}

/** The name of a member: `.name`, `?.name`, `['name']`. null: no access, or a name that is not known before it runs. */
export function memberName(node: ts.Node, view: Pick<SourceFileView, 'fold'>): string | null {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isElementAccessExpression(node) ? view.fold(node.argumentExpression) : null;
}

/** Of a call its function's own name, whatever it is called on. */
export function calledName(node: ts.CallExpression | ts.NewExpression, view: Pick<SourceFileView, 'fold'>): string | null {
  const callee = unwrapped(node.expression);
  return ts.isIdentifier(callee) ? callee.text : memberName(callee, view);
}

/**
 * The name that a node itself brings up, in whichever spelling: an identifier (also as the name of a member, property,
 * attribute or import), or a text that is that name. Parts of a longer text that is known bring up nothing of their own.
 */
export function mentioned(node: ts.Node, view: Pick<SourceFileView, 'fold'>): string | null {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return node.text;
  return isText(node) && !isPartOfText(node) ? view.fold(node) : null;
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  ts.isCallExpression(node) ||
  (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken);

function isPartOfText(node: ts.Node): boolean {
  const { parent } = node;
  return parent !== undefined && (ts.isTemplateSpan(parent) || (ts.isBinaryExpression(parent) && isText(parent)));
}

/** How a text begins, as far as it is known before it runs. */
export function beginning(node: ts.Node, view: Pick<SourceFileView, 'fold'>): string | null {
  if (!isText(node) || isPartOfText(node)) return null;
  const whole = view.fold(node);
  if (whole !== null) return whole;
  if (ts.isTemplateExpression(node)) return node.head.text;
  let first: ts.Node = node;
  while (ts.isBinaryExpression(first)) first = first.left;
  return first === node ? null : view.fold(first);
}

/** Name of a property of an object literal, a class or a pattern; null: computed from what is not known. */
export function propertyName(name: ts.PropertyName | undefined, view: Pick<SourceFileView, 'fold'>): string | null {
  if (name === undefined) return null;
  return ts.isComputedPropertyName(name) ? view.fold(name.expression) : name.text;
}

/** Where a name comes from: the module, and whether under its own name. */
export const moduleOf = (node: ts.Node): string | null => {
  const owner = ts.findAncestor(node, (each) => ts.isImportDeclaration(each) || ts.isExportDeclaration(each));
  const from = owner !== undefined && 'moduleSpecifier' in owner ? (owner.moduleSpecifier as ts.Expression | undefined) : undefined;
  return from !== undefined && ts.isStringLiteral(from) ? from.text : null;
};
