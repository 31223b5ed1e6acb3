import { generateKeyPairSync, sign } from 'node:crypto';
import { dump, load } from 'js-yaml';
import { expect, test } from 'vitest';
import { decideUpdate, type UpdateFacts } from './decide-update.ts';
import { signedText } from '../../../shared/protocol/update-manifest.ts';

const pair = generateKeyPairSync('ed25519');
const spki = (key: typeof pair.publicKey): string => key.export({ format: 'der', type: 'spki' }).toString('base64');
const facts: UpdateFacts = { current: '1.2.3', keys: [spki(pair.publicKey)], accountId: 'lin', tooOld: false };

const content = {
  version: '1.3.0',
  files: [{ url: 'zuoxi-1.3.0-linux-x64.AppImage', sha512: `${'Ab1/'.repeat(21)}Ag==`, size: 159_000_000, blockMapSize: 166_556 }],
  path: 'zuoxi-1.3.0-linux-x64.AppImage',
  sha512: `${'Ab1/'.repeat(21)}Ag==`,
  releaseDate: '2026-11-23T02:21:27.536Z',
};
const signed = (manifest: Readonly<Record<string, unknown>>, key = pair.privateKey): Record<string, unknown> => ({
  ...manifest,
  signature: sign(null, Buffer.from(signedText(manifest)), key).toString('base64'),
});

test('S25 R26 what we signed and is newer is taken, in whichever order its lines stand', () => {
  expect(decideUpdate(signed(content), facts).kind).toBe('take');
  const turned = Object.fromEntries(Object.entries(signed(content)).toReversed());
  expect(decideUpdate(turned, facts).kind).toBe('take');
});

test('S25 R26 not one character of a manifest may be another: each region of its file is changed, and all are refused', () => {
  const text = dump(signed({ ...content, stagingPercentage: 100, deadline: '2026-12-01T00:00:00Z' }));
  expect(decideUpdate(load(text), facts).kind).toBe('take');
  let tried = 0;
  for (let at = 0; at < text.length; at += 1) {
    for (const other of ['x', '9']) {
      if (text[at] === other || text[at] === '\n') continue;
      let changed: unknown;
      try {
        changed = load(text.slice(0, at) + other + text.slice(at + 1));
      } catch {
        continue;
      }
      // Some characters mean nothing to YAML: a space more before a value.
      if (JSON.stringify(changed) === JSON.stringify(load(text))) continue;
      tried += 1;
      expect(decideUpdate(changed, facts).kind, `character ${at}`).toBe('refused');
    }
  }
  expect(tried).toBeGreaterThan(900);
});

test('S25 another key, no key, and a key of another kind sign nothing', () => {
  const other = generateKeyPairSync('ed25519');
  const notSigned = { kind: 'refused', why: 'not-signed' };
  expect(decideUpdate(signed(content, other.privateKey), facts)).toEqual(notSigned);
  expect(decideUpdate(signed(content), { ...facts, keys: [] })).toEqual(notSigned);
  expect(decideUpdate(signed(content), { ...facts, keys: ['', 'nonsense', spki(other.publicKey)] })).toEqual(notSigned);
  expect(decideUpdate(signed(content), { ...facts, keys: [spki(other.publicKey), spki(pair.publicKey)] }).kind).toBe('take');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(decideUpdate(signed(content), { ...facts, keys: [spki(rsa.publicKey)] })).toEqual(notSigned);
});

test('S25 nothing leads back: an older version is refused though we signed it, the same is nothing', () => {
  for (const version of ['1.2.2', '0.9.0', '1.2.3-beta.1']) {
    expect(decideUpdate(signed({ ...content, version }), facts)).toEqual({ kind: 'refused', why: 'older' });
  }
  expect(decideUpdate(signed({ ...content, version: '1.2.3' }), facts)).toEqual({ kind: 'nothing' });
  expect(decideUpdate(signed({ ...content, version: '1.10.0' }), facts).kind).toBe('take');
});

test('S25 what the updater might act on and we do not know is refused, and files lie beside their manifest', () => {
  const malformed = { kind: 'refused', why: 'malformed' };
  expect(
    decideUpdate(signed({ ...content, packages: { x64: { path: 'https://evil.example/a.7z', sha512: content.sha512 } } }), facts),
  ).toEqual(malformed);
  for (const url of ['https://evil.example/a.AppImage', '../a.AppImage', 'a/b.AppImage', '%2e%2e/a', ''])
    expect(decideUpdate(signed({ ...content, files: [{ ...content.files[0], url }] }), facts)).toEqual(malformed);
  for (const answer of [null, undefined, 'version: 9.9.9', 7, [], {}, content]) expect(decideUpdate(answer, facts).kind).toBe('refused');
});

test('D07 a staged version comes to the share of accounts that was said, the same ones each time, others with the next version', () => {
  const taking = (manifest: Record<string, unknown>): string[] =>
    Array.from({ length: 2000 }, (_, i) => `account-${i}`).filter(
      (accountId) => decideUpdate(manifest, { ...facts, accountId }).kind === 'take',
    );
  const staged = signed({ ...content, stagingPercentage: 10 });
  const first = taking(staged);
  expect(first.length).toBeGreaterThan(150);
  expect(first.length).toBeLessThan(250);
  expect(taking(staged)).toEqual(first);
  // Who had it with ten of a hundred has it with thirty.
  const more = taking(signed({ ...content, stagingPercentage: 30 }));
  expect(first.every((accountId) => more.includes(accountId))).toBe(true);
  const next = taking(signed({ ...content, version: '1.4.0', stagingPercentage: 10 }));
  expect(next.filter((accountId) => first.includes(accountId)).length).toBeLessThan(60);
  expect(decideUpdate(staged, { ...facts, accountId: null }).kind).toBe('nothing');
  expect(decideUpdate(signed({ ...content, stagingPercentage: 0 }), facts).kind).toBe('nothing');
  // Whom the server turns away waits for no turn.
  expect(decideUpdate(signed({ ...content, stagingPercentage: 0 }), { ...facts, tooOld: true }).kind).toBe('take');
});
