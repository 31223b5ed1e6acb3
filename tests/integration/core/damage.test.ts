import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { openEncrypted } from '../../../db/open.ts';
import { act, detail, newTicket, numbered, type Office, openOffice, PASSWORD } from '../../support/core/desk.ts';
import { type Device, startDevice } from '../../support/core/device.ts';
import { troubledTransport } from '../../support/core/troubled-transport.ts';

let office: Office;
afterEach(() => office.close());

const cacheOf = ({ dataDir }: Device): string =>
  join(
    dataDir,
    readdirSync(dataDir).find((name) => name.endsWith('.db'))!,
  );
const aside = ({ dataDir }: Device): string[] => readdirSync(dataDir).filter((name) => name.includes('.damaged-'));

/** Works on the cache of a device that has been stopped. */
function inCache<T>(device: Device, work: (raw: Database.Database) => T): T {
  const key = [...device.host.secrets].find(([name]) => name.startsWith('key:'))![1];
  const raw = openEncrypted(cacheOf(device), key);
  try {
    return work(raw);
  } finally {
    raw.close();
  }
}

/** A desk with two tickets, one saved and unsent note, and a draft; without network, and stopped. */
async function stoppedDesk() {
  office = await openOffice();
  const { transport, trouble } = troubledTransport();
  const device = startDevice({ transport });
  await device.signIn(office.server.url, 'A1', PASSWORD);
  const [one, other] = [await newTicket(device, '甲'), await newTicket(device, '乙')];
  for (const id of [one, other]) await numbered(device, id);
  await device.synced();
  trouble.offline = true;
  await device.call('sync.retry', {});
  await act(device, other, 'note', { note: '没发出去的话' });
  await device.call('drafts.save', { form: `ticket:${one}`, value: JSON.stringify({ note: '写了一半' }) });
  await device.stop({ keep: true });
  const again = () => startDevice({ dataDir: device.dataDir, host: device.host, transport });
  return { device, again, trouble, one, other };
}

describe('R14 damage that a running desk meets', () => {
  test('in a row whose text is no JSON any more: the ticket is back after a sync, all of the agent’s own at once, and nothing stays aside', async () => {
    const { again, device, one, other, trouble } = await stoppedDesk();
    inCache(device, (raw) => raw.prepare(`UPDATE ticket SET custom = '{"' WHERE id = ?`).run(one));
    const desk = again();
    await expect(detail(desk, one)).rejects.toMatchObject({ code: 'Damaged' });
    await desk.until('session.recovery', {}, (r) => r !== null);
    expect(await desk.read('session.recovery', {})).toMatchObject({ commands: 1, drafts: 1, unreadable: 0 });
    // Its ticket is not here yet: 需要处理 has it.
    expect(await desk.read('attention.kept', {})).toMatchObject([{ form: `ticket:${one}`, text: '写了一半' }]);
    expect(aside(desk)).toEqual([]);
    trouble.offline = false;
    await desk.call('sync.retry', {});
    await desk.synced();
    expect(await detail(desk, one)).toMatchObject({ subject: '甲' });
    expect(await desk.read('drafts.get', { form: `ticket:${one}` })).toMatchObject({ value: JSON.stringify({ note: '写了一半' }) });
    expect(await desk.read('attention.kept', {})).toEqual([]);
    expect((await detail(desk, other))!.events.map((e) => e.note)).toContain('没发出去的话');
    await desk.stop();
  });

  test('in what nobody waits for does not end the core', async () => {
    const { again, device, one } = await stoppedDesk();
    // The keys of files are swept at the start, in the background, by their index alone.
    const page = inCache(device, (raw) =>
      raw.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_attachment_file_1'`).pluck().get(),
    ) as number;
    const file = openSync(cacheOf(device), 'r+');
    writeSync(file, Buffer.alloc(4096), 0, 4096, (page - 1) * 4096);
    closeSync(file);
    const desk = again();
    await desk.until('session.recovery', {}, (r) => r !== null);
    await desk.until('session.state', {}, (s) => s.phase === 'ready');
    expect(await desk.read('attention.kept', {})).toMatchObject([{ form: `ticket:${one}` }]);
    await desk.stop();
  });
});
