import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { CHUNK } from '../../shared/domain/attachments.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Result } from '../../shared/lib/result.ts';
import { paths, uploadRequest, type UploadResponse } from '../../shared/protocol/wire.ts';
import { beginFile, checkFile, readPiece, takePiece, type UploadRefusal } from '../attachments/files.ts';
import type { Office } from '../office/office.ts';
import type { Holder } from '../sessions/sessions.ts';
import type { Store } from '../store/store.ts';
import { HttpError } from './errors.ts';
import { readBody } from './read-body.ts';

type Piece = { Params: { id: string }; Querystring: { offset?: string } };

/** Files, in pieces. Who may have or give one is asked again with each of them. */
export function addAttachmentRoutes(
  app: FastifyInstance,
  { store, clock, office }: { readonly store: Store; readonly clock: Clock; readonly office: Office },
  holderOf: (request: object) => Holder,
): void {
  /** Outside of the transaction: what a refusal has written stays. */
  const answer = async (by: Holder, id: string, taken: Result<UploadResponse, UploadRefusal>): Promise<UploadResponse> => {
    const result = taken.ok && !taken.value.whole ? await checkFile(store, id) : taken;
    // As with a command: for who asks, and not for what the file is.
    if (!result.ok && (result.error === 'not-allowed' || result.error === 'not-found')) await office.denied(by, 'attachment-upload');
    if (!result.ok) throw new HttpError('not-possible', { message: result.error });
    return result.value;
  };

  app.post(paths.attachments, async (request): Promise<UploadResponse> => {
    const body = readBody(uploadRequest, request);
    const by = holderOf(request);
    return answer(by, body.id, await store.transaction((tx) => beginFile(tx, body, by.account.id, clock.now())));
  });

  app.get<Piece>(`${paths.attachments}/:id/bytes`, async (request, reply) => {
    const by = holderOf(request);
    const found = await readPiece(store.orm, request.params.id, by.account.id, offsetOf(request.query.offset));
    if (found === null) {
      await office.denied(by, 'attachment');
      throw new HttpError('not-possible', { message: 'not-found' });
    }
    // Never shown as what it says it is: whoever opens the address in a browser gets a download of nothing in particular.
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', 'attachment')
      .header('x-size', String(found.size))
      .send(Buffer.from(found.bytes));
  });

  // In a scope of its own: everywhere else bytes are no body.
  void app.register(async (scope) => {
    scope.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: CHUNK }, (_request, body, done) =>
      done(null, body),
    );
    scope.put<Piece>(`${paths.attachments}/:id/bytes`, async (request): Promise<UploadResponse> => {
      const bytes = request.body;
      if (!Buffer.isBuffer(bytes)) throw new HttpError('bad-request', { detail: 'body' });
      const start = offsetOf(request.query.offset);
      if (createHash('sha256').update(bytes).digest('hex') !== request.headers['x-sha256'])
        throw new HttpError('bad-request', { detail: 'x-sha256' });
      const by = holderOf(request);
      const { id } = request.params;
      return answer(by, id, await store.transaction((tx) => takePiece(tx, id, by.account.id, start, bytes, clock.now())));
    });
  });
}

function offsetOf(text: string | undefined): number {
  const offset = Number(text ?? 'none');
  if (!Number.isSafeInteger(offset) || offset < 0 || offset % CHUNK !== 0) throw new HttpError('bad-request', { detail: 'offset' });
  return offset;
}
