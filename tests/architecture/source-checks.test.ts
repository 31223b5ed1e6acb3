import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkProject, checkSource, productionFiles } from './source-checks.ts';

const root = join(import.meta.dirname, '../..');

describe('security rules that can be read off the source', () => {
  test('the project keeps them, and was read', () => {
    const { findings, files } = checkProject(root);
    expect(findings).toEqual([]);
    expect(files).toBeGreaterThan(120);
  });

  test('there is one window factory and it makes a window', () => {
    const makers = productionFiles(root).filter((f) => /new BrowserWindow\(/.test(readFileSync(join(root, f), 'utf8')));
    expect(makers).toEqual(['electron/main/window-factory.ts']);
  });

  test.each([
    ['S1 window outside the factory', 'electron/main/x.ts', `new BrowserWindow({})`],
    [
      'S1 sandbox',
      'electron/main/window-factory.ts',
      `new BrowserWindow({ webPreferences: { sandbox: false, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false } })`,
    ],
    [
      'S1 contextIsolation',
      'electron/main/window-factory.ts',
      `new BrowserWindow({ webPreferences: { sandbox: true, contextIsolation: on, nodeIntegration: false, webSecurity: true, webviewTag: false } })`,
    ],
    ['S2 loadFile', 'electron/main/x.ts', `w.loadFile('a.html')`],
    ['S2 loadURL', 'electron/main/x.ts', `w.loadURL('https://example.com')`],
    ['S2 loadURL', 'electron/main/x.ts', 'w.loadURL(`file://${p}`)'],
    ['S5 openExternal', 'electron/main/x.ts', `shell.openExternal(u)`],
    ['S8 ipcRenderer exposed', 'electron/preload/x.ts', `contextBridge.exposeInMainWorld('a', { ipcRenderer })`],
    ['S8 raw IPC', 'electron/main/x.ts', `ipcMain.on('a', f)`],
    ['S9 eval', 'renderer/x.ts', `eval('1')`],
    ['S9 eval', 'renderer/x.ts', `new Function('1')`],
    ['S9 HTML', 'renderer/x.tsx', `const a = <div dangerouslySetInnerHTML={{ __html: x }} />`],
    ['S9 HTML', 'renderer/x.ts', `el.innerHTML = x`],
    ['S14 built SQL', 'core/x.ts', 'db.prepare(`SELECT ${x}`)'],
    ['S14 built SQL', 'server/x.ts', `db.exec('DELETE ' + x)`],
    ['S14 built SQL', 'db/reads/x.ts', 'sql.raw(`${x}`)'],
    ['S24 TLS', 'core/x.ts', `fetch(u, { rejectUnauthorized: false })`],
    ['S24 TLS', 'electron/main/x.ts', `app.on('certificate-error', f)`],
  ])('%s is found in %s', (rule, file, source) => {
    expect(checkSource(file, source).map((f) => f.rule)).toContain(rule);
  });
});
