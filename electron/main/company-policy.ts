import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** What a company's administrators set for all its desks, in a file that only they can write. */
const policy = z.object({
  /** Address of the server; the agent need not type it. */
  server: z.string().min(1).max(300).optional(),
});
export type CompanyPolicy = z.infer<typeof policy>;

/** Where it lies. Never below a folder of the user: whoever could write it could send the password elsewhere. */
export function policyFile(platform: string, env: Readonly<Record<string, string | undefined>>): string {
  if (platform === 'win32') return path.win32.join(env['PROGRAMDATA'] ?? 'C:\\ProgramData', 'Zuoxi', 'policy.json');
  if (platform === 'darwin') return '/Library/Application Support/Zuoxi/policy.json';
  return '/etc/zuoxi/policy.json';
}

/** @param onFault told of a file that is there and cannot be used; the app starts without it. */
export function readPolicy(file: string, onFault: () => void): CompanyPolicy {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return policy.parse(JSON.parse(text));
  } catch {
    onFault();
    return {};
  }
}
