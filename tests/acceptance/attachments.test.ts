import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, describe, expect, test } from 'vitest';
import { createServer } from '../../server/create-server.ts';
import { attachment, file, filePiece, ticketEvent } from '../../server/store/schema.ts';
import { plainHasher } from '../../server/testing.ts';
import { attachmentLimits, CHUNK } from '../../shared/domain/attachments.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import { type CoreProcess, startCoreProcess } from '../integration/core/core-process.ts';
import { newTicket, numbered, type Office, openOffice, PASSWORD } from '../support/core/desk.ts';
import { attachTo, filesUntil, pixelBomb, png, savedBytes, sha256, someBytes } from '../support/core/files.ts';
import { VirtualTime } from '../support/core/virtual-time.ts';

let office: Office;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0)) await clean();
  await office.close();
});

const DAY = 86_400_000;
const orm = () => office.server.store.orm;
const filesIn = (dataDir: string): string[] => {
  const folder = readdirSync(dataDir).find((f) => f.endsWith('.files'));
  return folder === undefined ? [] : readdirSync(join(dataDir, folder));
};

describe('W04 W09 attachments while executing', () => {
  test('W04 W09 from the composer of one to the disk of another, the same bytes, through the history', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const id = await newTicket(lin);
    await numbered(lin, id);
    const form = `ticket:${id}`;
    const bytes = someBytes(700_000);
    await attachTo(lin, form, '录音.bin', bytes);
    await attachTo(lin, form, '光猫.png', png(40, 30));
    expect(await lin.read('attachments.list', { of: 'form', id: form })).toMatchObject([
      { name: '录音.bin', state: 'draft', size: 700_000, picture: false },
      { name: '光猫.png', state: 'draft', type: 'image/png', picture: true },
    ]);
    const given = { ticketId: id, kind: 'update', args: { note: '见附件', changes: [], waiting: false }, draft: form } as const;
    expect((await lin.call('tickets.act', given)).ok).toBe(true);
    expect(await lin.read('attachments.list', { of: 'form', id: form })).toEqual([]);
    await filesUntil(lin, id, (files) => files.length === 2 && files.every((f) => f.state === 'synced' && f.commandId === null));

    const he = await office.device('he');
    const files = await filesUntil(he, id, (all) => all.length === 2);
    expect(files).toMatchObject([
      { name: '录音.bin', here: false, byName: '林知夏', mayRemove: true },
      { name: '光猫.png', here: false, type: 'image/png' },
    ]);
    const [recording] = files;
    const { events } = (await he.read('tickets.get', { ticketId: id, transferId: null }))!;
    expect(events.slice(0, 2).map((e) => [e.command, e.note])).toEqual([
      ['update', '见附件'],
      ['attach', ''],
    ]);
    expect(files.every((f) => f.eventId === events[1]!.id)).toBe(true);
    // Nothing comes before it is asked for.
    expect(await he.call('attachments.save', { id: recording!.id, handle: he.host.chooseTarget() })).toEqual({ ok: false, why: 'absent' });
    await he.call('attachments.load', { id: recording!.id });
    await filesUntil(he, id, (all) => all[0]!.here);
    expect(sha256(await savedBytes(he, recording!.id))).toBe(sha256(bytes));
  });
});

describe('F07 attachments survive', () => {
  test(
    'F07 kill -9 at any moment of copying and of sending: what was taken is there again, half a copy is not, and each file arrives once and whole',
    { timeout: 200_000 },
    async () => {
      office = await openOffice();
      const dataDir = mkdtempSync(join(tmpdir(), 'zuoxi-attach-kill-'));
      let core: CoreProcess = await startCoreProcess({ dataDir });
      cleanUps.push(
        () => void core.child.kill('SIGKILL'),
        () => rmSync(dataDir, { recursive: true, force: true }),
      );
      const { host } = core;
      await core.client.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: PASSWORD });
      const made = await core.client.call('tickets.create', {
        customerId: null,
        customer: { name: '周砚秋', phones: [] },
        subject: '大附件',
        description: '',
        category: '',
        nature: 'problem',
        priority: 'normal',
        source: 'phone',
      });
      const ticketId = made.ok ? made.ticketId : '';
      const form = `ticket:${ticketId}`;
      const given = new Map<string, string>();
      let halfCopies = 0;
      let cutUploads = 0;
      for (let round = 0; round < 8; round += 1) {
        const name = `录音 ${round}.wav`;
        const bytes = someBytes(8 * CHUNK + round);
        const before = await core.client.read('attachments.list', { of: 'form', id: form });
        // Killed a little later in each round: first inside the copy, then inside the upload.
        const copy = core.client.call('attachments.addPicked', { form, files: [host.pick(name, bytes)] }).then(
          () => true,
          () => false,
        );
        if (round % 2 === 0) {
          await core.until(
            'attachments.list',
            { of: 'form', id: form },
            (f) => f.length > before.length && f.at(-1)!.done >= ((round % 8) / 2 + 1) * CHUNK,
          );
          await core.kill();
        } else {
          expect(await copy).toBe(true);
          given.set(name, sha256(bytes));
          await core.client.call('attachments.send', { ticketId, form });
          await expect
            .poll(async () => (await orm().select().from(file)).some((f) => f.name === name && f.received >= round * CHUNK), {
              timeout: 20_000,
              interval: 2,
            })
            .toBe(true);
          await core.kill();
          if ((await orm().select().from(file)).some((f) => f.name === name && !f.whole)) cutUploads += 1;
        }
        const copied = await copy;
        core = await startCoreProcess({ dataDir, host });
        await core.until('session.state', {}, (s) => s.phase === 'ready');
        if (round % 2 === 0) {
          const kept = await core.client.read('attachments.list', { of: 'form', id: form });
          // All of it, or nothing: and what was there before it is there.
          expect(kept.every((f) => f.state === 'draft' && f.here)).toBe(true);
          if (kept.some((f) => f.name === name)) given.set(name, sha256(bytes));
          else {
            expect(copied, 'said to be taken, and gone').toBe(false);
            halfCopies += 1;
            await expect.poll(() => filesIn(dataDir).length, { timeout: 10_000 }).toBeLessThanOrEqual(given.size);
          }
        }
      }
      if ((await core.client.read('attachments.list', { of: 'form', id: form })).length > 0)
        await core.client.call('attachments.send', { ticketId, form });
      await core.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online', 60_000);
      // Kills that hit nothing prove nothing.
      expect(halfCopies).toBeGreaterThan(0);
      expect(cutUploads).toBeGreaterThan(0);
      expect(await core.client.read('attention.list', {})).toEqual([]);
      const arrived = await orm().select().from(attachment);
      expect(new Map(arrived.map((a) => [a.name, a.sha256]))).toEqual(given);
      expect(arrived).toHaveLength(given.size);
      expect(await orm().$count(filePiece)).toBe(arrived.reduce((n, a) => n + Math.ceil(a.size / CHUNK), 0));
      expect(
        (await orm().select().from(ticketEvent))
          .filter((e) => e.command === 'attach')
          .flatMap((e) => String(e.changes['attachment']!.to).split('、'))
          .toSorted(),
      ).toEqual([...given.keys()].toSorted());
      await core.stop();
    },
  );

  test('F07 14 days offline: a draft with a picture and one that was sent are there, encrypted, and go when the network is back', async () => {
    const time = new VirtualTime(Date.UTC(2026, 10, 18, 2));
    office = await openOffice({ clock: time });
    let lin = await office.device('lin', { clock: time, timers: time });
    const id = await newTicket(lin);
    await numbered(lin, id);
    const text = Buffer.from('客户提供的合同全文 '.repeat(20_000));
    const form = `ticket:${id}`;
    const { url } = office.server;
    await office.server.close();
    await attachTo(lin, form, '合同.txt', new Uint8Array(text));
    await lin.call('tickets.act', { ticketId: id, kind: 'note', args: { note: '合同见附件' }, draft: form });
    await attachTo(lin, form, '截图.png', png(50, 50));
    await lin.call('drafts.save', { form, value: '{"note":"没写完"}' });
    for (let day = 0; day < 13; day += 1) await time.sleep(DAY);
    lin = await lin.restart();
    await lin.until('session.state', {}, (s) => s.phase === 'ready');
    expect(await lin.read('attachments.list', { of: 'form', id: form })).toMatchObject([
      { name: '截图.png', state: 'draft', here: true, picture: true },
    ]);
    expect((await lin.read('drafts.get', { form }))?.value).toContain('没写完');
    expect(await lin.read('attachments.list', { of: 'ticket', id })).toMatchObject([{ name: '合同.txt', here: true }]);
    const folder = readdirSync(lin.dataDir).find((f) => f.endsWith('.files'))!;
    const stored = filesIn(lin.dataDir).map((f) => readFileSync(join(lin.dataDir, folder, f)));
    expect(stored).toHaveLength(2);
    for (const bytes of stored) {
      expect(bytes.includes('合同')).toBe(false);
      // As long as chance does not hit it: three letters stand in a million random bytes now and then.
      expect(bytes.includes(Buffer.from('89504e470d0a1a0a', 'hex'))).toBe(false);
    }
    const again = await createServer({
      store: office.server.store,
      clock: time,
      ids: v7,
      logger: silentLogger,
      name: 'test',
      hasher: plainHasher,
      timers: false,
    });
    cleanUps.push(() => again.close());
    await again.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    await expect
      .poll(
        async () => {
          await lin.call('sync.retry', {});
          return (await lin.read('sync.state', {})).pending;
        },
        { timeout: 20_000 },
      )
      .toBe(0);
    expect((await orm().select().from(attachment)).map((a) => a.sha256)).toEqual([sha256(text)]);
    await lin.stop();
  });
});

describe('R22 huge and hostile attachments', () => {
  test.each([
    ['a program with a picture’s name', '照片.png', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(600, 1)]), 'program'],
    ['a script with a text’s name', '说明.txt', Buffer.from('#!/bin/sh\ncurl x | sh\n'), 'script'],
    ['a shortcut with a document’s name', '合同.docx', Buffer.from([0x4c, 0, 0, 0, 1, 0x14, 2, 0, 0, 0, 0, 0]), 'shortcut'],
    ['a program by its name', 'setup.exe', Buffer.from('harmless'), 'program'],
    ['an empty file', '空.txt', Buffer.alloc(0), 'empty'],
    ['one byte too many', '大.bin', Buffer.alloc(attachmentLimits.size + 1, 1), 'too-large'],
  ] as const)('R22 %s is refused with its reason, and nothing of it stays', async (_, name, bytes, why) => {
    office = await openOffice();
    const lin = await office.device('lin');
    const id = await newTicket(lin);
    const read = lin.host.pick(name, new Uint8Array(bytes));
    expect(await lin.call('attachments.addPicked', { form: `ticket:${id}`, files: [read] })).toEqual({
      added: 0,
      refused: [{ name, why }],
    });
    // The same by dropping it.
    const begun = await lin.call('attachments.begin', { form: `ticket:${id}`, name, size: bytes.length });
    if (begun.ok) expect(await lin.call('attachments.append', { id: begun.id, bytes: new Uint8Array(bytes) })).toEqual({ ok: false, why });
    else expect(begun.why).toBe(why);
    expect(await lin.read('attachments.list', { of: 'form', id: `ticket:${id}` })).toEqual([]);
    expect(filesIn(lin.dataDir)).toEqual([]);
  });

  test('R22 a file that changes while it is read, one more than ten, and pieces out of shape are refused', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const form = `ticket:${await newTicket(lin)}`;
    const picked = lin.host.pick('长.wav', someBytes(CHUNK * 2));
    expect(await lin.call('attachments.addPicked', { form, files: [{ ...picked, size: CHUNK + 9 }] })).toMatchObject({
      refused: [{ why: 'unreadable' }],
    });
    const begun = await lin.call('attachments.begin', { form, name: '短.wav', size: CHUNK + 9 });
    if (!begun.ok) throw new Error(begun.why);
    expect(await lin.call('attachments.append', { id: begun.id, bytes: someBytes(9) })).toEqual({ ok: false, why: 'unreadable' });
    const files = Array.from({ length: 11 }, (_, i) => lin.host.pick(`${i}.txt`, new Uint8Array([65])));
    expect(await lin.call('attachments.addPicked', { form, files })).toEqual({ added: 10, refused: [{ name: '10.txt', why: 'too-many' }] });
  });

  test('R22 a pixel bomb is kept, travels, and is never unfolded; a picture is shown in pieces below a megabyte', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const id = await newTicket(lin);
    await numbered(lin, id);
    const form = `ticket:${id}`;
    await attachTo(lin, form, '炸弹.png', pixelBomb(60_000, 60_000));
    await attachTo(lin, form, '照片.png', png(300, 200));
    await lin.call('attachments.send', { ticketId: id, form });
    const files = await filesUntil(lin, id, (f) => f.length === 2 && f.every((x) => x.state === 'synced' && x.commandId === null));
    const [bomb, photo] = files;
    expect([bomb!.picture, photo!.picture]).toEqual([false, true]);
    expect(await lin.call('attachments.piece', { id: bomb!.id, index: 0 })).toBeNull();
    expect((await lin.call('attachments.piece', { id: photo!.id, index: 0 }))!.bytes.length).toBeLessThanOrEqual(CHUNK);
    // Nor on the device of whoever fetches it.
    const he = await office.device('he');
    await he.call('attachments.load', { id: (await filesUntil(he, id, (f) => f.length === 2))[0]!.id });
    expect((await filesUntil(he, id, (f) => f[0]!.here))[0]!.picture).toBe(false);
  });
});
