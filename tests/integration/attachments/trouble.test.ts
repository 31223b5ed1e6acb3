import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterEach, describe, expect, test } from 'vitest';
import { createServer } from '../../../server/create-server.ts';
import { attachment, file, filePiece } from '../../../server/store/schema.ts';
import { plainHasher } from '../../../server/testing.ts';
import { CHUNK } from '../../../shared/domain/attachments.ts';
import { silentLogger } from '../../../shared/lib/logger.ts';
import { act, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import type { Device } from '../../support/core/device.ts';
import { attachTo, filesOf, filesUntil, png, savedBytes, sha256, someBytes } from '../../support/core/files.ts';
import { troubledTransport } from '../../support/core/troubled-transport.ts';

let office: Office;
afterEach(() => office.close());

const PIECES = 5;
const bytes = someBytes(PIECES * CHUNK - 7);
const orm = () => office.server.store.orm;

/** The network is asked again at once, not after the wait. */
async function retryUntil(device: Device, done: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i += 1) {
    if (await done()) return;
    await device.call('sync.retry', {});
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it never came through');
}
const synced = (device: Device, id: string) => async (): Promise<boolean> => {
  const [first] = await filesOf(device, id);
  return first?.state === 'synced' && first.commandId === null;
};
const storedFiles = (device: Device): string[] => {
  const folder = readdirSync(device.dataDir).find((f) => f.endsWith('.files'));
  return folder === undefined ? [] : readdirSync(join(device.dataDir, folder));
};
async function stored(): Promise<string> {
  const pieces = await orm().select().from(filePiece).orderBy(filePiece.start);
  return sha256(Buffer.concat(pieces.map((p) => p.bytes)));
}
async function ticketWith(device: Device): Promise<string> {
  const id = await newTicket(device);
  await numbered(device, id);
  await attachTo(device, `ticket:${id}`, '录音.wav', bytes);
  return id;
}
const send = (device: Device, id: string) => device.call('attachments.send', { ticketId: id, form: `ticket:${id}` });

describe('R22 the way breaks', () => {
  test('at every answer of an upload: it goes on where it was, and comes once', async () => {
    office = await openOffice();
    const { transport, trouble, counts } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const id = await ticketWith(lin);
    let request = 0;
    trouble.lose = (what) => (what === 'beginUpload' || what === 'uploadPiece') && (request += 1) % 2 === 1;
    await send(lin, id);
    await retryUntil(lin, synced(lin, id));
    expect(await stored()).toBe(sha256(bytes));
    expect(await orm().$count(attachment)).toBe(1);
    // Each piece crossed once: what had arrived although its answer was lost was not sent again.
    expect(counts.get('uploadPiece')).toBe(PIECES);
    expect(counts.get('beginUpload lost')! + (counts.get('uploadPiece lost') ?? 0)).toBeGreaterThan(3);
  });

  test('every request comes twice: still one file, of the right bytes', async () => {
    office = await openOffice();
    const { transport, trouble, counts } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const id = await ticketWith(lin);
    trouble.repeat = () => true;
    await send(lin, id);
    await retryUntil(lin, synced(lin, id));
    expect(counts.get('uploadPiece repeated')).toBeGreaterThan(0);
    expect(await stored()).toBe(sha256(bytes));
    expect(await orm().$count(attachment)).toBe(1);
  });

  test('at every piece of a download: what has come stays, through a restart too, and is not fetched again', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const id = await ticketWith(lin);
    await send(lin, id);
    await retryUntil(lin, synced(lin, id));
    const { transport, trouble, counts } = troubledTransport();
    let he = await office.device('he', { transport });
    const [wanted] = await filesUntil(he, id, (f) => f.length === 1);
    for (let round = 0; round < PIECES - 1; round += 1) {
      let answers = 0;
      // One piece comes through, the next one is lost.
      trouble.lose = (what) => what === 'downloadPiece' && (answers += 1) > 1;
      await he.call('attachments.load', { id: wanted!.id });
      await filesUntil(he, id, (f) => f[0]!.loadFailure === 'offline' && !f[0]!.loading);
      if (round === 1) {
        he = await he.restart();
        await he.until('session.state', {}, (s) => s.phase === 'ready');
        expect(await filesOf(he, id)).toMatchObject([{ here: false, partly: true, loading: false }]);
      }
    }
    trouble.lose = () => false;
    await he.call('attachments.load', { id: wanted!.id });
    await filesUntil(he, id, (f) => f[0]!.here);
    expect(sha256(await savedBytes(he, wanted!.id))).toBe(sha256(bytes));
    expect(counts.get('downloadPiece')! - counts.get('downloadPiece lost')!).toBe(PIECES);
    await he.stop();
  });

  test('a download that is cancelled leaves nothing', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const id = await ticketWith(lin);
    await send(lin, id);
    await retryUntil(lin, synced(lin, id));
    const { transport, trouble } = troubledTransport();
    const he = await office.device('he', { transport });
    const [wanted] = await filesUntil(he, id, (f) => f.length === 1);
    let answers = 0;
    trouble.lose = (what) => what === 'downloadPiece' && (answers += 1) > 2;
    await he.call('attachments.load', { id: wanted!.id });
    await filesUntil(he, id, (f) => f[0]!.loadFailure === 'offline');
    expect(storedFiles(he)).toEqual([wanted!.id]);
    await he.call('attachments.cancelLoad', { id: wanted!.id });
    expect(storedFiles(he)).toEqual([]);
    expect(await filesOf(he, id)).toMatchObject([{ here: false, partly: false, loading: false, loadFailure: null }]);
  });

  test('the server restarts in the middle: the same', async () => {
    office = await openOffice();
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const id = await ticketWith(lin);
    let answers = 0;
    trouble.lose = (what) => {
      if (what === 'uploadPiece' && (answers += 1) === 2) trouble.offline = true;
      return trouble.offline;
    };
    await send(lin, id);
    await expect.poll(async () => (await orm().select().from(file))[0]?.received, { timeout: 10_000 }).toBe(2 * CHUNK);
    const { store, url } = office.server;
    await office.server.close();
    const again = await createServer({
      store,
      clock: { now: () => Date.now() },
      ids: v7,
      logger: silentLogger,
      name: 'test',
      hasher: plainHasher,
      timers: false,
    });
    await again.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    try {
      trouble.offline = false;
      await retryUntil(lin, synced(lin, id));
      expect(await stored()).toBe(sha256(bytes));
    } finally {
      await lin.stop();
      await again.close();
    }
  });

  test('the ticket is given away in the middle: the server says so, and the file stays for the agent until it is discarded', async () => {
    office = await openOffice();
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const he = await office.device('he');
    const id = await ticketWith(lin);
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    let answers = 0;
    trouble.lose = (what) => {
      if (what === 'uploadPiece' && (answers += 1) === 2) trouble.offline = true;
      return trouble.offline;
    };
    await send(lin, id);
    await expect.poll(async () => (await orm().select().from(file))[0]?.received, { timeout: 10_000 }).toBe(2 * CHUNK);
    await act(he, id, 'assign', { toId: office.people.bai.id, note: '' });
    await he.until('sync.state', {}, (s) => s.pending === 0);
    trouble.offline = false;
    await retryUntil(lin, async () => (await lin.read('attention.list', {})).length === 1);
    const [item] = await lin.read('attention.list', {});
    expect(item).toMatchObject({ kind: 'attach', refusal: { code: 'not-assignee' } });
    expect((await orm().select().from(file))[0]?.received).toBe(2 * CHUNK);
    // The ticket has left this device; the bytes have not.
    await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null);
    const list = () => lin.read('attachments.list', { of: 'command', id: item!.commandId });
    const [kept] = await list();
    expect(kept).toMatchObject({ state: 'failed', here: true });
    expect(sha256(await savedBytes(lin, kept!.id))).toBe(sha256(bytes));
    await lin.call('attention.discard', { commandId: item!.commandId });
    await expect.poll(() => storedFiles(lin), { timeout: 10_000 }).toEqual([]);
    expect(await list()).toEqual([]);
  });

  test('bytes that were changed on this disk are never sent: the agent is told', async () => {
    office = await openOffice();
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const id = await ticketWith(lin);
    trouble.offline = true;
    await send(lin, id);
    const [name] = storedFiles(lin);
    const folder = readdirSync(lin.dataDir).find((f) => f.endsWith('.files'))!;
    const { readFileSync, writeFileSync } = await import('node:fs');
    const place = join(lin.dataDir, folder, name!);
    const sealed = readFileSync(place);
    sealed[CHUNK + 100]! ^= 1;
    writeFileSync(place, sealed);
    trouble.offline = false;
    await retryUntil(lin, async () => (await lin.read('attention.list', {})).length === 1);
    expect(await lin.read('attention.list', {})).toMatchObject([{ kind: 'attach', refusal: { code: 'file-missing' } }]);
    expect(await orm().$count(attachment)).toBe(0);
  });
});

describe('R11 SY6 what leaves the view leaves the device', () => {
  test('the bytes of a ticket that is evicted, of what was downloaded and of what was sent', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const he = await office.device('he');
    const id = await ticketWith(lin);
    await send(lin, id);
    const [sent] = await filesUntil(he, id, (f) => f.length === 1);
    await he.call('attachments.load', { id: sent!.id });
    await filesUntil(he, id, (f) => f[0]!.here);
    expect(storedFiles(he)).toEqual([sent!.id]);
    expect(storedFiles(lin)).toEqual([sent!.id]);
    // To another group's leader, out of sight of both.
    const admin = await office.device('admin');
    await admin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    await act(admin, id, 'assign', { toId: office.people.ji.id, note: '' });
    for (const device of [lin, he]) {
      await device.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null);
      await expect.poll(() => storedFiles(device), { timeout: 10_000 }).toEqual([]);
      expect(await device.call('attachments.save', { id: sent!.id, handle: device.host.chooseTarget() })).toEqual({
        ok: false,
        why: 'absent',
      });
    }
  });

  test('at a changed view everything, at once, but what waits to be sent', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const he = await office.device('he');
    const id = await ticketWith(lin);
    await send(lin, id);
    const [sent] = await filesUntil(he, id, (f) => f.length === 1);
    await he.call('attachments.load', { id: sent!.id });
    await filesUntil(he, id, (f) => f[0]!.here);
    // A note that was never sent, with its picture, about a ticket that goes.
    await attachTo(he, `ticket:${id}`, '截图.png', png(10, 10));
    const [draft] = await he.read('attachments.list', { of: 'form', id: `ticket:${id}` });
    await office.server.staff.changeAccount(office.people.he.id, {
      role: 'agent',
      groupIds: [office.groups.two.id],
      priorityGroupId: office.groups.two.id,
    });
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null, 40_000);
    await expect.poll(() => storedFiles(he), { timeout: 10_000 }).toEqual([draft!.id]);
    expect(await he.read('attachments.list', { of: 'kept', id: '' })).toMatchObject([{ name: '截图.png', here: true }]);
    expect(sha256(await savedBytes(he, draft!.id))).toBe(sha256(png(10, 10)));
    await he.call('attachments.discard', { id: draft!.id });
    expect(storedFiles(he)).toEqual([]);
    expect(await orm().select().from(attachment).where(eq(attachment.ticketId, id))).toHaveLength(1);
  });
});
