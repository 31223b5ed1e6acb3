import ts from 'typescript';
import {
  beginning,
  calledName,
  memberName,
  mentioned,
  moduleOf,
  propertyName,
  type SourceFileView,
  type SourceRule,
  unwrapped,
} from './source-reading.ts';

// S1 windows, S2 where they are served from, S4 and S5 what leads out of them, S7 and S8 what reaches into them.

export const windowFactory = 'electron/main/window-factory.ts';
/** The only user of ipcMain. */
const bridgePorts = 'electron/main/bridge-ports.ts';
const contentsGuard = 'electron/main/contents-guard.ts';
/** Where one day something may be opened outside of the app; whoever makes it brings a policy with its own test (S5). */
const opener = 'electron/main/open-outside.ts';
/** All channels there are; whatever else is said goes over the ports that they hand over. */
export const channels: readonly string[] = ['zuoxi:port', 'zuoxi:request-ports'];

const inShell = (file: string): boolean => file.startsWith('electron/');
const inPreload = (file: string): boolean => file.startsWith('electron/preload/');

const windowMakers = new Set(['BrowserWindow', 'BaseWindow', 'BrowserView', 'WebContentsView']);
/** What of a maker finds windows and makes none. */
const finders = new Set(['getAllWindows', 'getFocusedWindow', 'fromWebContents', 'fromId']);

/** Preferences of a window; null: any value. Others are not known to be harmless. */
const preferences: Readonly<Record<string, boolean | null>> = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  spellcheck: null,
  preload: null,
};
const mustBeSaid = ['sandbox', 'contextIsolation', 'nodeIntegration', 'webSecurity', 'webviewTag'];

/** Electron under its own names only: all that follows looks at names. */
const imports: SourceRule = (node, view) => {
  if ((ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) && moduleOf(node) === 'electron') {
    if (ts.isExportSpecifier(node) || (node.propertyName !== undefined && node.propertyName.text !== node.name.text))
      view.report('S1 Electron under another name', node);
  }
  if (ts.isNamespaceImport(node) || (ts.isImportClause(node) && node.name !== undefined)) {
    if (moduleOf(node) === 'electron') view.report('S1 Electron under another name', node);
  }
  if (ts.isExportDeclaration(node) && node.exportClause === undefined && moduleOf(node) === 'electron')
    view.report('S1 Electron under another name', node);
  if (ts.isCallExpression(node) && node.arguments[0] !== undefined && /^electron($|\/)/.test(view.fold(node.arguments[0]) ?? '')) {
    const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || calledName(node, view) === 'require';
    if (loads) view.report('S1 Electron under another name', node);
  }
};

const windows: SourceRule = (node, view) => {
  const name = mentioned(node, view);
  if (name === 'webPreferences' && !isFactoryPreferences(node, view)) view.report('S1 preferences outside the factory', node);
  if (name === null || !windowMakers.has(name) || ts.isImportSpecifier(node.parent)) return;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node && finders.has(parent.name.text)) return;
  const isNew = ts.isNewExpression(parent) && parent.expression === node && name === 'BrowserWindow';
  if (!isNew || view.file !== windowFactory) return view.report('S1 window outside the factory', node);
  checkWindow(parent, view);
};

/** The one place for them: the literal of the one window. */
function isFactoryPreferences(node: ts.Node, { file }: SourceFileView): boolean {
  if (file !== windowFactory || !ts.isPropertyAssignment(node.parent)) return false;
  let around: ts.Node = node.parent.parent.parent;
  while (!ts.isNewExpression(around) && ts.isExpression(around) && unwrapped(around) !== around) around = around.parent;
  return ts.isNewExpression(around);
}

function checkWindow(node: ts.NewExpression, view: SourceFileView): void {
  const options = literal(node.arguments?.[0]);
  if (options === null) return view.report('S1 options that are no literal', node);
  const at = options.properties.findIndex((p) => propertyName(p.name, view) === 'webPreferences');
  const given = options.properties[at];
  const values = given !== undefined && ts.isPropertyAssignment(given) ? literal(given.initializer) : null;
  if (values === null) return view.report('S1 options that are no literal', given ?? node);
  // What is spread behind it, or named by what is not known, could take its place.
  for (const later of options.properties.slice(at + 1))
    if (ts.isSpreadAssignment(later) || [null, 'webPreferences'].includes(propertyName(later.name, view)))
      view.report('S1 options that are no literal', later);
  const said = new Set<string>();
  for (const property of values.properties) {
    const name = propertyName(property.name, view);
    if (!ts.isPropertyAssignment(property) || name === null) {
      view.report('S1 options that are no literal', property);
      continue;
    }
    if (said.has(name) || !Object.hasOwn(preferences, name)) view.report('S1 unknown preference', property);
    said.add(name);
    const wanted = preferences[name];
    if (typeof wanted === 'boolean' && property.initializer.kind !== keywordOf(wanted)) view.report(`S1 ${name}`, property);
  }
  for (const name of mustBeSaid) if (!said.has(name)) view.report(`S1 ${name}`, values);
}

const keywordOf = (value: boolean): ts.SyntaxKind => (value ? ts.SyntaxKind.TrueKeyword : ts.SyntaxKind.FalseKeyword);
const literal = (node: ts.Expression | undefined): ts.ObjectLiteralExpression | null => {
  const inner = node === undefined ? undefined : unwrapped(node);
  return inner !== undefined && ts.isObjectLiteralExpression(inner) ? inner : null;
};

/** Switches of Chromium that the app may set. */
const switches = new Set(['lang']);

const addresses: SourceRule = (node, view) => {
  const name = mentioned(node, view);
  if (name === 'loadFile') view.report('S2 loadFile', node);
  if (name === 'loadURL' && !isOwnLoad(node, view)) view.report('S2 loadURL', node);
  if (name === 'appendArgument') view.report('S1 switch', node);
  if (ts.isCallExpression(node) && calledName(node, view) === 'appendSwitch' && !switches.has(view.fold(node.arguments[0]) ?? ''))
    view.report('S1 switch', node);
  if (!inShell(view.file) && !view.file.startsWith('renderer/')) return;
  if (name === 'pathToFileURL' || /^\s*(file|https?|wss?|ftp|data:text):/i.test(beginning(node, view) ?? ''))
    view.report('S2 address', node);
};

/** `loadURL(pageAddress)` with the one of page-address.ts, or a literal of it. */
function isOwnLoad(node: ts.Node, view: SourceFileView): boolean {
  const access = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : null;
  const call = access?.parent;
  if (call === undefined || !ts.isCallExpression(call) || call.expression !== access) return false;
  const target = call.arguments[0];
  if (view.fold(target)?.startsWith('app://desk/')) return true;
  if (target === undefined || !ts.isIdentifier(target) || target.text !== 'pageAddress') return false;
  return view.source.statements.some(
    (each) =>
      ts.isImportDeclaration(each) &&
      moduleOf(each) === './page-address.ts' &&
      each.importClause?.namedBindings !== undefined &&
      ts.isNamedImports(each.importClause.namedBindings) &&
      each.importClause.namedBindings.elements.some((e) => e.name.text === 'pageAddress' && e.propertyName === undefined),
  );
}

const waysOut: SourceRule = (node, view) => {
  const name = mentioned(node, view);
  if ((name === 'openExternal' || name === 'openPath') && view.file !== opener) view.report('S5 openExternal', node);
  if (name === 'setWindowOpenHandler' && view.file !== contentsGuard) view.report('S4 window open', node);
  if (name === 'overrideBrowserWindowOptions') view.report('S4 window open', node);
  if (ts.isPropertyAssignment(node) && propertyName(node.name, view) === 'action' && view.fold(node.initializer) === 'allow')
    view.report('S4 window open', node);
  if (!view.file.startsWith('renderer/')) return;
  if (ts.isCallExpression(node) && memberName(unwrapped(node.expression), view) === 'open' && isGlobal(node.expression))
    view.report('S4 window open', node);
  if ((ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) && node.tagName.getText(view.source) === 'a')
    view.report('S4 link', node);
};

/** `window.x`, `globalThis.x`, `self.x`. */
function isGlobal(node: ts.Expression): boolean {
  const inner = unwrapped(node);
  if (!ts.isPropertyAccessExpression(inner) && !ts.isElementAccessExpression(inner)) return false;
  const on = unwrapped(inner.expression);
  return ts.isIdentifier(on) && ['window', 'globalThis', 'self', 'top', 'parent'].includes(on.text);
}

const rendererCalls = new Set(['on', 'once', 'send', 'invoke']);

const ipc: SourceRule = (node, view) => {
  const { file } = view;
  const name = mentioned(node, view);
  const imported = ts.isImportSpecifier(node.parent ?? node);
  if (name === 'ipcMain') {
    if (file !== bridgePorts) view.report('S8 raw IPC', node);
    else if (!imported && !isChannelCall(node, view, new Set(['on', 'once', 'handle']))) view.report('S7 unregistered channel', node);
  }
  if ((name === 'ipcRenderer' || name === 'contextBridge') && !inPreload(file)) view.report('S8 raw IPC', node);
  if (inPreload(file)) preload(node, name, imported, view);
  else if (inShell(file) && ts.isCallExpression(node) && node.arguments.length > 0) {
    // Messages to a page by name; those without a name go over a port.
    const said = ['send', 'postMessage', 'sendToFrame'].includes(calledName(node, view) ?? '') ? view.fold(node.arguments[0]) : null;
    if (said !== null && !channels.includes(said)) view.report('S7 unregistered channel', node);
  }
};

/** `ipcX.method('a registered channel', …)`. */
function isChannelCall(node: ts.Node, view: SourceFileView, methods: ReadonlySet<string>): boolean {
  const access = node.parent;
  if (!ts.isPropertyAccessExpression(access) || access.expression !== node || !methods.has(access.name.text)) return false;
  const call = access.parent;
  return ts.isCallExpression(call) && call.expression === access && channels.includes(view.fold(call.arguments[0]) ?? '');
}

function preload(node: ts.Node, name: string | null, imported: boolean, view: SourceFileView): void {
  if (name === 'ipcRenderer' && !imported) {
    if (!isChannelCall(node, view, rendererCalls)) {
      const access = node.parent;
      const isCall = ts.isPropertyAccessExpression(access) && ts.isCallExpression(access.parent) && access.parent.expression === access;
      const known = isCall && rendererCalls.has(access.name.text);
      view.report(known ? 'S7 unregistered channel' : 'S8 ipcRenderer exposed', node);
    } else checkListener(node.parent.parent as ts.CallExpression, view);
  }
  if (name === 'exposeInIsolatedWorld') view.report('S8 exposed value', node);
  if (name !== 'exposeInMainWorld') return;
  const call = ts.isPropertyAccessExpression(node.parent) ? node.parent.parent : null;
  if (call === null || !ts.isCallExpression(call) || call.expression !== node.parent) return view.report('S8 exposed value', node);
  const api = literal(call.arguments[1]);
  if (api === null) return view.report('S8 exposed value', call);
  for (const each of api.properties) {
    const value = ts.isPropertyAssignment(each) ? unwrapped(each.initializer) : each;
    const named = propertyName(each.name, view) !== null;
    if (!named || !(ts.isArrowFunction(value) || ts.isFunctionExpression(value) || ts.isMethodDeclaration(value)))
      view.report('S8 exposed value', each);
  }
}

/** Of Electron's event a listener may use the ports: its `sender` is ipcRenderer itself. */
function checkListener(call: ts.CallExpression, view: SourceFileView): void {
  const listener = call.arguments[1];
  if (listener === undefined || calledName(call, view) === 'send' || calledName(call, view) === 'invoke') return;
  if (!ts.isArrowFunction(listener) && !ts.isFunctionExpression(listener)) return view.report('S8 ipcRenderer exposed', listener);
  const event = listener.parameters[0];
  if (event === undefined) return;
  if (!ts.isIdentifier(event.name)) {
    const other = ts.isObjectBindingPattern(event.name) && event.name.elements.find((e) => bindingName(e, view) !== 'ports');
    if (other !== false && other !== undefined) view.report('S8 ipcRenderer exposed', other);
    return;
  }
  const { text } = event.name;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === text && !isNameOnly(node)) {
      const use = node.parent;
      if (!ts.isPropertyAccessExpression(use) || use.expression !== node || use.name.text !== 'ports')
        view.report('S8 ipcRenderer exposed', node);
    }
    ts.forEachChild(node, visit);
  };
  visit(listener.body);
}

const bindingName = (element: ts.BindingElement, view: SourceFileView): string | null =>
  element.dotDotDotToken !== undefined
    ? null
    : element.propertyName !== undefined
      ? propertyName(element.propertyName, view)
      : ts.isIdentifier(element.name)
        ? element.name.text
        : null;

/** The name of a member or a property is no use of a variable. */
const isNameOnly = (node: ts.Identifier): boolean =>
  (ts.isPropertyAccessExpression(node.parent) || ts.isPropertyAssignment(node.parent)) && node.parent.name === node;

export const electronRules: readonly SourceRule[] = [imports, windows, addresses, waysOut, ipc];
