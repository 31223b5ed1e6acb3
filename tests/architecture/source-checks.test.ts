import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pageAddress } from '../../electron/main/page-address.ts';
import { windowFactory } from './electron-rules.ts';
import { checkProject, checkSource, productionFiles } from './source-checks.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const rulesOf = (file: string, source: string): string[] => checkSource(file, source).map((f) => f.rule);

describe('security rules that can be read off the source', () => {
  test('S1 S2 S4 S5 S7 S8 S9 S14 S24 the project keeps them, and was read', () => {
    const { findings, files } = checkProject(root);
    expect(findings.map((f) => `${f.rule} ${f.file}:${f.line}`)).toEqual([]);
    expect(files).toBeGreaterThan(400);
  });

  test('S1 there is one window factory and it makes a window', () => {
    const makers = productionFiles(root).filter((f) => /new BrowserWindow\(/.test(read(f)));
    expect(makers).toEqual([windowFactory]);
  });

  test('S2 what the window loads is a page of app://', () => {
    expect(pageAddress).toMatch(/^app:\/\/desk\//);
    expect(read(windowFactory)).toContain('loadURL(pageAddress)');
  });
});

const preferences = 'sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false';
const made = (options: string): string => `import { BrowserWindow } from 'electron'; new BrowserWindow(${options});`;
const factory = windowFactory;
const main = 'electron/main/x.ts';
const preload = 'electron/preload/x.ts';
const page = 'renderer/x.tsx';

describe('S1 windows: what breaks the rule is found', () => {
  test('and what keeps it is not', () => {
    expect(rulesOf(factory, made(`{ ...bounds, show: false, webPreferences: { preload: p, ${preferences}, spellcheck: false } }`))).toEqual(
      [],
    );
    expect(rulesOf(factory, made(`({ webPreferences: ({ ${preferences} } as const) }) satisfies object`))).toEqual([]);
    expect(rulesOf(main, `import { BrowserWindow } from 'electron'; BrowserWindow.getAllWindows();`)).toEqual([]);
    expect(rulesOf(main, `import type { BrowserWindow } from 'electron'; let w: BrowserWindow | null = null;`)).toEqual([]);
    expect(rulesOf(main, `app.commandLine.appendSwitch('lang', locale)`)).toEqual([]);
  });

  test.each([
    ['new BrowserWindow({})'],
    ['const B = BrowserWindow; new B({})'],
    ['class W extends BrowserWindow {}'],
    ['Reflect.construct(BrowserWindow, [{}])'],
    ['new electron.BrowserWindow({})'],
    [`new electron['Browser' + 'Window']({})`],
    ['new WebContentsView()'],
    ['new BrowserView()'],
    ['new BaseWindow()'],
    ['const { BrowserWindow: B } = shell'],
  ])('a window outside the factory: %s', (source) => {
    expect(rulesOf(main, source)).toContain('S1 window outside the factory');
  });

  test.each([
    [`import { BrowserWindow as B } from 'electron';`],
    [`import * as electron from 'electron';`],
    [`import electron from 'electron';`],
    [`const e = require('electron');`],
    [`const e = await import('electron');`],
    [`const e = await import('electron/main');`],
    [`export { BrowserWindow } from 'electron';`],
    [`export * from 'electron';`],
  ])('Electron under another name: %s', (source) => {
    expect(rulesOf(main, source)).toContain('S1 Electron under another name');
  });

  test.each([
    ['S1 sandbox', `{ webPreferences: { ${preferences.replace('sandbox: true', 'sandbox: false')} } }`],
    ['S1 sandbox', `{ webPreferences: { ${preferences.replace('sandbox: true, ', '')} } }`],
    ['S1 sandbox', `{ webPreferences: { ${preferences.replace('sandbox: true', 'sandbox: !dev')} } }`],
    ['S1 contextIsolation', `{ webPreferences: { ${preferences.replace('contextIsolation: true', `'contextIsolation': on`)} } }`],
    ['S1 nodeIntegration', `{ webPreferences: { ${preferences.replace('nodeIntegration: false', 'nodeIntegration: true')} } }`],
    ['S1 webSecurity', `{ webPreferences: { ${preferences.replace('webSecurity: true', `['web' + 'Security']: false`)} } }`],
    ['S1 webviewTag', `{ webPreferences: { ${preferences.replace('webviewTag: false', 'webviewTag: true')} } }`],
    ['S1 nodeIntegrationInWorker', `{ webPreferences: { ${preferences}, nodeIntegrationInWorker: true } }`],
    ['S1 allowRunningInsecureContent', `{ webPreferences: { ${preferences}, allowRunningInsecureContent: true } }`],
    ['S1 unknown preference', `{ webPreferences: { ${preferences}, enableBlinkFeatures: 'X' } }`],
    ['S1 unknown preference', `{ webPreferences: { ${preferences}, sandbox: true } }`],
    ['S1 options that are no literal', `{ webPreferences: { ${preferences}, ...more } }`],
    ['S1 options that are no literal', `{ webPreferences: { ${preferences}, [key]: 1 } }`],
    ['S1 options that are no literal', `{ webPreferences: { ${preferences}, sandbox } }`],
    ['S1 options that are no literal', `{ webPreferences: { ${preferences} }, ...more }`],
    ['S1 options that are no literal', `{ webPreferences: chosen }`],
    ['S1 options that are no literal', `{}`],
    ['S1 options that are no literal', `options`],
  ])('%s: %s', (rule, options) => {
    expect(rulesOf(factory, made(options))).toContain(rule);
  });

  test.each([
    [`const more = { webPreferences: { sandbox: false } }`],
    [`more['webPreferences'] = {}`],
    [`Object.assign(o, { 'webPreferences': {} })`],
  ])('preferences outside the factory: %s', (source) => {
    expect(rulesOf(main, source)).toContain('S1 preferences outside the factory');
  });

  test.each([[`app.commandLine.appendSwitch('no-sandbox')`], [`app.commandLine['appendSwitch'](name)`], [`c.appendArgument('--x')`]])(
    'a switch of Chromium: %s',
    (source) => expect(rulesOf(main, source)).toContain('S1 switch'),
  );
});

describe('S2 S4 S5 where a window goes: what breaks the rule is found', () => {
  test('and what keeps it is not', () => {
    expect(rulesOf(main, `import { pageAddress } from './page-address.ts'; w.loadURL(pageAddress);`)).toEqual([]);
    expect(rulesOf(main, `w.loadURL('app://desk/index.html')`)).toEqual([]);
    expect(rulesOf(main, `shell.showItemInFolder(saved)`)).toEqual([]);
    expect(rulesOf(page, `const a = <use href={\`#i-\${name}\`} />; older.open();`)).toEqual([]);
  });

  test.each([
    ['S2 loadFile', `w.loadFile('a.html')`],
    ['S2 loadFile', `w['load' + 'File'](x)`],
    ['S2 loadURL', `w.loadURL('https://example.com')`],
    ['S2 loadURL', 'w.loadURL(`file://${p}`)'],
    ['S2 loadURL', `w.loadURL('app://other/index.html')`],
    ['S2 loadURL', `w.loadURL(address)`],
    ['S2 loadURL', `const pageAddress = argv[2]; w.loadURL(pageAddress)`],
    ['S2 loadURL', `import { other as pageAddress } from './page-address.ts'; w.loadURL(pageAddress)`],
    ['S2 loadURL', `import { pageAddress } from '../elsewhere.ts'; w.loadURL(pageAddress)`],
    ['S2 loadURL', `w.webContents['loadURL'](x)`],
    ['S2 loadURL', `const { loadURL } = w`],
    ['S2 loadURL', `w.loadURL.call(w, x)`],
    ['S2 address', `const a = 'file:///etc/passwd'`],
    ['S2 address', 'const a = `https://${host}/`'],
    ['S2 address', `const a = 'ht' + 'tps://x'`],
    ['S2 address', `const a = 'http://' + host`],
    ['S2 address', `pathToFileURL(x)`],
    ['S4 window open', `c.setWindowOpenHandler(() => ({ action: 'deny' }))`],
    ['S4 window open', `const a = { action: 'allow' }`],
    ['S4 window open', `const a = { overrideBrowserWindowOptions: {} }`],
    ['S5 openExternal', `shell.openExternal(u)`],
    ['S5 openExternal', `shell?.['openExternal']?.(u)`],
    ['S5 openExternal', `const { openExternal: open } = shell`],
    ['S5 openExternal', `shell.openPath(u)`],
    ['S5 openExternal', `const how = \`open\${'External'}\`; shell[how](u)`],
  ])('%s: %s', (rule, source) => {
    expect(rulesOf(main, source)).toContain(rule);
  });

  test.each([
    ['S4 window open', `window.open('https://example.com')`],
    ['S4 window open', `globalThis['open'](u)`],
    ['S4 link', `const a = <a href={u}>x</a>`],
    ['S2 address', `location.href = 'https://example.com'`],
    ['S5 openExternal', `core.call('openExternal', u)`],
  ])('in a page, %s: %s', (rule, source) => {
    expect(rulesOf(page, source)).toContain(rule);
  });
});

describe('S7 S8 what reaches into a window: what breaks the rule is found', () => {
  test('and what keeps it is not', () => {
    expect(rulesOf(preload, read('electron/preload/preload.ts'))).toEqual([]);
    const destructured = `import { ipcRenderer } from 'electron'; ipcRenderer.on('zuoxi:port', ({ ports }) => take([...ports]));`;
    expect(rulesOf(preload, destructured)).toEqual([]);
  });

  test.each([
    ['S8 ipcRenderer exposed', `contextBridge.exposeInMainWorld('a', { send: ipcRenderer.send })`],
    ['S8 ipcRenderer exposed', `contextBridge.exposeInMainWorld('a', { get: () => ipcRenderer })`],
    ['S8 ipcRenderer exposed', `const raw = ipcRenderer`],
    ['S8 ipcRenderer exposed', `globalThis['x'] = ipcRenderer`],
    ['S8 ipcRenderer exposed', `ipcRenderer.sendSync('zuoxi:port')`],
    ['S8 ipcRenderer exposed', `const { send } = ipcRenderer`],
    ['S8 ipcRenderer exposed', `ipcRenderer.on('zuoxi:port', (event) => give(event))`],
    ['S8 ipcRenderer exposed', `ipcRenderer.on('zuoxi:port', (event) => event.sender.send('x'))`],
    ['S8 ipcRenderer exposed', `ipcRenderer.on('zuoxi:port', ({ sender }) => sender)`],
    ['S8 ipcRenderer exposed', `ipcRenderer.on('zuoxi:port', ({ ...all }) => all)`],
    ['S8 ipcRenderer exposed', `ipcRenderer.on('zuoxi:port', listener)`],
    ['S7 unregistered channel', `ipcRenderer.send(channel)`],
    ['S7 unregistered channel', `ipcRenderer.invoke('zuoxi:other')`],
    ['S7 unregistered channel', `contextBridge.exposeInMainWorld('a', { send: (channel) => ipcRenderer.send(channel) })`],
    ['S8 exposed value', `contextBridge.exposeInMainWorld('a', { ipcRenderer })`],
    ['S8 exposed value', `contextBridge.exposeInMainWorld('a', api)`],
    ['S8 exposed value', `contextBridge.exposeInMainWorld('a', { ...api })`],
    ['S8 exposed value', `contextBridge.exposeInMainWorld('a', { process })`],
    ['S8 exposed value', `contextBridge.exposeInMainWorld('a', { platform: process.platform })`],
    ['S8 exposed value', `contextBridge['exposeInMainWorld']('a', {})`],
    ['S8 exposed value', `contextBridge.exposeInIsolatedWorld(1, 'a', {})`],
  ])('%s: %s', (rule, source) => {
    expect(rulesOf(preload, source)).toContain(rule);
  });

  test.each([
    ['S8 raw IPC', main, `ipcMain.on('zuoxi:port', f)`],
    ['S8 raw IPC', main, `electron['ipcMain'].handle('a', f)`],
    ['S8 raw IPC', page, `import { ipcRenderer } from 'electron'`],
    ['S8 raw IPC', 'core/x.ts', `contextBridge.exposeInMainWorld('a', {})`],
    ['S7 unregistered channel', 'electron/main/bridge-ports.ts', `ipcMain.handle('zuoxi:other', f)`],
    ['S7 unregistered channel', 'electron/main/bridge-ports.ts', `ipcMain.on(channel, f)`],
    ['S7 unregistered channel', 'electron/main/bridge-ports.ts', `give(ipcMain)`],
    ['S7 unregistered channel', main, `contents.send('zuoxi:other', 1)`],
    ['S7 unregistered channel', main, `contents.postMessage('zuoxi:other', 1, [port])`],
  ])('%s in %s: %s', (rule, file, source) => {
    expect(rulesOf(file, source)).toContain(rule);
  });
});

describe('S3 S9 code and markup made of text: what does it is found', () => {
  test('and what does not is not', () => {
    expect(rulesOf(page, read('renderer/guard.ts').replaceAll('createPolicy', 'x'))).toEqual([]);
    expect(rulesOf(page, `// el.innerHTML = x, eval(x)\ntype F = Function; setTimeout(() => run(), 300); older.fetch();`)).toEqual([]);
    expect(rulesOf('server/x.ts', `socket.write(text); await fetch(url); const m = await import('./commands.ts');`)).toEqual([]);
  });

  test.each([
    ['S9 eval', `eval('1')`],
    ['S9 eval', `(0, eval)('1')`],
    ['S9 eval', `globalThis['ev' + 'al'](x)`],
    ['S9 eval', `const run = eval; run(x)`],
    ['S9 eval', `new Function('1')`],
    ['S9 eval', `Function(x)()`],
    ['S9 eval', `(() => {}).constructor(x)()`],
    ['S9 eval', `[]['constructor']['constructor'](x)()`],
    ['S9 eval', `setTimeout('run()', 1)`],
    ['S9 eval', 'window.setInterval(`run(${x})`, 1)'],
    ['S9 eval', `setTimeout(x + '()', 1)`],
    ['S9 eval', `import vm from 'node:vm'`],
    ['S9 eval', `import(address)`],
    ['S9 eval', `contents.executeJavaScript(x)`],
    ['S9 eval', `const a = 'javascript:run()'`],
    ['S9 eval', `const a = <x to={'java' + 'script:run()'} />`],
    ['S9 eval', 'const a = `JavaScript:${x}`'],
    ['S9 eval', `const a = 'data:text/html,' + x`],
    ['S9 HTML', `el.innerHTML = x`],
    ['S9 HTML', `el['inner' + 'HTML'] = x`],
    ['S9 HTML', `el[\`inner\${'HTML'}\`] = x`],
    ['S9 HTML', `el[['inner', 'HTML'].join('')] = x`],
    ['S9 HTML', `const name = 'outerHTML'; el[name] = x`],
    ['S9 HTML', `Object.assign(el, { innerHTML: x })`],
    ['S9 HTML', `Reflect.set(el, 'innerHTML', x)`],
    ['S9 HTML', `const { outerHTML } = el`],
    ['S9 HTML', `el.insertAdjacentHTML('beforeend', x)`],
    ['S9 HTML', `document.write(x)`],
    ['S9 HTML', `window.document['writeln'](x)`],
    ['S9 HTML', `const a = <div dangerouslySetInnerHTML={{ __html: x }} />`],
    ['S9 HTML', `createElement('div', { dangerouslySetInnerHTML: { __html: x } })`],
    ['S9 HTML', `const a = <div {...{ ['dangerously' + 'SetInnerHTML']: y }} />`],
    ['S9 HTML', `el.setHTMLUnsafe(x)`],
    ['S9 HTML', `Document.parseHTMLUnsafe(x)`],
    ['S9 HTML', `range.createContextualFragment(x)`],
    ['S9 HTML', `new DOMParser().parseFromString(x, 'text/html')`],
    ['S9 HTML', `document.execCommand('insertHTML', false, x)`],
    ['S9 HTML', `el.setAttribute('onclick', x)`],
    ['S9 HTML', `el.setAttribute(name, x)`],
    ['S9 HTML', `el.setAttributeNS(null, 'xlink:href', x)`],
    ['S9 HTML', `const a = <use href={address} />`],
    ['S9 HTML', `const a = <button formAction="https://example.com" />`],
    ['S9 element', `const a = <iframe />`],
    ['S9 element', `const a = <webview src={x} />`],
    ['S9 element', `document.createElement('scr' + 'ipt')`],
    ['S9 element', `createElement('iframe', { src })`],
    ['S9 element', `document.createElementNS(svg, 'script')`],
    ['S9 style', `el.style.cssText = x`],
    ['S9 style', `sheet.insertRule(x)`],
    ['S9 style', `document.adoptedStyleSheets = [new CSSStyleSheet()]`],
    ['S3 policy', `trustedTypes.createPolicy('ticket-html', rules)`],
    ['S3 network in the page', `fetch(u)`],
    ['S3 network in the page', `window.fetch(u)`],
    ['S3 network in the page', `const get = fetch`],
    ['S3 network in the page', `new XMLHttpRequest()`],
    ['S3 network in the page', `new WebSocket(u)`],
    ['S3 network in the page', `navigator.sendBeacon(u)`],
  ])('%s: %s', (rule, source) => {
    expect(rulesOf(page, source)).toContain(rule);
  });

  test.each(['core/x.ts', 'server/x.ts', 'shared/x.ts', 'db/x.ts', main, preload])('in %s as well', (file) => {
    expect(rulesOf(file, `new Function('1')`)).toEqual(['S9 eval']);
    expect(rulesOf(file, `el.innerHTML = x`)).toEqual(['S9 HTML']);
  });
});

describe('S14 statements made of values are found', () => {
  test.each([
    ['core/x.ts', 'db.prepare(`SELECT ${x}`)'],
    ['server/x.ts', `db.exec('DELETE ' + x)`],
    ['server/x.ts', `db['exec']('DELETE ' + x)`],
    ['db/x.ts', 'db.pragma(`user_version = ${x}`)'],
    ['db/reads/x.ts', 'sql.raw(`${x}`)'],
    ['db/reads/x.ts', 'sql.raw((`${x}` as string))'],
  ])('in %s: %s', (file, source) => expect(rulesOf(file, source)).toContain('S14 built SQL'));
});

describe('S24 TLS: what weakens it is found', () => {
  test('and what does not is not', () => {
    expect(rulesOf('core/x.ts', `connect({ minVersion: 'TLSv1.2', rejectUnauthorized: true })`)).toEqual([]);
    expect(rulesOf('core/x.ts', `tls.DEFAULT_MIN_VERSION = 'TLSv1.3'`)).toEqual([]);
    expect(rulesOf(main, `const dropped = ['NODE_TLS_REJECT_UNAUTHORIZED']; delete env.NODE_TLS_REJECT_UNAUTHORIZED;`)).toEqual([]);
    expect(rulesOf(main, `spawn(x, { env: { ...env, NODE_TLS_REJECT_UNAUTHORIZED: undefined } })`)).toEqual([]);
  });

  test.each([
    ['core/x.ts', `fetch(u, { rejectUnauthorized: false })`],
    ['core/x.ts', `fetch(u, { 'rejectUnauthorized': strict })`],
    ['core/x.ts', `fetch(u, { ['reject' + 'Unauthorized']: false })`],
    ['core/x.ts', `const rejectUnauthorized = false; fetch(u, { rejectUnauthorized })`],
    ['core/x.ts', `options.rejectUnauthorized = false`],
    ['core/x.ts', `options['rejectUnauthorized'] = 0`],
    ['core/x.ts', `connect({ checkServerIdentity: () => undefined })`],
    ['core/x.ts', `connect({ minVersion: 'TLSv1.1' })`],
    ['core/x.ts', `connect({ minVersion: chosen })`],
    ['core/x.ts', `tls.DEFAULT_MIN_VERSION = 'TLSv1'`],
    ['core/x.ts', `connect({ maxVersion: 'TLSv1.1' })`],
    ['core/x.ts', `connect({ secureProtocol: 'TLSv1_method' })`],
    ['core/x.ts', `connect({ ciphers: 'DEFAULT:@SECLEVEL=0' })`],
    ['core/x.ts', `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'`],
    ['core/x.ts', `process.env['NODE_TLS_' + 'REJECT_UNAUTHORIZED'] = '0'`],
    [main, `spawn(x, { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })`],
    [main, `Reflect.set(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED', '0')`],
    [main, `app.on('certificate-error', f)`],
    [main, 'app.on(`certificate-${"error"}`, f)'],
    [main, `session.setCertificateVerifyProc(f)`],
    [main, `app.commandLine.appendSwitch('ignore-certificate-errors')`],
    [main, `fork(file, [], { execArgv: ['--tls-min-v1.0'] })`],
    ['scripts/x.ts', `fetch(u, { rejectUnauthorized: false })`],
    ['build/x.ts', `process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'`],
  ])('in %s: %s', (file, source) => expect(rulesOf(file, source)).toContain('S24 TLS'));
});
