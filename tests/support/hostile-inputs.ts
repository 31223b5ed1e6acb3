import { randomUUID } from 'node:crypto';
import type { z } from 'zod';

/** Values between 0 (inclusive) and 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Dice {
  readonly random: () => number;
  pick<T>(from: readonly T[]): T;
}

export function dice(seed: number): Dice {
  const random = seeded(seed);
  return { random, pick: (from) => from[Math.floor(random() * from.length)]! };
}

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly catchall?: z.ZodType;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly values?: readonly unknown[];
}
export const definitionOf = (schema: z.ZodType): Definition => (schema as unknown as { _zod: { def: Definition } })._zod.def;

/** Paths of objects in a schema that take properties which it does not name. */
export function looseObjects(schema: z.ZodType, path: string): string[] {
  const found: string[] = [];
  const seen = new Set<z.ZodType>();
  const visit = (each: z.ZodType | undefined, at: string): void => {
    if (each === undefined || seen.has(each)) return;
    seen.add(each);
    const def = definitionOf(each);
    if (def.type === 'object' && (def.catchall === undefined || definitionOf(def.catchall).type !== 'never')) found.push(at);
    for (const [name, part] of Object.entries(def.shape ?? {})) visit(part, `${at}.${name}`);
    for (const [i, part] of (def.options ?? []).entries()) visit(part, `${at}|${i}`);
    for (const part of [def.element, def.innerType, def.in, def.valueType]) visit(part, at);
  };
  visit(schema, path);
  return found;
}

const leaves: readonly unknown[] = [
  ...['x', '', 'A20817', '晚间掉线', '2026-11-22', '13800138000', 'a@b.cn', 'https://desk.example.com', 'Ctrl+Alt+D', '0'.repeat(64)],
  ...[0, 1, 7, 50, 200, 1_000, 1_795_312_800_000, -1, 0.5],
];

/** A value that a schema takes, or one close to it where that is not easily found. */
export function fitting(schema: z.ZodType, d: Dice): unknown {
  const def = definitionOf(schema);
  switch (def.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(def.shape ?? {})
          .map(([name, part]) => [name, fitting(part, d)] as const)
          .filter(([, value]) => value !== undefined),
      );
    case 'array':
      return Array.from({ length: 1 + Math.floor(d.random() * 2) }, () => fitting(def.element!, d));
    case 'record':
      return { [String(fitting(def.keyType!, d))]: fitting(def.valueType!, d) };
    case 'union':
      return fitting(d.pick(def.options!), d);
    case 'enum':
      return d.pick(Object.values(def.entries!));
    case 'literal':
      return d.pick(def.values!);
    case 'optional':
      return d.random() < 0.5 ? undefined : fitting(def.innerType!, d);
    case 'nullable':
      return d.random() < 0.3 ? null : fitting(def.innerType!, d);
    case 'default':
      return fitting(def.innerType!, d);
    case 'pipe':
      return fitting(def.in!, d);
    case 'boolean':
      return d.random() < 0.5;
    case 'null':
      return null;
    case 'custom':
      return new Uint8Array([1, 2, 3]);
    case 'unknown':
      return d.pick<unknown>([{}, { note: '', toId: randomUUID() }, null]);
    default: {
      const fits = [...leaves, randomUUID()].filter((each) => schema.safeParse(each).success);
      return fits.length === 0 ? 'x' : d.pick(fits);
    }
  }
}

class Strange {
  toJSON(): never {
    throw new Error('not to be asked');
  }
}
const circle: Record<string, unknown> = {};
circle['self'] = circle;
const own = (key: string, value: unknown): object => Object.defineProperty({}, key, { value, enumerable: true });
const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
const long = 'x'.repeat(5_000);

/** What nobody who means well sends. */
export const strangeValues: readonly unknown[] = [
  ...[undefined, null, true, 0, -0, NaN, Infinity, -1e308, 2 ** 53, 10n, '', ' ', '\0', long, '\ud800', '__proto__', 'constructor'],
  ...[[], [[]], Array.from({ length: 3 }), {}, Object.create(null), new Date(NaN), /x/, new Map([[1, 2]]), new Set([1]), new Uint8Array(9)],
  ...[circle, new Strange(), own('__proto__', { admin: true }), own('constructor', { prototype: {} }), own('toString', 1), deep(500)],
  ...[() => 1, Symbol('x'), new Error('x'), Promise.resolve(1), new Proxy({}, {}), JSON.parse('{"__proto__":{"admin":true}}')],
  ...["'; DROP TABLE ticket; --", '<img src=x onerror=alert(1)>', '../../etc/passwd', 'file:///etc/passwd', '%00', '${1}', '{{1}}'],
];

/** The same with one thing about it that is not as it should be; now and then it stays as it was. */
export function bent(value: unknown, d: Dice): unknown {
  if (d.random() < 0.1) return value;
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array || d.random() < 0.15) return d.pick(strangeValues);
  if (Array.isArray(value)) {
    const at = Math.floor(d.random() * (value.length + 1));
    return [...value.slice(0, at), bent(value[at], d), ...value.slice(at + 1)];
  }
  const keys = Object.keys(value);
  const copy: Record<string, unknown> = { ...value };
  const how = d.random();
  if (how < 0.25 || keys.length === 0) {
    const name = d.pick(['__proto__', 'constructor', 'prototype', 'toJSON', 'then', 'role', 'ownerId', 'extra', '']);
    return Object.defineProperty(copy, name, { value: d.pick(strangeValues), enumerable: true, configurable: true, writable: true });
  }
  const key = d.pick(keys);
  if (how < 0.4) delete copy[key];
  else copy[key] = bent(copy[key], d);
  return copy;
}
