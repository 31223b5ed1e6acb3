import { expect, test } from 'vitest';
import { buildFacts, developerSetting } from './build-facts.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { chooseCoreRuntime, coreFile, type RuntimeFacts } from './core-runtime.ts';
import { mayNavigate, windowOpenAnswer } from './navigation-policy.ts';
import { pageFile } from './page-files.ts';
import { mayUse } from './permission-policy.ts';
import { chooseSecretStore, type SecretFacts } from './secret-policy.ts';

test('S3 the policy of the page, word for word', () => {
  expect(contentSecurityPolicy('AbC+/1')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-AbC+/1'; img-src 'self' data: blob:; font-src 'self'; connect-src 'none'; worker-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types ticket-html default",
  );
});

const schemes = [
  'http:',
  'https:',
  'file:',
  'ftp:',
  'ws:',
  'wss:',
  'data:',
  'blob:',
  'javascript:',
  'about:',
  'chrome:',
  'devtools:',
  'view-source:',
  'mailto:',
  'tel:',
  'filesystem:',
  'apps:',
  'ap:',
  'zuoxi:',
  'intent:',
];
const afterScheme = [
  '//desk/',
  '//desk/index.html',
  '//desk@evil.example/',
  '//evil.example/app://desk/',
  'desk/index.html',
  '//',
  '',
  '//desk/#/tickets',
  '//desk:80/',
];
const lookalikes = [
  'app://desk.evil.example/',
  'app://desk:8080/',
  'app://desk@evil.example/',
  'app://evil@desk/',
  'app://user:pass@desk/',
  'app://other/',
  'app://',
  'app:///desk/',
  'app:desk/',
  'app:/desk',
  'app://desk%2eevil.example/',
  'app://deskk/',
  'app://des/',
  ' app://evil/',
  'blob:app://desk/1',
  'view-source:app://desk/',
  '//desk/',
  'desk',
  '',
  'null',
];

test('S4 nothing but our own page may be gone to', () => {
  const refused = [...schemes.flatMap((scheme) => afterScheme.map((rest) => scheme + rest)), ...lookalikes];
  expect(refused.length).toBeGreaterThanOrEqual(200);
  expect(refused.filter(mayNavigate)).toEqual([]);
  for (const own of ['app://desk/', 'app://desk/index.html', 'app://desk/index.html#/tickets/1', 'app://desk/assets/a.js?x=1']) {
    expect(mayNavigate(own)).toBe(true);
  }
  expect(windowOpenAnswer).toEqual({ action: 'deny' });
});

test('S6 our page may notify, and nothing else is granted to anybody', () => {
  const permissions = [
    'media',
    'geolocation',
    'midi',
    'midiSysex',
    'pointerLock',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'clipboard-sanitized-write',
    'display-capture',
    'mediaKeySystem',
    'idle-detection',
    'hid',
    'serial',
    'usb',
    'window-management',
    'unknown',
    '',
  ];
  expect(permissions.filter((each) => mayUse(each, 'app://desk/'))).toEqual([]);
  expect(mayUse('notifications', 'app://desk/index.html')).toBe(true);
  for (const stranger of ['https://example.com/', 'app://other/', '', 'null']) expect(mayUse('notifications', stranger)).toBe(false);
});

test('S2 an address stands for a file of the page, or for nothing', () => {
  const folder = '/opt/zuoxi/renderer';
  expect(pageFile(folder, 'app://desk/')).toEqual({ file: `${folder}/index.html`, mimeType: 'text/html; charset=utf-8' });
  expect(pageFile(folder, 'app://desk/assets/a-1.js?x#y')?.file).toBe(`${folder}/assets/a-1.js`);
  expect(pageFile(folder, 'app://desk/a/../b.css')?.file).toBe(`${folder}/b.css`);
  const refused = [
    'app://desk/..%2fmain.cjs',
    'app://desk/..%2frenderer-other/a.js',
    'app://desk/%2e%2e%2f%2e%2e%2fetc/passwd.js',
    'app://desk/..%5cmain.js',
    'app://desk/a%00.js',
    'app://desk/C:/x.js',
    'app://desk/%ff.js',
    'app://desk/assets/',
    'app://desk/main.cjs',
    'app://desk/a.exe',
    'app://other/index.html',
    'file:///etc/passwd',
    'https://example.com/index.html',
  ];
  expect(refused.filter((each) => pageFile(folder, each) !== null)).toEqual([]);
});

test('S12 S13 secrets lie in a strong key store; without one a release forgets them, and only others use a file', () => {
  const choose = (over: Partial<SecretFacts>): string =>
    chooseSecretStore({ platform: 'linux', packaged: true, testBuild: false, backend: 'gnome_libsecret', available: true, ...over });
  expect(choose({})).toBe('os');
  expect(choose({ backend: 'kwallet6' })).toBe('os');
  expect(choose({ platform: 'win32', backend: '' })).toBe('os');
  expect(choose({ platform: 'darwin', backend: '' })).toBe('os');
  for (const backend of ['basic_text', 'unknown', '']) {
    expect(choose({ backend })).toBe('memory');
    expect(choose({ backend, packaged: false })).toBe('file');
    expect(choose({ backend, testBuild: true })).toBe('file');
  }
  for (const platform of ['win32', 'darwin', 'linux']) {
    expect(choose({ platform, available: false })).toBe('memory');
    expect(choose({ platform, available: false, packaged: false })).toBe('file');
  }
});

test('what is published looks at no variable of a developer, and only its version makes it a test build', () => {
  const env = { ZUOXI_SERVER: 'http://127.0.0.1:1', ZUOXI_NODE: '' };
  expect(developerSetting(buildFacts(false, '0.1.0'), env, 'ZUOXI_SERVER')).toBe('http://127.0.0.1:1');
  expect(developerSetting(buildFacts(false, '0.1.0'), env, 'ZUOXI_NODE')).toBeUndefined();
  expect(developerSetting(buildFacts(true, '0.1.0-test'), env, 'ZUOXI_SERVER')).toBe('http://127.0.0.1:1');
  expect(developerSetting(buildFacts(true, '0.1.0'), env, 'ZUOXI_SERVER')).toBeUndefined();
  expect(buildFacts(true, '0.1.0-test')).toEqual({ packaged: true, testBuild: true });
  expect(buildFacts(true, '0.1.0')).toEqual({ packaged: true, testBuild: false });
  expect(buildFacts(false, '0.1.0-test').testBuild).toBe(false);
});

test('the core runs inside Electron wherever that can load SQLite, and in a release always', () => {
  const facts: RuntimeFacts = { napi: 9, packaged: false, testBuild: false, node: '/n/node', resources: '/r', platform: 'linux' };
  expect(chooseCoreRuntime(facts)).toEqual({ kind: 'node', executable: '/n/node' });
  expect(chooseCoreRuntime({ ...facts, napi: 10 })).toEqual({ kind: 'utility' });
  expect(chooseCoreRuntime({ ...facts, node: undefined })).toEqual({ kind: 'utility' });
  expect(chooseCoreRuntime({ ...facts, packaged: true })).toEqual({ kind: 'utility' });
  expect(chooseCoreRuntime({ ...facts, packaged: true, testBuild: true })).toEqual({ kind: 'node', executable: '/r/node/bin/node' });
  expect(coreFile('/opt/z/app.asar/out/app', { kind: 'utility' })).toBe('/opt/z/app.asar.unpacked/out/app/core-utility.cjs');
  expect(coreFile('/home/app.asarx/out/app', { kind: 'node', executable: 'n' })).toBe('/home/app.asarx/out/app/core-node.cjs');
});
