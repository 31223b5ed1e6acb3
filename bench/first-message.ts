import type { ChildProcess } from 'node:child_process';

/**
 * What a program says first.
 * @param most ms
 * @param what names the program in the errors @throws Error if it ends before, or says nothing for that long
 */
export function firstMessage<T>(child: ChildProcess, most: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} said nothing for ${most / 1000} s`)), most);
    const end = (run: () => void): void => {
      clearTimeout(timer);
      run();
    };
    child.once('message', (message) => end(() => resolve(message as T)));
    child.once('error', (error) => end(() => reject(error)));
    child.once('exit', (code, signal) => end(() => reject(new Error(`${what} ended early (${signal ?? code})`))));
  });
}
