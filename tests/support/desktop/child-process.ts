import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export type OwnedProcess = {
  child: ChildProcess;
  /** The first line that the process writes to file descriptor 3. */
  firstLine: Promise<string>;
  stop: () => Promise<void>;
};

const parentDeathSignal = '/usr/bin/setpriv';
const stopDeadlineMs = 5_000;
const startDeadlineMs = 15_000;

/** Starts a background program that reports on file descriptor 3 and does not outlive this process. */
export function startOwnedProcess(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): OwnedProcess {
  // A test run that is killed cannot stop its children, so the kernel is asked to.
  const tied = process.platform === 'linux' && existsSync(parentDeathSignal);
  const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', 'pipe'];
  const child = tied
    ? spawn(parentDeathSignal, ['--pdeathsig', 'TERM', command, ...args], { stdio, env })
    : spawn(command, args, { stdio, env });

  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4_000)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });

  const firstLine = new Promise<string>((resolve, reject) => {
    const deadline = setTimeout(
      () => reject(new Error(`${command} did not get ready in ${startDeadlineMs} ms: ${errors.trim()}`)),
      startDeadlineMs,
    );
    let text = '';
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      clearTimeout(deadline);
      resolve(text.slice(0, text.indexOf('\n')).trim());
    });
    child.once('error', (error) => {
      clearTimeout(deadline);
      reject(new Error(`${command} could not be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      reject(new Error(`${command} ended (${signal ?? code}) before it was ready: ${errors.trim()}`));
    });
  });

  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    await ended;
    clearTimeout(deadline);
  };

  return { child, firstLine, stop };
}
