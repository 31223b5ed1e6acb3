import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { coreContract, shellContract } from '../../shared/bridge/contract.ts';
import type { Contract } from '../../shared/bridge/define.ts';
import { hostContract } from '../../shared/bridge/host-contract.ts';
import type { Port } from '../../shared/bridge/port.ts';
import { type Implementation, serve } from '../../shared/bridge/rpc.ts';
import { bent, type Dice, dice, fitting, looseObjects, strangeValues } from '../support/hostile-inputs.ts';

const root = join(import.meta.dirname, '../..');
const contracts: readonly (readonly [string, Contract])[] = [
  ['core', coreContract],
  ['shell', shellContract],
  ['host', hostContract],
];
const entriesOf = ({ calls, queries }: Contract) => [...Object.entries(calls), ...Object.entries(queries)];

describe('S7 the registry of the bridge', () => {
  test.each(contracts)('S7 every input of the %s takes the properties that it names and no other', (_name, contract) => {
    expect(entriesOf(contract).flatMap(([name, { input }]) => looseObjects(input, name))).toEqual([]);
    expect(entriesOf(contract).length).toBeGreaterThan(8);
  });

  test('S7 a name that no contract has, and an entry that nobody answers, fail the build', () => {
    const file = join(root, 'shared/bridge/planted.ts');
    const planted = [
      `import type { CoreContract, ShellContract } from './contract.ts';`,
      `import type { Client, Implementation } from './rpc.ts';`,
      `declare const core: Client<CoreContract>;`,
      `declare const shell: Client<ShellContract>;`,
      `void core.call('session.signOut', {});`,
      `void shell.call('window.close', {});`,
      `void core.call('files.delete', {});`,
      `void shell.call('session.signOut', {});`,
      `core.watch('tickets.everything', {}, () => {});`,
      `void core.call('session.signOut', { all: true });`,
      `export const nobody: Implementation<ShellContract> = { calls: {}, queries: {} };`,
      `export type More = Implementation<ShellContract>['calls']['files.delete'];`,
    ];
    expect(linesInError(file, planted.join('\n'))).toEqual([7, 8, 9, 10, 11, 12]);
  });
});

/** Lines of a file that is not there, as if it were, at which the compiler objects. */
function linesInError(file: string, text: string): number[] {
  const read = ts.readConfigFile(join(root, 'shared/tsconfig.json'), (each) => ts.sys.readFile(each));
  const { options } = ts.parseJsonConfigFileContent({ ...read.config, include: [], files: [file] }, ts.sys, join(root, 'shared'));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  host.getSourceFile = (name, ...more) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) : getSourceFile.call(host, name, ...more);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file)!;
  const lines = program.getSemanticDiagnostics(source).map((d) => source.getLineAndCharacterOfPosition(d.start!).line + 1);
  return [...new Set(lines)].toSorted((a, b) => a - b);
}

/** Of 100,000 messages so many to each contract. */
const counts: Readonly<Record<string, number>> = { core: 60_000, shell: 25_000, host: 20_000 };
/** Messages that one port gets, before a new one begins with new counters. */
const PER_PORT = 500;

interface Tally {
  sent: number;
  refused: number;
  /** Of inputs that their schema takes, and of those handed to a handler: the same, one by one. */
  fit: number;
  reached: number;
  readonly wrong: string[];
}

/** Sends a port its share. Each message that fits has to reach its handler, checked, and no other any. */
function bombard(contract: Contract, d: Dice, tally: Tally): void {
  let handed: { readonly name: string; readonly input: unknown }[] = [];
  const take =
    (name: string, after: () => unknown) =>
    (input: unknown): unknown => {
      handed.push({ name, input });
      return after();
    };
  const implementation = {
    calls: Object.fromEntries(Object.keys(contract.calls).map((name) => [name, take(name, () => ({}))])),
    queries: Object.fromEntries(Object.keys(contract.queries).map((name) => [name, take(name, () => () => {})])),
  } as unknown as Implementation<Contract>;
  const posted: { readonly t: string; readonly id: unknown }[] = [];
  let send: (message: unknown) => void = () => {};
  const port: Port = {
    post: (message) => void posted.push(message as { t: string; id: unknown }),
    onMessage: (listener) => (send = listener),
    onClose: () => {},
    close: () => {},
  };
  let now = 0;
  serve(contract, implementation, port, { now: () => (now += 10) });

  const used = new Set<unknown>();
  for (let i = 0; i < PER_PORT; i += 1) {
    const message = oneMessage(contract, i, d);
    const expected = whatFits(contract, message, used);
    handed = [];
    send(message);
    tally.sent += 1;
    if (expected === null) {
      if (handed.length > 0) tally.wrong.push(`reached ${handed[0]!.name}`);
      continue;
    }
    tally.fit += 1;
    tally.reached += handed.length;
    const [got] = handed;
    if (handed.length !== 1 || got!.name !== expected.name) tally.wrong.push(`not reached: ${expected.name}`);
    else if (!expected.schema.safeParse(got!.input).success) tally.wrong.push(`unchecked: ${expected.name}`);
  }
  tally.refused += posted.filter((p) => p.t === 'refuse').length;
}

function oneMessage({ calls, queries }: Contract, id: number, d: Dice): unknown {
  const how = d.random();
  if (how < 0.05) return d.pick(strangeValues);
  const t = d.random() < 0.6 ? 'call' : 'watch';
  const [m, entry] = d.pick(
    Object.entries(t === 'call' ? calls : queries).length === 0 ? Object.entries(calls) : Object.entries(t === 'call' ? calls : queries),
  );
  const i = fitting(entry.input, d);
  if (how < 0.2) return { t, id, m, i };
  if (how < 0.75) return { t, id, m, i: bent(i, d) };
  if (how < 0.85) return { t: t === 'call' ? 'watch' : 'call', id, m, i };
  if (how < 0.93) return { t, id, m: d.pick(['__proto__', 'constructor', 'toString', 'files.delete', `${m} `, m.toUpperCase(), '']), i };
  return bent({ t, id, m, i }, d);
}

/** Which handler a message is for, said without the code that is tried here. */
function whatFits(
  { calls, queries }: Contract,
  message: unknown,
  used: Set<unknown>,
): { readonly name: string; readonly schema: z.ZodType } | null {
  if (typeof message !== 'object' || message === null || !('t' in message) || !('m' in message) || !('id' in message)) return null;
  const { t, id, m } = message;
  if (Object.keys(message).some((key) => !['t', 'id', 'm', 'i'].includes(key))) return null;
  if ((t !== 'call' && t !== 'watch') || typeof m !== 'string' || typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0)
    return null;
  const table = t === 'call' ? calls : queries;
  const schema = Object.hasOwn(table, m) ? table[m]!.input : undefined;
  const input = 'i' in message ? message.i : undefined;
  if (schema === undefined || !schema.safeParse(input).success) return null;
  // What cannot be measured is taken for too large; an id may be watched once, and two hundred of them.
  if (!isMeasurable(input) || (t === 'watch' && (used.has(id) || used.size >= 200))) return null;
  if (t === 'watch') used.add(id);
  return { name: m, schema };
}

function isMeasurable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

describe('S7 100,000 hostile messages', () => {
  test.each(contracts)('S7 to the %s: what fits its schema reaches the handler, and nothing else does', (name, contract) => {
    const tally: Tally = { sent: 0, refused: 0, fit: 0, reached: 0, wrong: [] };
    const d = dice(20_261_123);
    for (let left = counts[name]!; left > 0; left -= PER_PORT) bombard(contract, d, tally);
    expect(tally.wrong.slice(0, 10)).toEqual([]);
    expect(tally.sent).toBe(counts[name]!);
    expect(tally.reached).toBe(tally.fit);
    // Otherwise they were all noise, or all good.
    expect(tally.reached).toBeGreaterThan(tally.sent / 20);
    expect(tally.refused).toBeGreaterThan(tally.sent / 4);
  });

  test('S7 they are a hundred thousand and more, and leave nothing behind in any prototype', () => {
    expect(Object.values(counts).reduce((a, b) => a + b)).toBeGreaterThanOrEqual(100_000);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  test('S7 over a million bytes is refused by the real contract as well', () => {
    const posted: unknown[] = [];
    let send: (message: unknown) => void = () => {};
    const port: Port = { post: (m) => void posted.push(m), onMessage: (l) => (send = l), onClose: () => {}, close: () => {} };
    serve(shellContract, { calls: {}, queries: {} } as never, port, { now: () => 0 });
    send({ t: 'call', id: 1, m: 'files.save', i: { suggested: 'x'.repeat(1_000_001) } });
    expect(posted).toMatchObject([{ t: 'refuse', code: 'TooLarge' }]);
  });
});
