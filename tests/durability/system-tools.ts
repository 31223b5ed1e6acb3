import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensureTestPackages } from '../../scripts/system-packages.ts';
import { atEnd } from './own-folder.ts';

/** Why system calls cannot be watched here, or null if they can. */
export function whyNoStrace(): string | null {
  if (process.platform !== 'linux') return 'needs Linux';
  ensureTestPackages();
  if (!existsSync('/usr/bin/strace')) return 'needs strace';
  const tried = spawnSync('/usr/bin/strace', ['-o', '/dev/null', '/bin/true']);
  return tried.status === 0 ? null : 'strace may not trace here';
}

export const isRoot = (): boolean => process.getuid?.() === 0;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

/** Runs a program to its end, which is SIGKILL after `limitMs` or with this process at the latest. */
export function runToEnd(command: string, args: readonly string[], limitMs = 60_000): Promise<Ended> {
  return new Promise((resolve) => {
    // It leads a group of its own: a killed strace would let what it traces run on.
    const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const kill = (): void => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'));
    const ended = atEnd(kill);
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString('utf8')));
    const timer = setTimeout(kill, limitMs);
    child.once('close', (code, signal) => {
      ended();
      clearTimeout(timer);
      resolve({ code, signal, errors });
    });
  });
}
