import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { failingPaths } from '../sync/push.ts';
import { HttpError } from './errors.ts';

/** The body, checked. A version that is not spoken here is told apart from a body that is wrong. @throws HttpError */
export function readBody<S extends z.ZodType<{ protocol: number }>>(schema: S, request: FastifyRequest): z.infer<S> {
  const version = z.object({ protocol: z.int() }).safeParse(request.body);
  if (version.success && (version.data.protocol < OLDEST_PROTOCOL_VERSION || version.data.protocol > PROTOCOL_VERSION))
    throw new HttpError('protocol-unsupported');
  const parsed = schema.safeParse(request.body);
  if (!parsed.success) throw new HttpError('bad-request', { detail: failingPaths(parsed.error) });
  return parsed.data;
}
