import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority, selfSigned } from '../../tests/support/core/certificates.ts';
import { type AdminOwned, adminOwned, isAdmins } from './admin-owned.ts';
import { noPolicy, PolicyError, policyFaults, policyFile, readPolicy } from './company-policy.ts';
import { coreEnvironment } from './core-environment.ts';
import { policyRefusal } from './policy-refusal.ts';
import { isAdminsAlone } from './windows-acl.ts';

const anybody: AdminOwned = () => true;
const me = process.getuid?.() ?? null;

let folder: string;
let file: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'zuoxi-policy-')));
  file = path.join(folder, 'policy.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string, isAdminsOwn: AdminOwned = anybody) => {
  writeFileSync(file, text);
  return readPolicy(file, isAdminsOwn);
};
const faultOf = (run: () => unknown): PolicyError => {
  try {
    run();
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('It was taken.');
};

describe('R24 the company policy', () => {
  test('names server, authorities, proxy and what is reached without it', () => {
    const { ca } = createAuthority('Company Root');
    writeFileSync(path.join(folder, 'ca.pem'), `Company Root\n${ca}`);
    const text = {
      server: 'https://desk.example.com',
      ca: 'ca.pem',
      proxy: 'http://u:p@proxy.example.com:8080',
      noProxy: ['.example.com'],
    };
    const policy = read(`\uFEFF${JSON.stringify(text)}`);
    expect(policy).toEqual({ ...text, updates: null, ca: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/) });
    expect(policy.ca?.match(/BEGIN/g)).toHaveLength(1);
    expect(read(JSON.stringify({ ca: path.join(folder, 'ca.pem') })).ca).toBe(policy.ca);
    expect(read('{}')).toEqual(noPolicy);
    expect(read('{"updates":"https://updates.example.com/desk/"}').updates).toBe('https://updates.example.com/desk/');
    expect(faultOf(() => read('{"updates":"http://updates.example.com/"}'))).toMatchObject({ fault: 'wrong-value', keys: ['updates'] });
  });

  test('a missing file is no fault, an unreadable one is', () => {
    expect(readPolicy(file, anybody)).toEqual(noPolicy);
    mkdirSync(file);
    expect(faultOf(() => readPolicy(file, anybody)).fault).toBe('unreadable');
    expect(faultOf(() => readPolicy(path.join(process.execPath, 'policy.json'), anybody)).fault).toBe('unreadable');
  });

  test.each(['', '{', 'server: x', '\u0000'])('%j is no JSON', (text) => expect(faultOf(() => read(text)).fault).toBe('not-json'));

  test.each<[string, string[]]>([
    ['[]', []],
    ['null', []],
    ['{"server":5}', ['server']],
    ['{"server":""}', ['server']],
    ['{"proxxy":"http://proxy:8080"}', ['proxxy']],
    ['{"proxy":"proxy:8080"}', ['proxy']],
    ['{"proxy":"https://proxy:8080"}', ['proxy']],
    ['{"proxy":"socks5://u:secret@proxy:1080"}', ['proxy']],
    ['{"proxy":"http://proxy:8080/path"}', ['proxy']],
    ['{"noProxy":"localhost"}', ['noProxy']],
    ['{"noProxy":["a,b"]}', ['noProxy.0']],
  ])('%s is refused, and only the name of the key is told', (text, keys) => {
    const error = faultOf(() => read(text));
    expect([error.fault, error.keys, error.file]).toEqual(['wrong-value', keys, file]);
    expect(JSON.stringify([error, error.message, policyRefusal(error)])).not.toContain('secret');
  });

  test('authorities that are missing, no certificates, or not of authorities are refused', () => {
    const put = (text: string) => {
      writeFileSync(path.join(folder, 'ca.pem'), text);
      return faultOf(() => read('{"ca":"ca.pem"}')).fault;
    };
    const { ca, sign } = createAuthority('Company Root');
    expect(faultOf(() => read('{"ca":"none.pem"}')).fault).toBe('ca-unreadable');
    expect(put('')).toBe('ca-not-pem');
    expect(put('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toBe('ca-not-pem');
    expect(put(selfSigned('desk.example.com').cert)).toBe('ca-not-pem');
    expect(put(ca + sign({ host: 'desk.example.com' }).cert)).toBe('ca-not-pem');
  });

  test('what others than administrators can write is refused: the policy, and the file that it names', () => {
    const owned = (refused: string) => (each: string) => path.basename(each) !== refused;
    expect(faultOf(() => read('{}', owned('policy.json'))).fault).toBe('not-admins');
    writeFileSync(path.join(folder, 'ca.pem'), createAuthority('Company Root').ca);
    expect(faultOf(() => read('{"ca":"ca.pem"}', owned('ca.pem'))).fault).toBe('ca-not-admins');
    const throwing = (): boolean => {
      throw new Error('nobody knows');
    };
    expect(faultOf(() => read('{}', throwing)).fault).toBe('unreadable');
  });

  test.each(['win32', 'darwin', 'linux'])('on %s it lies where only an administrator writes, whatever the variables say', (platform) => {
    process.env['PROGRAMDATA'] = 'D:\\Mine';
    process.env['XDG_CONFIG_HOME'] = '/home/x/.config';
    expect(policyFile(platform)).toMatch(/^(C:\\ProgramData\\Zuoxi|\/Library\/Application Support\/Zuoxi|\/etc\/zuoxi)[\\/]policy\.json$/);
  });

  test.each(policyFaults)('%s is told in Chinese and English, with the file and whom to ask', (fault) => {
    const { detail, title } = policyRefusal(new PolicyError(fault, '/etc/zuoxi/policy.json', ['proxxy']));
    expect(title).toMatch(/没有启动 \/ .*does not start/);
    expect(detail).toMatch(/^\/etc\/zuoxi\/policy\.json\n[\s\S]*proxxy[\s\S]*IT 管理员[\s\S]*IT department/);
  });
});

describe('R24 who can write a file', () => {
  const posix = process.platform !== 'win32';
  const check = (at: string): boolean => {
    const opened = openSync(at, 'r');
    try {
      return adminOwned(process.platform, me)(at, opened);
    } finally {
      closeSync(opened);
    }
  };

  test.runIf(posix)('real files: only the owner who is trusted, all the way up (not on Windows: it has no modes)', () => {
    const inner = path.join(folder, 'inner');
    const own = path.join(inner, 'policy.json');
    mkdirSync(inner, { mode: 0o755 });
    writeFileSync(own, '{}');
    chmodSync(own, 0o644);
    chmodSync(inner, 0o755);
    expect(check(own)).toBe(true);
    chmodSync(own, 0o646);
    expect(check(own)).toBe(false);
    chmodSync(own, 0o644);
    chmodSync(inner, 0o777);
    expect(check(own)).toBe(false);
    // As /tmp: others may add, and cannot take away.
    chmodSync(inner, 0o1777);
    expect(check(own)).toBe(true);
    chmodSync(inner, 0o755);
    // A link leads to a file that anybody can write.
    const open = path.join(folder, 'open.json');
    writeFileSync(open, '{}');
    chmodSync(open, 0o666);
    symlinkSync(open, path.join(inner, 'link.json'));
    expect(check(path.join(inner, 'link.json'))).toBe(false);
    // Another file was opened than the one that lies there now.
    const opened = openSync(open, 'r');
    expect(adminOwned(process.platform, me)(own, opened)).toBe(false);
    closeSync(opened);
  });

  test.runIf(posix && me === 0)('root trusts nobody’s file (only as root: nobody else can give files away)', () => {
    writeFileSync(file, '{}');
    chmodSync(folder, 0o755);
    expect(check(file)).toBe(true);
    execFileSync('chown', ['nobody', file]);
    expect(check(file)).toBe(false);
    execFileSync('chown', ['root', file]);
    execFileSync('chown', ['nobody', folder]);
    expect(check(file)).toBe(false);
  });

  test.each<[string, number, number, number, boolean]>([
    ['linux', 0, 0, 0o100644, true],
    ['linux', 0, 0, 0o100664, true],
    ['linux', 0, 100, 0o100664, false],
    ['linux', 0, 100, 0o100644, true],
    ['linux', 0, 0, 0o100646, false],
    ['linux', 1000, 0, 0o100600, false],
    ['darwin', 0, 80, 0o040775, true],
    ['darwin', 0, 20, 0o040775, false],
    ['linux', 0, 80, 0o040775, false],
    ['darwin', 501, 80, 0o100644, false],
  ])('%s, owner %i, group %i, mode %o', (platform, uid, gid, mode, expected) => {
    expect(isAdmins(platform, { uid, gid, mode })).toBe(expected);
  });

  const system = '(A;ID;FA;;;SY)(A;ID;FA;;;BA)';
  const user = 'S-1-5-21-1111111111-2222222222-3333333333-1001';
  const folderOfAdmins = 'O:BAD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)';
  test.each<[string, string[], boolean]>([
    ['as an administrator makes them below ProgramData', [`O:BAD:AI${system}(A;ID;0x1200a9;;;BU)`, folderOfAdmins], true],
    ['by a policy of the domain', [`O:SYG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;DA)(A;;FR;;;AU)`, folderOfAdmins], true],
    ['with a denial', [`O:BAD:(D;;FA;;;BG)${system}(A;;FR;;;WD)`, folderOfAdmins], true],
    ['owned by a user', [`O:${user}D:AI${system}(A;ID;0x1200a9;;;BU)`, folderOfAdmins], false],
    ['made by a user below ProgramData', [`O:${user}D:AI${system}(A;ID;FA;;;${user})(A;ID;0x1200a9;;;BU)`, folderOfAdmins], false],
    ['writable by users', [`O:BAD:AI${system}(A;;0x1301bf;;;BU)`, folderOfAdmins], false],
    ['writable by users, in letters', [`O:BAD:AI${system}(A;;FRFW;;;BU)`, folderOfAdmins], false],
    ['with all rights for everybody', [`O:BAD:AI${system}(A;;GA;;;WD)`, folderOfAdmins], false],
    ['whose rights a user may change', [`O:BAD:AI${system}(A;;FRWD;;;${user})`, folderOfAdmins], false],
    ['that users may remove', [`O:BAD:AI${system}(A;;FRSD;;;BU)`, folderOfAdmins], false],
    ['in a folder of a user', [`O:BAD:AI${system}`, `O:${user}D:AI(A;;FA;;;SY)`], false],
    ['in a folder from which users may remove', [`O:BAD:AI${system}`, `O:BAD:AI(A;;FA;;;BA)(A;;0x1201ff;;;BU)`], false],
    ['with an entry of another kind', [`O:BAD:AI${system}(XA;;FR;;;BU;(x))`, folderOfAdmins], false],
    ['with no list at all, which gives all to everybody', ['O:BA', folderOfAdmins], false],
    ['with letters that nobody knows', [`O:BAD:AI${system}(A;;ZZ;;;BU)`, folderOfAdmins], false],
    ['of which nothing is known', [], false],
  ])('Windows: %s', (_, descriptors, expected) => expect(isAdminsAlone(descriptors)).toBe(expected));
});

test.each([
  ['NODE_EXTRA_CA_CERTS', '/home/x/ca.pem'],
  ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
  ['NODE_OPTIONS', '--tls-keylog=/home/x/keys'],
  ['NODE_DEBUG', 'http,tls'],
  ['NODE_USE_ENV_PROXY', '1'],
  ['NODE_USE_SYSTEM_CA', '1'],
  ['NODE_PATH', '/home/x/modules'],
  ['SSLKEYLOGFILE', '/home/x/keys'],
  ['SSL_CERT_FILE', '/home/x/ca.pem'],
  ['SSL_CERT_DIR', '/home/x'],
  ['OPENSSL_CONF', '/home/x/openssl.cnf'],
  ['OPENSSL_MODULES', '/home/x'],
  ['ELECTRON_RUN_AS_NODE', '1'],
  ['HTTP_PROXY', 'http://127.0.0.1:1'],
  ['https_proxy', 'http://127.0.0.1:1'],
  ['ALL_PROXY', 'http://127.0.0.1:1'],
  ['no_proxy', '*'],
  // Windows knows no case in names.
  ['Node_Options', '--inspect'],
])('R24 S24 %s of whoever starts the app does not reach the core', (name, value) => {
  const kept = { PATH: '/usr/bin', HOME: '/home/x', LANG: 'zh_CN.UTF-8', TZ: 'Asia/Shanghai', APPDATA: 'C:\\Users\\x', nodeName: 'x' };
  expect(coreEnvironment({ ...kept, [name]: value, GONE: undefined })).toEqual(kept);
});
