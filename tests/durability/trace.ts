import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What a process did to its files, in order. */
export type Step =
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  | { readonly kind: 'remove'; readonly file: string }
  /** All that was done to the file before is on the disk. */
  | { readonly kind: 'sync'; readonly file: string }
  /** The agent was told 已保存. */
  | { readonly kind: 'ack'; readonly id: string };

export const tracedCalls = 'write,pwrite64,fsync,fdatasync,ftruncate,unlink';
/** Names of files, whole data, in hex. */
export const traceOptions = ['-y', '-xx', '-s', '1000000'];

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');

/** Reads the output of strace. `acks`: the file into which acknowledgements were written. */
export async function readTrace(trace: string, acks: string): Promise<Step[]> {
  const steps: Step[] = [];
  /** By thread: what it is waiting for. */
  const syncing = new Map<string, string>();
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    const [, pid, rest] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || rest === undefined) continue;
    if (/^<\.\.\. f(data)?sync resumed>.*= 0/.test(rest)) {
      steps.push({ kind: 'sync', file: syncing.get(pid)! });
      continue;
    }
    const [, call, file] = /^(\w+)\(\d+<([^>]*)>/.exec(rest) ?? [];
    if (call === 'fsync' || call === 'fdatasync') {
      if (rest.endsWith('<unfinished ...>')) syncing.set(pid, pathOf(file!));
      else if (rest.endsWith('= 0')) steps.push({ kind: 'sync', file: pathOf(file!) });
    } else if (call === 'pwrite64') {
      const [, hex, at] = /, "((?:\\x..)*)", \d+, (\d+)/.exec(rest) ?? [];
      steps.push({ kind: 'write', file: pathOf(file!), at: Number(at), bytes: bytesOf(hex!) });
    } else if (call === 'ftruncate') {
      steps.push({ kind: 'truncate', file: pathOf(file!), size: Number(/, (\d+)/.exec(rest)![1]) });
    } else if (call === 'write' && pathOf(file!) === acks) {
      const text = bytesOf(/, "((?:\\x..)*)"/.exec(rest)![1]!).toString();
      const id = /^saved (\S+)/.exec(text)?.[1];
      if (id !== undefined) steps.push({ kind: 'ack', id });
    } else if (rest.startsWith('unlink("')) steps.push({ kind: 'remove', file: bytesOf(/"((?:\\x..)*)"/.exec(rest)![1]!).toString() });
  }
  return steps;
}

/** With `-xx` strace writes the names in hex as well. */
const pathOf = (name: string): string => (name.startsWith('\\x') ? bytesOf(name).toString() : name);
