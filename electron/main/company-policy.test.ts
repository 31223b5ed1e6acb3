import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { policyFile, readPolicy } from './company-policy.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuoxi-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string | null): { policy: object; faults: number } => {
  const file = path.join(folder, 'policy.json');
  if (text !== null) writeFileSync(file, text);
  const onFault = vi.fn<() => void>();
  return { policy: readPolicy(file, onFault), faults: onFault.mock.calls.length };
};

describe('the company policy', () => {
  test('names the server', () => {
    expect(read('{"server":"https://desk.example.com"}')).toEqual({ policy: { server: 'https://desk.example.com' }, faults: 0 });
  });

  test('a missing file is no fault', () => {
    expect(read(null)).toEqual({ policy: {}, faults: 0 });
  });

  test.each(['', '{', '[]', '{"server":5}', '{"server":""}'])('%j is told of and left aside', (text) => {
    expect(read(text)).toEqual({ policy: {}, faults: 1 });
  });

  test.each([
    ['win32', { PROGRAMDATA: 'D:\\Data' }, 'D:\\Data\\Zuoxi\\policy.json'],
    ['win32', {}, 'C:\\ProgramData\\Zuoxi\\policy.json'],
    ['darwin', { HOME: '/Users/x' }, '/Library/Application Support/Zuoxi/policy.json'],
    ['linux', { HOME: '/home/x', XDG_CONFIG_HOME: '/home/x/.config' }, '/etc/zuoxi/policy.json'],
  ])('on %s it lies where only an administrator writes', (platform, env, file) => {
    expect(policyFile(platform, env)).toBe(file);
  });
});
