import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const projectRoot = path.resolve(import.meta.dirname, '..');
const parentDeathSignal = '/usr/bin/setpriv';

export interface OwnProcess {
  readonly child: ChildProcess;
  /** Its exit code; null if a signal ended it or it could not be started. */
  readonly ended: Promise<number | null>;
  /** Asks it to end, and insists after the deadline. */
  stop(deadlineMs: number): Promise<void>;
}

/** In a process group of its own, so that Ctrl+C reaches only the script that started it, which then ends things in order. */
export function startProcess(
  command: string,
  args: string[],
  stdio: ('ignore' | 'inherit' | 'pipe' | number)[],
  env: NodeJS.ProcessEnv,
): OwnProcess {
  const detached = process.platform !== 'win32';
  // Should the starting script be killed, the kernel ends what it started.
  const tied = process.platform === 'linux' && existsSync(parentDeathSignal);
  const options = { stdio, env, detached, cwd: projectRoot };
  const child = tied ? spawn(parentDeathSignal, ['--pdeathsig', 'TERM', command, ...args], options) : spawn(command, args, options);
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  return {
    child,
    ended,
    async stop(deadlineMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
      await ended;
      clearTimeout(deadline);
    },
  };
}
