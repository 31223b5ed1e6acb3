import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpTransport } from '../../core/transport/http-transport.ts';
import type { PullResponse, SessionResponse } from '../../shared/protocol/wire.ts';
import { newTicket, numbered, openOffice } from '../support/core/desk.ts';
import { startDevice } from '../support/core/device.ts';
import type { Template } from './scene.ts';

/** A device as it stood when it had everything that a real server had; from then on recorded answers do. */
export async function makeTemplate(folder: string, count: number): Promise<Template> {
  const office = await openOffice();
  const author = await office.device('lin');
  const tickets: string[] = [];
  for (let i = 0; i < count; i += 1) tickets.push(await newTicket(author, `工单 ${i}`, { description: '客户说的话。'.repeat(20) }));
  for (const id of tickets) await numbered(author, id);
  let session: SessionResponse | null = null;
  let page: PullResponse | null = null;
  const real = createHttpTransport();
  const recorder = startDevice({
    transport: {
      ...real,
      signIn: async (...a) => (session = await real.signIn(...a)),
      pull: async (...a) => (page = await real.pull(...a)),
    },
  });
  const first = { page: null as PullResponse | null };
  await recorder.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: 'secret-pass' });
  await recorder.until('sync.state', {}, (s) => {
    first.page ??= page?.mode === 'snapshot' ? page : null;
    return s.connection === 'online' && s.firstSync === null;
  });
  const snapshot = first.page ?? page!;
  await recorder.stop({ keep: true });
  const dataDir = join(folder, 'template');
  cpSync(recorder.dataDir, dataDir, { recursive: true });
  rmSync(recorder.dataDir, { recursive: true });
  await office.close();
  if (snapshot.mode !== 'snapshot' || snapshot.after !== null || snapshot.rows.tickets.length !== count)
    throw new Error('not one whole page');
  return { dataDir, secrets: [...recorder.host.secrets], recording: { session: session!, page: snapshot }, tickets };
}
