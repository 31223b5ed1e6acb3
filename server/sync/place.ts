import { z } from 'zod';

const cursor = z.int().nonnegative();
const text = z.string().max(64);

/**
 * Where a snapshot goes on, and from which cursor deltas go on after it. Held by the client, so that any instance can
 * answer the next page. It opens nothing: what may be seen is asked anew with each page.
 * t: tickets, open ones first. c: tickets that changed while those were read. u: customers without such a ticket.
 * x: transfers of others.
 */
const placeSchema = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('t'), cursor, rank: z.int().min(0).max(1), updatedAt: z.int(), id: text }),
  z.strictObject({ phase: z.literal('c'), cursor, id: text }),
  z.strictObject({ phase: z.literal('u'), cursor, id: text }),
  z.strictObject({ phase: z.literal('x'), cursor, id: text }),
]);
export type Place = z.infer<typeof placeSchema>;

export const writePlace = (place: Place): string => {
  const { phase, cursor: c, id } = place;
  const parts = phase === 't' ? [phase, c, id, place.rank, place.updatedAt] : [phase, c, id];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
};

export function readPlace(after: string): Place | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (!Array.isArray(parts)) return null;
    const [phase, c, id, rank, updatedAt] = parts as unknown[];
    const parsed = placeSchema.safeParse({ phase, cursor: c, id, ...(phase === 't' && { rank, updatedAt }) });
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
