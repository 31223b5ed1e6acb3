import '../require-modern-node.ts';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dump, load } from 'js-yaml';
import { signedText, updateManifest } from '../../shared/protocol/update-manifest.ts';
import { projectRoot } from '../own-process.ts';

const testKeyFile = path.join(projectRoot, 'out', 'test-update-key.pem');

/** base64 of SPKI. @throws Error if that is no Ed25519 key as PEM */
export function publicKeyOf(pem: string): string {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('Updates are signed with an Ed25519 key.');
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

/** The key of test builds on this computer; made when it is first wanted. */
export async function testKey(): Promise<string> {
  const known = await readFile(testKeyFile, 'utf8').catch(() => null);
  if (known !== null) return known;
  const made = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  await mkdir(path.dirname(testKeyFile), { recursive: true });
  await writeFile(testKeyFile, made, { mode: 0o600 });
  return made;
}

export interface Rollout {
  /** 0–100 of a hundred accounts. */
  readonly stagingPercentage?: number;
  /** ISO 8601; from then on the app restarts into it by itself. */
  readonly deadline?: string;
}

/** Signs each manifest of a folder anew, with what is said of its rollout. @returns the names of those it signed */
export async function signManifests(folder: string, pem: string, rollout: Rollout = {}): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^latest.*\.yml$/.test(name));
  for (const name of names) {
    const file = path.join(folder, name);
    const { signature: _, ...known } = load(await readFile(file, 'utf8')) as Record<string, unknown>;
    const manifest = { ...known, ...rollout };
    const signature = sign(null, Buffer.from(signedText(manifest)), createPrivateKey(pem)).toString('base64');
    // What the app would refuse must not leave this house.
    const whole = updateManifest.parse({ ...manifest, signature });
    await writeFile(file, dump(whole, { lineWidth: -1, forceQuotes: true }));
  }
  return names;
}

if (import.meta.main) {
  const usage = 'npm run sign-updates -- FOLDER [--percent 10] [--deadline 2026-12-24T18:00:00Z]   (ZUOXI_UPDATE_KEY: PEM of the key)';
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { percent: { type: 'string' }, deadline: { type: 'string' } },
  });
  const [folder] = positionals;
  const key = process.env['ZUOXI_UPDATE_KEY'];
  if (folder === undefined || !key) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
  } else {
    const names = await signManifests(path.resolve(folder), key, {
      ...(values.percent !== undefined && { stagingPercentage: Number(values.percent) }),
      ...(values.deadline !== undefined && { deadline: values.deadline }),
    });
    process.stdout.write(names.length === 0 ? 'There is no manifest (latest*.yml).\n' : `Signed: ${names.join(', ')}\n`);
    if (names.length === 0) process.exitCode = 1;
  }
}
