import type { z } from 'zod';

interface Entry<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
}
export type Entries = Readonly<Record<string, Entry>>;

/** `calls` answer once; `queries` answer again whenever what they read has changed, until they are let go. */
export interface Contract<C extends Entries = Entries, Q extends Entries = Entries> {
  readonly calls: C;
  readonly queries: Q;
}

export const entry = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Entry<I, O> => ({ input, output });
export const contract = <C extends Entries, Q extends Entries>(calls: C, queries: Q): Contract<C, Q> => ({ calls, queries });

export type InputOf<E extends Entry> = z.input<E['input']>;
export type ParsedInputOf<E extends Entry> = z.output<E['input']>;
export type OutputOf<E extends Entry> = z.output<E['output']>;
