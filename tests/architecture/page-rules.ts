import ts from 'typescript';
import {
  calledName,
  eachRunningNode,
  memberName,
  mentioned,
  moduleOf,
  type SourceFileView,
  type SourceRule,
  unwrapped,
} from './source-reading.ts';

// S9 nothing turns text into code or markup; S3 the page has no network and one policy for trusted types.

/** The one sanitiser: its policy refuses markup. */
const guard = 'renderer/guard.ts';

const markup = new Set([
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'insertHTML',
  'dangerouslySetInnerHTML',
  'setHTML',
  'setHTMLUnsafe',
  'parseHTML',
  'parseHTMLUnsafe',
  'createContextualFragment',
  'DOMParser',
  'XSLTProcessor',
  'srcdoc',
  'srcDoc',
]);
/** Text that becomes rules of style. */
const style = new Set(['cssText', 'insertRule', 'adoptedStyleSheets', 'CSSStyleSheet', 'insertCSS']);
const network = new Set(['fetch', 'XMLHttpRequest', 'WebSocket', 'WebTransport', 'EventSource', 'sendBeacon', 'RTCPeerConnection']);
const strangeTags = new Set(['iframe', 'frame', 'object', 'embed', 'webview', 'script', 'base', 'portal', 'link', 'meta', 'fencedframe']);
const timers = new Set(['setTimeout', 'setInterval', 'setImmediate']);

const code: SourceRule = (node, view) => {
  const name = mentioned(node, view);
  if (ts.isIdentifier(node) && (name === 'eval' || name === 'Function')) view.report('S9 eval', node);
  if (ts.isElementAccessExpression(node) && ['eval', 'Function'].includes(view.fold(node.argumentExpression) ?? ''))
    view.report('S9 eval', node);
  if (name === 'executeJavaScript' || name === 'importScripts') view.report('S9 eval', node);
  if (/^\s*(javascript|vbscript|data:text\/html|data:image\/svg)/i.test(startOf(node, view))) view.report('S9 eval', node);
  if (ts.isImportDeclaration(node) && /^(node:)?vm$/.test(moduleOf(node) ?? '')) view.report('S9 eval', node);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const called = calledName(node, view);
    // Whatever stands before it, its constructor may be the one that takes code.
    if (called === 'constructor') view.report('S9 eval', node);
    const first = node.arguments?.[0];
    if (first !== undefined && timers.has(called ?? '') && isTextAtAll(first, view)) view.report('S9 eval', node);
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword && view.fold(first) === null) view.report('S9 eval', node);
    if (called === 'require' && /^(node:)?vm$/.test(view.fold(first) ?? '')) view.report('S9 eval', node);
  }
};

const startOf = (node: ts.Node, view: SourceFileView): string =>
  ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? node.head.text : (view.fold(node) ?? '');

/** A literal, or something put together from one. */
function isTextAtAll(node: ts.Expression, view: SourceFileView): boolean {
  const inner = unwrapped(node);
  if (ts.isBinaryExpression(inner)) return isTextAtAll(inner.left, view) || isTextAtAll(inner.right, view);
  return ts.isTemplateExpression(inner) || view.fold(inner) !== null;
}

const html: SourceRule = (node, view) => {
  const name = mentioned(node, view);
  if (name !== null && markup.has(name)) view.report('S9 HTML', node);
  if (name !== null && style.has(name)) view.report('S9 style', node);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const on = unwrapped(node.expression);
    const isDocument = (ts.isIdentifier(on) && on.text === 'document') || memberName(on, view) === 'document';
    if (isDocument && ['write', 'writeln'].includes(memberName(node, view) ?? '')) view.report('S9 HTML', node);
  }
  if (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) {
    if (strangeTags.has(node.tagName.getText(view.source))) view.report('S9 element', node);
  }
  if (ts.isJsxAttribute(node)) checkAttribute(node, view);
  if (!ts.isCallExpression(node)) return;
  const called = calledName(node, view);
  if (called === 'createElement' || called === 'createElementNS' || called === 'jsx') {
    const tag = view.fold(node.arguments[called === 'createElementNS' ? 1 : 0]);
    if (tag !== null && strangeTags.has(tag.toLowerCase())) view.report('S9 element', node);
  }
  if (called === 'setAttribute' || called === 'setAttributeNS') {
    const attribute = view.fold(node.arguments[called === 'setAttribute' ? 0 : 1]);
    if (attribute === null || /^(on|srcdoc$|style$|href$|xlink:href$|action$|formaction$)/i.test(attribute)) view.report('S9 HTML', node);
  }
};

/** Addresses in a page are its own anchors. */
function checkAttribute(node: ts.JsxAttribute, view: SourceFileView): void {
  const name = node.name.getText(view.source);
  if (!['href', 'xlinkHref', 'action', 'formAction', 'ping'].includes(name)) return;
  const value = node.initializer;
  const text = value === undefined ? '' : ts.isJsxExpression(value) ? startOf(value.expression ?? value, view) : startOf(value, view);
  const isHandler =
    value !== undefined && ts.isJsxExpression(value) && value.expression !== undefined && ts.isArrowFunction(value.expression);
  // React's `action` may be a function, which is no address.
  if (!text.startsWith('#') && !(name === 'action' && isHandler)) view.report('S9 HTML', node);
}

const policies: SourceRule = (node, view) => {
  const name = mentioned(node, view);
  if (name === 'createPolicy' && view.file !== guard) view.report('S3 policy', node);
  if (name === null || !network.has(name) || isOwnMember(node) || declaresItself(name, view.source)) return;
  view.report('S3 network in the page', node);
};

/** A member of something of ours that happens to have the name, like `older.fetch()`. */
function isOwnMember({ parent }: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) {
    const on = unwrapped(parent.expression);
    return !(ts.isIdentifier(on) && ['window', 'globalThis', 'self', 'navigator'].includes(on.text));
  }
  return ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isMethodDeclaration(parent);
}

/** The file has a variable of that name, so it does not mean the browser's. */
function declaresItself(name: string, source: ts.SourceFile): boolean {
  let found = false;
  eachRunningNode(source, (node) => {
    found ||= (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) && isNamed(node.name, name);
  });
  return found;
}
const isNamed = (binding: ts.BindingName, name: string): boolean => ts.isIdentifier(binding) && binding.text === name;

/** Of a page all, of other programs what makes code or markup of text. */
export const pageRules = (file: string): readonly SourceRule[] => (file.startsWith('renderer/') ? [code, html, policies] : [code, html]);
