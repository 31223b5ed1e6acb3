import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachment, file, filePiece } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { attachmentLimits, CHUNK } from '../../../../shared/domain/attachments.ts';
import { PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { paths } from '../../../../shared/protocol/wire.ts';
import { png, sha256, someBytes } from '../../../support/core/files.ts';
import { type Company, DAY, foundCompany } from '../company.ts';
import { command, type Device, verdict } from '../device.ts';

interface Said {
  readonly status: number;
  readonly body: {
    readonly received?: number;
    readonly whole?: boolean;
    readonly error?: { readonly code: string; readonly message: string };
  };
}

export function attachmentSuite(store: () => Store): void {
  describe('R22 files on the server', () => {
    let company: Company;
    let ann: Device;
    let ticketId: string;
    beforeEach(async () => {
      company = await foundCompany(store());
      ann = await company.device('ann');
      ({ ticketId } = await company.newTicket(ann));
    });
    afterEach(() => company.close());

    const ask = async (
      by: Device,
      method: 'POST' | 'PUT' | 'GET',
      url: string,
      headers: object,
      payload?: Buffer | object,
    ): Promise<Said> => {
      const response = await company.server.inject({
        method,
        url,
        headers: { authorization: `Bearer ${by.access}`, ...headers },
        ...(payload !== undefined && { payload }),
      });
      const isJson = String(response.headers['content-type']).startsWith('application/json');
      return { status: response.statusCode, body: isJson ? (response.json() as Said['body']) : {} };
    };
    const begin = (by: Device, bytes: Uint8Array, more: object = {}, id = v7()): Promise<Said & { id: string }> =>
      ask(
        by,
        'POST',
        paths.attachments,
        {},
        {
          protocol: PROTOCOL_VERSION,
          id,
          ticketId,
          name: '录音.wav',
          size: bytes.length,
          sha256: sha256(bytes),
          ...more,
        },
      ).then((said) => ({ ...said, id }));
    const put = (
      by: Device,
      id: string,
      offset: number,
      bytes: Uint8Array,
      hash = createHash('sha256').update(bytes).digest('hex'),
    ): Promise<Said> =>
      ask(
        by,
        'PUT',
        `${paths.attachments}/${id}/bytes?offset=${offset}`,
        { 'content-type': 'application/octet-stream', 'x-sha256': hash },
        Buffer.from(bytes),
      );
    const why = ({ body }: Said): string => body.error?.message ?? '';
    const pieceOf = (bytes: Uint8Array, index: number): Uint8Array => bytes.subarray(index * CHUNK, (index + 1) * CHUNK);
    async function upload(by: Device, bytes: Uint8Array, more: object = {}): Promise<string> {
      const { id } = await begin(by, bytes, more);
      for (let i = 0; i * CHUNK < bytes.length; i += 1) await put(by, id, i * CHUNK, pieceOf(bytes, i));
      return id;
    }
    const attach = (by: Device, id: string, bytes: Uint8Array, more: object = {}) =>
      by.push(
        command(
          'attach',
          ticketId,
          { files: [{ id, name: '录音.wav', size: bytes.length, sha256: sha256(bytes), type: 'x/claimed', ...more }] },
          company.clock.now(),
        ),
      );
    const fetched = async (by: Device, id: string, offset: number): Promise<Buffer | string> => {
      const response = await company.server.inject({
        method: 'GET',
        url: `${paths.attachments}/${id}/bytes?offset=${offset}`,
        headers: { authorization: `Bearer ${by.access}` },
      });
      return response.statusCode === 200 ? response.rawPayload : (response.json() as { error: { message: string } }).error.message;
    };

    it('comes in pieces, goes out in pieces, and its type is what it is', async () => {
      const bytes = png(900, 900);
      const long = new Uint8Array(2 * CHUNK + 9);
      long.set(bytes);
      const id = await upload(ann, long);
      expect(verdict((await attach(ann, id, long))[0])).toBe('applied');
      expect(await company.store.orm.select().from(attachment)).toMatchObject([
        { id, type: 'image/png', createdBy: ann.account.id, removedAt: null },
      ]);
      const lea = await company.device('lea');
      const got = await Promise.all([0, 1, 2].map((i) => fetched(lea, id, i * CHUNK)));
      expect(sha256(Buffer.concat(got as Buffer[]))).toBe(sha256(long));
      expect(await fetched(lea, id, 3 * CHUNK)).toBe('not-found');
      expect(await fetched(await company.device('cid'), id, 0)).toBe('not-found');
      await lea.sync();
      expect((await lea.page()).rows.attachments).toEqual([]);
      const fresh = await company.device('qiu');
      expect((await fresh.sync()).flatMap((p) => p.rows.attachments)).toMatchObject([{ id, ticketId, type: 'image/png' }]);
    });

    it('what came before, or comes too early, changes nothing', async () => {
      const bytes = someBytes(2 * CHUNK);
      const { id } = await begin(ann, bytes);
      expect((await put(ann, id, CHUNK, pieceOf(bytes, 1))).body).toEqual({ received: 0, whole: false });
      for (let i = 0; i < 2; i += 1) expect((await put(ann, id, 0, pieceOf(bytes, 0))).body).toEqual({ received: CHUNK, whole: false });
      expect((await begin(ann, bytes, {}, id)).body).toEqual({ received: CHUNK, whole: false });
      const all = await Promise.all([1, 2, 3].map(() => put(ann, id, CHUNK, pieceOf(bytes, 1))));
      for (const { body } of all) expect(body).toEqual({ received: 2 * CHUNK, whole: true });
      expect(await company.store.orm.$count(filePiece)).toBe(2);
    });

    it.each([
      ['too large', { size: attachmentLimits.size + 1 }, 'bad-request'],
      ['empty', { size: 0 }, 'bad-request'],
      ['a program by its name', { name: 'setup.exe' }, 'not-possible'],
      ['a path for a name', { name: '../../x' }, 'not-possible'],
      ['no hash', { sha256: 'x' }, 'bad-request'],
    ])('refuses at the announcement: %s', async (_, more, code) => {
      const said = await begin(ann, someBytes(10), more);
      expect(said.body.error?.code).toBe(code);
      expect(await company.store.orm.$count(file)).toBe(0);
    });

    it('a program that calls itself a picture is refused with its first piece, and so is its command', async () => {
      const bytes = someBytes(CHUNK + 5);
      bytes.set([0x4d, 0x5a], 0);
      const { id } = await begin(ann, bytes, { name: '照片.png' });
      expect(why(await put(ann, id, 0, pieceOf(bytes, 0)))).toBe('file-refused');
      expect(why(await put(ann, id, CHUNK, pieceOf(bytes, 1)))).toBe('file-refused');
      expect(why(await begin(ann, bytes, { name: '照片.png' }, id))).toBe('file-refused');
      expect(await attach(ann, id, bytes, { name: '照片.png' })).toMatchObject([
        { status: 'refused', refusal: { code: 'file-refused', detail: 'program' } },
      ]);
      expect(await company.store.orm.$count(filePiece)).toBe(0);
    });

    it('bytes that are not those announced are not kept', async () => {
      const bytes = someBytes(CHUNK + 5);
      const { id } = await begin(ann, bytes, { sha256: 'a'.repeat(64) });
      await put(ann, id, 0, pieceOf(bytes, 0));
      expect(why(await put(ann, id, CHUNK, pieceOf(bytes, 1)))).toBe('hash');
      expect(await company.store.orm.$count(filePiece)).toBe(0);
      expect((await begin(ann, bytes, { sha256: 'a'.repeat(64) }, id)).body).toEqual({ received: 0, whole: false });
      // A piece that was changed on its way never gets that far.
      expect((await put(ann, id, 0, pieceOf(bytes, 0), 'b'.repeat(64))).body.error?.code).toBe('bad-request');
      expect(why(await put(ann, id, 0, bytes.subarray(0, 100)))).toBe('size');
      expect((await put(ann, id, 7, bytes.subarray(0, 100))).body.error?.code).toBe('bad-request');
      expect((await put(ann, id, 0, someBytes(CHUNK + 1))).body.error?.code).toBe('too-large');
    });

    it('a command without its bytes, or with those of somebody else, is refused', async () => {
      const bytes = someBytes(10);
      expect(verdict((await attach(ann, v7(), bytes))[0])).toBe('file-missing');
      const { id } = await begin(ann, bytes);
      expect(verdict((await attach(ann, id, bytes))[0])).toBe('file-missing');
      await put(ann, id, 0, bytes);
      // Another ticket's, another size, another hash.
      const ben = await company.device('ben');
      const other = await company.newTicket(ben);
      const foreign = command(
        'attach',
        other.ticketId,
        { files: [{ id, name: 'x.wav', size: 10, sha256: sha256(bytes), type: '' }] },
        company.clock.now(),
      );
      expect(verdict((await ben.push(foreign))[0])).toBe('file-missing');
      expect(verdict((await attach(ann, id, bytes, { size: 11 }))[0])).toBe('file-missing');
      expect(verdict((await attach(ann, id, bytes, { name: 'x.exe' }))[0])).toBe('file-refused');
      expect(why(await put(ben, id, 0, bytes))).toBe('file-missing');
      expect(why(await begin(ben, bytes, { ticketId: other.ticketId }, id))).toBe('id-taken');
      expect(verdict((await attach(ann, id, bytes))[0])).toBe('applied');
      expect(verdict((await attach(ann, id, bytes))[0])).toBe('id-taken');
    });

    it('the right to attach is asked for with each piece', async () => {
      const bytes = someBytes(3 * CHUNK);
      const { id } = await begin(ann, bytes);
      await put(ann, id, 0, pieceOf(bytes, 0));
      const lea = await company.device('lea');
      await lea.push(command('assign', ticketId, { toId: company.people.ben.id, note: '' }, company.clock.now()));
      expect(why(await put(ann, id, CHUNK, pieceOf(bytes, 1)))).toBe('not-assignee');
      await company.server.staff.changeAccount(ann.account.id, { disabled: true });
      expect((await put(ann, id, CHUNK, pieceOf(bytes, 1))).body.error?.code).toBe('account-disabled');
      expect((await company.store.orm.select().from(file))[0]!.received).toBe(CHUNK);
    });

    it('a file whose command does not come is forgotten after a day; an attachment is not', async () => {
      const bytes = someBytes(10);
      const kept = await upload(ann, bytes);
      await attach(ann, kept, bytes);
      const lost = await upload(ann, bytes);
      company.clock.pass(DAY - 1);
      await company.server.runDue();
      expect(await company.store.orm.$count(file)).toBe(2);
      company.clock.pass(1);
      await company.server.runDue();
      expect((await company.store.orm.select().from(file)).map((f) => f.id)).toEqual([kept]);
      expect(await company.store.orm.$count(filePiece, eq(filePiece.fileId, lost))).toBe(0);
    });

    it('of one account, only so many are on their way', async () => {
      for (let i = 0; i < 40; i += 1) expect((await begin(ann, someBytes(10))).status).toBe(200);
      expect(why(await begin(ann, someBytes(10)))).toBe('too-many');
    });
  });
}
