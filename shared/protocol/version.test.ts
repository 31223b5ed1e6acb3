import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commandSchema } from '../domain/commands/index.ts';
import { exportRequest, operations } from './operations.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from './version.ts';
import * as wire from './wire.ts';

/** What each version looked like on the wire. A released line never changes; a new version adds one. */
const known: Readonly<Record<number, string>> = {
  1: 'cab35f1fcc551b7fec423e44c7100db1',
  2: '9a3656ab3972bdad05a79c5c76b3e47e',
  3: '341741d469590cee5e76340a06983c0e',
};

type Schemas = Readonly<Record<string, z.ZodType>>;

const schemas: Schemas = {
  ...Object.fromEntries(
    Object.entries(wire as Readonly<Record<string, unknown>>).filter((e): e is [string, z.ZodType] => e[1] instanceof z.ZodType),
  ),
  command: commandSchema,
  exportRequest,
  ...Object.fromEntries(
    Object.entries(operations).flatMap(([name, { input, output }]) => [
      [`${name} in`, input],
      [`${name} out`, output],
    ]),
  ),
};

/** Names, sorted keys and all limits of the given schemas, in and out. */
function shapeOf(of: Schemas): string {
  const shape = Object.keys(of)
    .toSorted()
    .map((name) => [name, (['input', 'output'] as const).map((io) => z.toJSONSchema(of[name]!, { io, unrepresentable: 'any' }))]);
  return JSON.stringify([shape, wire.paths], (key, value: unknown) =>
    key === 'required' && Array.isArray(value)
      ? (value as string[]).toSorted()
      : typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
  );
}

const hashOf = (of: Schemas): string => createHash('sha256').update(shapeOf(of)).digest('hex').slice(0, 32);

/** null: the wire looks as this version promises. */
function complaint(version: number, hash: string): string | null {
  const promised = known[version];
  if (promised === hash) return null;
  return promised === undefined
    ? `Protocol version ${version} has no hash here: add "${version}: '${hash}'" to this test and a history line to version.ts.`
    : `The wire schemas changed without a new version: raise PROTOCOL_VERSION in version.ts, give it a history line, and add the new hash ${hash} here.`;
}

describe('the protocol version', () => {
  test('stands for exactly these wire schemas', () => {
    expect(complaint(PROTOCOL_VERSION, hashOf(schemas))).toBeNull();
  });

  test('every schema of the wire is under the hash', () => {
    for (const name of [
      'helloResponse',
      'signInRequest',
      'refreshRequest',
      'sessionResponse',
      'pushRequest',
      'pushResponse',
      'pullRequest',
      'pullResponse',
      'liveMessage',
      'errorBody',
      'command',
    ])
      expect(Object.keys(schemas)).toContain(name);
    for (const kind of ['create', 'transfer', 'rescheduleCallback', 'undo']) expect(shapeOf(schemas)).toContain(`"const":"${kind}"`);
  });

  test.each<[string, Schemas]>([
    ['a new field', { ...schemas, liveMessage: wire.helloResponse.extend({ motto: z.string() }) }],
    ['a field less', { ...schemas, helloResponse: wire.helloResponse.omit({ demo: true }) }],
    ['another limit', { ...schemas, pullRequest: wire.pullRequest.extend({ limit: z.int().min(1).max(1001) }) }],
    ['another type', { ...schemas, sessionResponse: wire.sessionResponse.extend({ now: z.string() }) }],
    ['a field that may be null', { ...schemas, helloResponse: wire.helloResponse.extend({ name: z.string().nullable() }) }],
    ['a new schema', { ...schemas, more: z.object({}) }],
  ])('%s is noticed, and a sentence says what to do', (_, changed) => {
    expect(complaint(PROTOCOL_VERSION, hashOf(changed))).toMatch(/^The wire schemas changed without a new version: raise PROTOCOL_VERSION/);
  });

  test('the order of keys in the source does not matter', () => {
    const { product, ...rest } = wire.helloResponse.shape;
    expect(hashOf({ ...schemas, helloResponse: z.object({ ...rest, product }) })).toBe(hashOf(schemas));
  });

  test('has a line of history for each version, and accepts at most the last three', () => {
    const source = readFileSync(join(import.meta.dirname, 'version.ts'), 'utf8');
    const lines = [...source.matchAll(/^ \* (\d+) {2}\S.+$/gm)].map((m) => Number(m[1]));
    expect(lines).toEqual(Array.from({ length: PROTOCOL_VERSION }, (_, i) => i + 1));
    expect(Object.keys(known).map(Number)).toEqual(lines);
    expect(OLDEST_PROTOCOL_VERSION).toBeLessThanOrEqual(PROTOCOL_VERSION);
    expect(PROTOCOL_VERSION - OLDEST_PROTOCOL_VERSION).toBeLessThan(3);
  });
});
