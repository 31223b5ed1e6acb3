import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './own-process.ts';

/** Runs one of the project's tools to its end. Its output is shown as it comes, or kept and returned. */
export function runCommand(tool: string, args: readonly string[], show: boolean): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const bin = path.join(projectRoot, 'node_modules', '.bin');
    const child = spawn(tool, args, {
      cwd: projectRoot,
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
