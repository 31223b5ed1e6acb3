import type { FastifyInstance } from 'fastify';
import { type OperationName, operationNames, operationRequest, operations } from '../../shared/protocol/operations.ts';
import { paths } from '../../shared/protocol/wire.ts';
import type { Office } from '../office/office.ts';
import { NotAllowed, NotPossible, Throttled } from '../office/refusals.ts';
import type { Holder } from '../sessions/sessions.ts';
import { failingPaths } from '../sync/push.ts';
import { HttpError } from './errors.ts';
import { readBody } from './read-body.ts';

/** Operations by their names. The role is looked at before the input: who may not call it learns nothing of it. */
export function addOfficeRoutes(app: FastifyInstance, office: Office, holderOf: (request: object) => Holder): void {
  app.post<{ Params: { name: string } }>(`${paths.operations}/:name`, async (request): Promise<{ output: unknown }> => {
    const name = request.params.name as OperationName;
    const by = holderOf(request);
    if (!operationNames.includes(name)) throw new HttpError('bad-request', { status: 404, detail: 'no such operation' });
    if (!(await office.admits(name, by))) throw new HttpError('forbidden');
    const body = readBody(operationRequest, request);
    const input = operations[name].input.safeParse(body.input);
    if (!input.success) throw new HttpError('bad-request', { detail: failingPaths(input.error) });
    try {
      return { output: await office.run(name, by, input.data) };
    } catch (error) {
      throw translated(error);
    }
  });
}

function translated(error: unknown): unknown {
  if (error instanceof NotAllowed) return new HttpError('forbidden');
  if (error instanceof NotPossible) return new HttpError('not-possible', { message: error.why });
  if (error instanceof Throttled) return new HttpError('throttled', { retryAfterMs: error.waitMs });
  return error;
}
