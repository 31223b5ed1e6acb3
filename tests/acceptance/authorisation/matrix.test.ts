import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandKinds, recordKinds } from '../../../shared/domain/commands/index.ts';
import { operationNames, type OperationOutput } from '../../../shared/protocol/operations.ts';
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts';
import { type LiveMessage, paths, pushResponse } from '../../../shared/protocol/wire.ts';
import { file, ticket } from '../../../server/store/schema.ts';
import { openTestStore } from '../../../server/testing.ts';
import type { Store } from '../../../server/store/store.ts';
import { type Answer, call, command, Device, record, verdict } from '../../integration/server/device.ts';
import { listen } from '../../integration/server/suites/live.ts';
import { attachedFile, prepare } from './attempts.ts';
import { operationInput } from './operation-attempts.ts';
import { type Actor, actors, type Row, type Scope, scopes, tables } from './table.ts';
import { makeWorld, type World } from './world.ts';

type Cells = Record<string, string>;
const cellsOf = (row: Row): Cells => Object.fromEntries(actors.flatMap((a) => scopes.map((s) => [`${a} · ${s}`, row[a][s]])));

describe('S19 who may do what', () => {
  let store: Store;
  let world: World;
  beforeAll(async () => {
    store = await openTestStore();
    world = await makeWorld(store);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await store.close();
  });

  /** Who asks; none has no token at all. */
  const deviceOf = (actor: Actor): Device => (actor === 'none' ? new Device(world.company.server) : world.devices[actor]);
  /** With whose things the scene is set. */
  const sceneOf = (actor: Actor): Device => (actor === 'none' ? world.devices.agent : world.devices[actor]);

  async function everyCell(attempt: (actor: Actor, scope: Scope) => Promise<string>): Promise<Cells> {
    const got: Cells = {};
    for (const actor of actors) for (const scope of scopes) got[`${actor} · ${scope}`] = await attempt(actor, scope);
    return got;
  }

  const post = (by: Device, path: string, body: object): Promise<Answer> =>
    call(world.company.server, 'POST', path, { protocol: PROTOCOL_VERSION, ...body }, by.access === '' ? undefined : by.access);

  /** What an answer at the door says; a `not-possible` by its reason. */
  const wordOf = ({ body }: Answer): string => {
    const { code, message } = (body as { error: { code: string; message: string } }).error;
    return code === 'not-possible' ? message : code;
  };

  test('S19 every command, operation and way of reading has its row, and no other has', () => {
    expect([...tables.commands.keys()].toSorted()).toEqual([...commandKinds, ...recordKinds].toSorted());
    expect([...tables.operations.keys()].toSorted()).toEqual(operationNames.toSorted());
    expect([...tables.reads.keys()]).toEqual(['sync', 'live', 'export', 'older', 'file']);
  });

  test.each([...commandKinds, ...recordKinds])('S19 %s, pushed', async (kind) => {
    const got = await everyCell(async (actor, scope) => {
      const by = deviceOf(actor);
      const given = await prepare(world, kind, scope, sceneOf(actor));
      const answer = await post(by, paths.push, { deviceId: by.id, commands: [given] });
      if (answer.status !== 200) return wordOf(answer);
      const said = verdict(pushResponse.parse(answer.body).results[0]);
      return said === 'applied' ? 'done' : said;
    });
    expect(got).toEqual(cellsOf(tables.commands.get(kind)!));
  });

  test.each(operationNames)('S19 %s', async (name) => {
    const got = await everyCell(async (actor, scope) => {
      const input = await operationInput(world, name, scope, sceneOf(actor));
      const answer = await post(deviceOf(actor), `${paths.operations}/${name}`, { input });
      if (answer.status !== 200) return wordOf(answer);
      const reset = (answer.body as { output: { password?: string } }).output.password;
      // A reset of the own password has ended the own session.
      if (name === 'staff.resetPassword' && scope === 'own') {
        const self = await sceneOf(actor).signIn(sceneOf(actor).account.staffNo, reset!);
        await self.operate('account.changePassword', { old: reset!, next: 'right-password' });
      }
      return 'done';
    });
    expect(got).toEqual(cellsOf(tables.operations.get(name)!));
  });

  test('S19 attach, its bytes before it', async () => {
    // Those of other tests: only so many of one account may be on their way.
    await world.company.store.orm.delete(file);
    const got = await everyCell(async (actor, scope) => {
      const { ticketId } = await world.ticket(scope, sceneOf(actor));
      const told = { id: v7(), ticketId, name: '光猫.png', size: 3, sha256: '0'.repeat(64) };
      const answer = await post(deviceOf(actor), paths.attachments, told);
      return answer.status === 200 ? 'done' : wordOf(answer);
    });
    expect(got).toEqual(cellsOf(tables.commands.get('attach')!));
  });

  describe('tickets, as they come by', () => {
    const subjects = new Map<string, string>();
    beforeAll(async () => {
      for (const actor of actors)
        for (const scope of scopes) subjects.set(`${actor} · ${scope}`, (await world.ticket(scope, sceneOf(actor))).ticketId);
    });
    const subject = (actor: Actor, scope: Scope): string => subjects.get(`${actor} · ${scope}`)!;

    test('S19 the bytes of an attachment', async () => {
      const got = await everyCell(async (actor, scope) => {
        const id = await attachedFile(world, subject(actor, scope), world.third);
        const by = deviceOf(actor);
        const path = `${paths.attachments}/${id}/bytes?offset=0`;
        const answer = await call(world.company.server, 'GET', path, undefined, by.access === '' ? undefined : by.access);
        if (answer.status === 200) return 'seen';
        return wordOf(answer) === 'not-found' ? 'unseen' : wordOf(answer);
      });
      expect(got).toEqual(cellsOf(tables.reads.get('file')!));
    });

    test('S19 sync pull, from the beginning and as changes', async () => {
      const fresh = new Map<Actor, Device>();
      for (const actor of actors) {
        const by = deviceOf(actor);
        const copy = new Device(world.company.server);
        copy.access = by.access;
        fresh.set(actor, copy);
      }
      const seenBy = async (actor: Actor, scope: Scope): Promise<string> => {
        const by = fresh.get(actor)!;
        const body = { epoch: null, view: null, cursor: null, after: null, limit: 1 };
        const answer = await post(by, paths.pull, body);
        if (answer.status !== 200) return wordOf(answer);
        await by.sync(1000);
        const id = subject(actor, scope);
        if (by.tickets.has(id)) return 'seen';
        return [...by.transfers.values()].some((t) => t.ticketId === id) ? 'as it was when given away' : 'unseen';
      };
      expect(await everyCell(seenBy)).toEqual(cellsOf(tables.reads.get('sync')!));
      // What has changed since comes to the same devices, and to nobody else.
      for (const actor of actors)
        for (const scope of scopes)
          await world.devices.admin.push(command('note', subject(actor, scope), { note: '又一条' }, world.company.clock.now()));
      expect(await everyCell(seenBy)).toEqual(cellsOf(tables.reads.get('sync')!));
    });

    test('S19 live push', async () => {
      const got = await everyCell(async (actor, scope) => {
        const by = deviceOf(actor);
        const { admin } = world.devices;
        const now = world.company.clock.now();
        let ear;
        try {
          ear = await listen(world.company.server.url, by.access);
        } catch (error) {
          return /401/.test(String(error)) ? 'unauthorized' : 'account-disabled';
        }
        const [change] = await admin.push(command('note', subject(actor, scope), { note: '听' }, now));
        // Everyone hears of somebody's duty; by then a hint of the change would have come.
        const [fence] = await admin.push(record('setDuty', admin.account.id, { duty: 'on' }, now));
        const last = fence!.status === 'applied' ? fence!.seq : -1;
        const heads: number[] = [];
        while (heads.at(-1) !== last) heads.push(((await ear.next()) as Extract<LiveMessage, { type: 'changed' }>).head);
        ear.close();
        return change!.status === 'applied' && heads.includes(change!.seq) ? 'seen' : 'unseen';
      });
      expect(got).toEqual(cellsOf(tables.reads.get('live')!));
    });

    test('S19 export, ticked and as a whole', async () => {
      const asked = { fields: ['number'], locale: 'zh-CN', zone: 'Asia/Shanghai' };
      const rowsFor = async (actor: Actor, select: object): Promise<string[] | string> => {
        const answer = await post(deviceOf(actor), paths.export, { ...asked, select });
        return answer.status === 200 ? String(answer.body).split('\r\n').slice(1, -1) : wordOf(answer);
      };
      const numbers = new Map((await world.company.truth()).tickets.map((t) => [t.row.id, String(t.row.number)]));
      const wholes = new Map<Actor, string[] | string>();
      for (const actor of actors) wholes.set(actor, await rowsFor(actor, { by: 'filter', list: 'all', text: '', filter: [] }));
      const ticked = await everyCell(async (actor, scope) => {
        const rows = await rowsFor(actor, { by: 'ids', ids: [subject(actor, scope)] });
        return typeof rows === 'string' ? rows : rows.length > 0 ? 'seen' : 'unseen';
      });
      expect(ticked).toEqual(cellsOf(tables.reads.get('export')!));
      const whole = await everyCell(async (actor, scope) => {
        const rows = wholes.get(actor)!;
        return typeof rows === 'string' ? rows : rows.includes(numbers.get(subject(actor, scope))!) ? 'seen' : 'unseen';
      });
      expect(whole).toEqual(cellsOf(tables.reads.get('export')!));
    });

    test('S19 old tickets that devices no longer keep', async () => {
      await world.company.store.orm.update(ticket).set({ status: 'resolved', updatedAt: 1 });
      const got = await everyCell(async (actor, scope) => {
        const input = { select: { by: 'ids', ids: [subject(actor, scope)] }, zone: 'Asia/Shanghai', behind: null, limit: 10 };
        const answer = await post(deviceOf(actor), `${paths.operations}/tickets.older`, { input });
        if (answer.status !== 200) return wordOf(answer);
        return (answer.body as { output: OperationOutput<'tickets.older'> }).output.tickets.length > 0 ? 'seen' : 'unseen';
      });
      expect(got).toEqual(cellsOf(tables.reads.get('older')!));
    });
  });
});
