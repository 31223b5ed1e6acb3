import ts from 'typescript';
import { calledName, mentioned, type SourceFileView, type SourceRule, unwrapped } from './source-reading.ts';

// S24: certificates are checked, and nobody asks for an older TLS.

const checks = 'rejectUnauthorized';
const variable = 'NODE_TLS_REJECT_UNAUTHORIZED';
/** What takes the decision about a certificate away from TLS. */
const overrides = new Set(['certificate-error', 'setCertificateVerifyProc', 'checkServerIdentity', 'select-client-certificate']);
const versions = new Set(['minVersion', 'DEFAULT_MIN_VERSION']);
/** Other ways to ask for an old version, or to let an old one be asked for. */
const lowering = new Set(['secureProtocol', 'secureOptions', 'maxVersion', 'DEFAULT_MAX_VERSION', 'DEFAULT_CIPHERS']);
const enough = new Set(['TLSv1.2', 'TLSv1.3']);
const switches =
  /ignore-certificate-errors|allow-insecure-localhost|unsafely-treat-insecure|--tls-(min|max)-v|ssl-version-(min|max)|SECLEVEL\s*=\s*0/i;

export const tlsRule: SourceRule = (node, view) => {
  const name = mentioned(node, view);
  if (name === null) return;
  const report = (): void => view.report('S24 TLS', node);
  if (overrides.has(name) || lowering.has(name) || switches.test(name)) report();
  // Named as a property with the literal `true` it says what holds anyway; in any other way it is for turning it off.
  if (name === checks && valueOf(node)?.kind !== ts.SyntaxKind.TrueKeyword) report();
  if (versions.has(name) && !enough.has(view.fold(valueOf(node)) ?? '')) report();
  // To take it out of what a child gets is fine; to give it a value is not.
  if (name === variable && isGiven(node, view)) report();
};

/** What a property of that name is set to, in a literal or by assignment. */
function valueOf(node: ts.Node): ts.Expression | undefined {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return parent.initializer;
  if (ts.isComputedPropertyName(parent) && ts.isPropertyAssignment(parent.parent)) return parent.parent.initializer;
  const access = accessOf(node);
  return access !== null && isAssigned(access) ? access.parent.right : undefined;
}

const accessOf = (node: ts.Node): ts.Expression | null => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent;
  return ts.isElementAccessExpression(parent) && parent.argumentExpression === node ? parent : null;
};

const isAssigned = (node: ts.Expression): node is ts.Expression & { readonly parent: ts.BinaryExpression } =>
  ts.isBinaryExpression(node.parent) &&
  node.parent.left === node &&
  node.parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
  node.parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment;

function isGiven(node: ts.Node, view: SourceFileView): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  const value = valueOf(node);
  if (value !== undefined) return !isNothing(value);
  // `Reflect.set(env, NAME, …)`, `Object.defineProperty(env, NAME, …)`.
  return ts.isCallExpression(parent) && ['set', 'defineProperty', 'assign'].includes(calledName(parent, view) ?? '');
}

const isNothing = (node: ts.Expression): boolean => {
  const inner = unwrapped(node);
  return ts.isIdentifier(inner) && inner.text === 'undefined';
};
