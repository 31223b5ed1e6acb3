import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

type Profile = Profiler.Profile;
const EVERY_MICROSECONDS = 200;

/** Takes profiles of parts of what this process does. */
export class CpuProfiler {
  readonly #session = new Session();
  readonly #taken: Profile[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken.length === 0) {
      this.#session.connect();
      await this.#session.post('Profiler.enable');
      await this.#session.post('Profiler.setSamplingInterval', { interval: EVERY_MICROSECONDS });
    }
    await this.#session.post('Profiler.start');
    try {
      return await work();
    } finally {
      this.#taken.push((await this.#session.post('Profiler.stop')).profile);
    }
  }

  profile(): Profile {
    return joined(this.#taken);
  }
}

/** Several profiles one after the other, as one. @throws RangeError if there are none */
export function joined(profiles: readonly Profile[]): Profile {
  const [first] = profiles;
  if (first === undefined) throw new RangeError('nothing was profiled');
  const root = { ...first.nodes[0]!, id: 1, children: [] as number[] };
  const nodes: Profiler.ProfileNode[] = [root];
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  let highest = 1;
  for (const part of profiles) {
    const shift = highest;
    for (const { children, id, ...node } of part.nodes) {
      nodes.push({ ...node, id: id + shift, ...(children !== undefined && { children: children.map((c) => c + shift) }) });
      highest = Math.max(highest, id + shift);
    }
    root.children.push(part.nodes[0]!.id + shift);
    for (const id of part.samples ?? []) samples.push(id + shift);
    for (const delta of part.timeDeltas ?? []) timeDeltas.push(delta);
  }
  const { startTime } = first;
  return { nodes, samples, timeDeltas, startTime, endTime: timeDeltas.reduce((at, delta) => at + delta, startTime) };
}

/** Part of the time that something itself took, 0 to 1. */
interface Share {
  readonly name: string;
  readonly share: number;
}
export interface Shares {
  /** Time in which the process did something, ms. */
  readonly busyMs: number;
  /** The most first. */
  readonly functions: readonly Share[];
  readonly modules: readonly Share[];
}

const root = fileURLToPath(new URL('../', import.meta.url));
/** Native work counts to whoever calls it: SQLite's to these, and to the package of the database. */
const callsSqlite = (path: string, functionName: string): boolean =>
  path.includes('node_modules/better-sqlite3/') || (path === 'db/statements.ts' && ['run', 'get', 'all'].includes(functionName));
/** Neither work nor ours: the profiler speaks with its thread by way of `node:inspector`. */
const isLeftOut = ({ functionName, url }: { readonly functionName: string; readonly url: string }): boolean =>
  functionName === '(idle)' || functionName === '(root)' || url === 'node:inspector';

const withoutSource: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collector',
  '(program)': 'outside of javascript',
};

const pathOf = (url: string): string => relative(root, url.startsWith('file:') ? fileURLToPath(url) : url);

/** What a function belongs to: a part of this project, a package, or the machine. */
export function moduleOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  if (url === '') return withoutSource[functionName] ?? 'javascript’s own';
  if (url.startsWith('node:') || url.startsWith('wasm:')) return 'node';
  const path = pathOf(url);
  if (callsSqlite(path, functionName)) return 'sqlite';
  const parts = path.split('/');
  const inPackage = parts.lastIndexOf('node_modules') + 1;
  if (inPackage > 0) return parts[inPackage]!.startsWith('@') ? parts.slice(inPackage, inPackage + 2).join('/') : parts[inPackage]!;
  // core and shared are large: their folders tell more.
  return parts.slice(0, parts.length > 2 && (parts[0] === 'core' || parts[0] === 'shared') ? 2 : 1).join('/');
}

export function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profile): Shares {
  const frames = new Map(nodes.map(({ callFrame, id }) => [id, callFrame]));
  // V8 tells native work from its caller only where the caller was not compiled; SQLite's has no name, or that of a class.
  const isNative = ({ functionName, url }: Profiler.ProfileNode['callFrame']): boolean => url === '' && !functionName.startsWith('(');
  for (const { callFrame, children = [] } of nodes)
    for (const id of children) {
      const frame = frames.get(id)!;
      if (isNative(frame) && (frame.functionName === '' || moduleOf(callFrame) === 'sqlite')) frames.set(id, callFrame);
    }
  const functions = new Map<string, number>();
  const modules = new Map<string, number>();
  const add = (to: Map<string, number>, name: string, time: number): void => void to.set(name, (to.get(name) ?? 0) + time);
  let busy = 0;
  samples.forEach((id, i) => {
    const frame = frames.get(id)!;
    if (isLeftOut(frame)) return;
    const time = Math.max(0, timeDeltas[i]!);
    busy += time;
    const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
    add(functions, frame.url === '' ? name : `${name} ${pathOf(frame.url)}:${frame.lineNumber + 1}`, time);
    add(modules, moduleOf(frame), time);
  });
  const sorted = (of: Map<string, number>): Share[] =>
    [...of].map(([name, time]) => ({ name, share: time / busy })).sort((a, b) => b.share - a.share);
  return { busyMs: busy / 1000, functions: sorted(functions), modules: sorted(modules) };
}

const FUNCTIONS = 15;
const percent = ({ name, share }: Share): string => `${(share * 100).toFixed(1).padStart(6)} %  ${name}`;

export const describe = ({ busyMs, functions, modules }: Shares): string =>
  [
    `Busy for ${Math.round(busyMs)} ms. Of that, by what it belongs to:`,
    ...modules.map(percent),
    'By function, without what it calls:',
    ...functions.slice(0, FUNCTIONS).map(percent),
  ].join('\n');
