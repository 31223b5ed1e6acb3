import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** Made up for tests and examples, and good for nothing. */
const madeUp = ['://me:secret@desk.example.com', ':hunter2@', '://user:pass@host/'];

/** Longer files, and such as hold a NUL, are no sources. */
const LONGEST = 5_000_000;

/** What looks like a key, a token or a password in a text, by line; never the thing itself. */
export async function secretsIn(file: string, content: string): Promise<string[]> {
  const { messages } = await lintSource({
    source: { filePath: file, content, ext: path.extname(file), contentType: 'text' },
    options: {
      maskSecrets: false,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
  return messages
    .filter(({ range }) => !madeUp.some((each) => content.slice(Math.max(0, range[0] - 1), range[1] + 1).includes(each)))
    .map(({ loc, messageId }) => `${file}:${loc.start.line}: ${messageId}`);
}

const made = new Set(['node_modules', 'out', '.runtime', 'coverage', '.git']);

/** Files of the repository, also new ones that git would take; without a repository all that is not made. */
export function sourceFiles(root: string): string[] {
  if (!existsSync(path.join(root, '.git')))
    return globSync(['**/*', '**/.*', '**/.*/**/*'], { cwd: root, withFileTypes: true, exclude: ({ name }) => made.has(name) })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return [...new Set(listed.split('\0').filter((each) => each !== ''))];
}

export async function secretFindings(root: string, files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    const bytes = await readFile(path.join(root, file)).catch(() => null);
    if (bytes === null || bytes.length > LONGEST || bytes.includes(0)) continue;
    found.push(...(await secretsIn(file, bytes.toString('utf8'))));
  }
  return found;
}
