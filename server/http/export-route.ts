import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { mayAssign } from '../../shared/domain/permissions.ts';
import { exportRequest } from '../../shared/protocol/operations.ts';
import { paths } from '../../shared/protocol/wire.ts';
import { timeIn } from '../export/columns.ts';
import { type Export, prepareExport, type StillMay } from '../export/export-tickets.ts';
import { errorFields } from '../logger.ts';
import type { Office } from '../office/office.ts';
import type { Holder, Sessions } from '../sessions/sessions.ts';
import type { Store } from '../store/store.ts';
import { viewOf } from '../sync/view.ts';
import { HttpError } from './errors.ts';
import { readBody } from './read-body.ts';

export interface ExportDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sessions: Sessions;
  readonly office: Office;
}

/** Tickets as a file, made while it is read. Every try is noted: who, how many rows, which fields. */
export function addExportRoute(app: FastifyInstance, deps: ExportDeps, holderOf: (request: object) => Holder): void {
  const { store, clock, office, sessions, logger } = deps;
  app.post(paths.export, async (request, reply) => {
    const by = holderOf(request);
    if (!mayAssign(by.account)) {
      await office.denied(by, 'export');
      throw new HttpError('forbidden');
    }
    const body = readBody(exportRequest, request);
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    const stillMay: StillMay = async () => {
      const now = (await sessions.look([by.sessionId])).get(by.sessionId);
      return typeof now === 'object' && mayAssign(now) ? viewOf(now) : null;
    };
    if (!isZone(body.zone)) throw new HttpError('bad-request', { detail: 'zone' });
    let made: Export;
    try {
      made = await prepareExport(store.orm, stillMay, body, clock.now(), gone.signal);
    } catch (error) {
      if (gone.signal.aborted) return reply.hijack();
      throw error;
    }
    const fields = body.fields.map((f) => (typeof f === 'string' ? f : f.custom)).join(',');
    const what = body.select.by === 'ids' ? 'ids' : body.select.list;
    await office.note('export', by, `rows=${made.total} from=${what} fields=${fields}`);
    let rows = 0;
    const stream = Readable.from(
      made.pieces((soFar) => (rows = soFar)),
      { objectMode: false, highWaterMark: 65_536 },
    );
    stream.on('error', (error) => logger.warn('export-broken-off', { rows, ...errorFields(error) }));
    stream.on('close', () => {
      if (!stream.readableEnded) void office.note('export-broken-off', by, `rows=${rows}`).catch(() => {});
    });
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="tickets.csv"')
      .header('x-total', String(made.total))
      .send(stream);
  });
}

function isZone(zone: string): boolean {
  try {
    timeIn(zone);
    return true;
  } catch {
    return false;
  }
}
