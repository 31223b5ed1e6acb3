import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts';
import { helloResponse, paths, sessionResponse } from '../../../shared/protocol/wire.ts';
import { appendAudit } from '../../../server/audit/append.ts';
import { verifyAudit } from '../../../server/audit/verify.ts';
import type { Store } from '../../../server/store/store.ts';
import { openTestStore } from '../../../server/testing.ts';
import { freePort, startPostgres, type TestPostgres } from './databases.ts';

const main = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));
const node = join(dirname(main), '../node_modules/.bin/node');

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program; with `ready`, calls it once the server listens and stops the server afterwards. */
function run(args: readonly string[], env: Record<string, string> = {}, ready?: (url: string) => Promise<void>): Promise<Run> {
  return new Promise((resolve, reject) => {
    const { DATABASE_URL: _, ...rest } = process.env;
    const child = spawn(node, [main, ...args], { env: { ...rest, ...env } });
    let out = '';
    let err = '';
    let called = false;
    child.stdout.on('data', (d: Buffer) => {
      out += d.toString();
      const line = /^\{"listening":.*\}$/m.exec(out)?.[0];
      if (line === undefined || called) return;
      called = true;
      const { listening } = JSON.parse(line) as { listening: string };
      void (ready?.(listening) ?? Promise.resolve()).catch(reject).finally(() => child.kill('SIGTERM'));
    });
    child.stderr.on('data', (d: Buffer) => (err += d.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** One sentence in two languages, exit code 1, nothing that only a programmer reads. */
function expectSentence(result: Run, ...parts: readonly (string | RegExp)[]): void {
  expect(result.code).toBe(1);
  const lines = result.err.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/[\u4e00-\u9fff].* \/ [A-Z]/);
  expect(result.err).not.toMatch(/\n\s+at |Error:|node_modules/);
  for (const part of parts) expect(lines[0]).toMatch(part);
  expect(result.out).toBe('');
}

describe('server program', () => {
  let folder: string;
  let postgres: TestPostgres;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zuoxi-cli-'));
    postgres = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const data = (name: string): string => join(folder, name);

  it('fills the demo, says on one machine-readable line where it listens, and stops in order', async () => {
    const result = await run(['--demo', '--quiet-demo', '--port', '0', '--data', data('demo')], {}, async (url) => {
      const hello = helloResponse.parse(await (await fetch(url + paths.hello)).json());
      expect(hello.demo).toBe(true);
      const body = JSON.stringify({ protocol: PROTOCOL_VERSION, staffNo: 'A20817', password: 'demo-2026', deviceId: 'device-0001' });
      const answer = await fetch(url + paths.signIn, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      expect(sessionResponse.parse(await answer.json()).account.name).toBe('林知夏');
      expect((await stat(data('demo'))).mode & 0o777).toBe(0o700);
      // A second server on the same folder would destroy it.
      expectSentence(await run(['--port', '0', '--data', data('demo')]), data('demo'), /in use/);
    });
    expect(result.code).toBe(0);
    expect(result.out.trim().split('\n')).toHaveLength(1);
    // The demo is not filled twice, and the folder is free again.
    const again = await run(['--demo', '--quiet-demo', '--port', '0', '--data', data('demo')]);
    expect(again.code).toBe(0);
    expect(again.err).not.toContain('Preparing');
  }, 60_000);

  it('tells how to make the first admin, makes it, and lets it sign in', async () => {
    const empty = await run(['--port', '0', '--data', data('new')]);
    expect(empty.err).toContain(`npm run server -- admin --data ${data('new')} --staff-no A1`);
    expect(empty.err).toContain(`node server/main.ts admin --data ${data('new')} --staff-no A1`);
    const made = await run(['admin', '--data', data('new'), '--staff-no', 'A1', '--name', '管理员']);
    expect(made.code).toBe(0);
    const { staffNo, password } = JSON.parse(made.out) as { staffNo: string; password: string };
    expect(password.length).toBeGreaterThanOrEqual(12);
    await run(['--port', '0', '--data', data('new')], {}, async (url) => {
      const body = JSON.stringify({ protocol: PROTOCOL_VERSION, staffNo, password, deviceId: 'device-0001' });
      const answer = await fetch(url + paths.signIn, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      expect(sessionResponse.parse(await answer.json()).account).toMatchObject({ role: 'admin', name: '管理员' });
    });
    expectSentence(await run(['admin', '--data', data('new'), '--staff-no', 'a1', '--name', 'x']), /a1/, /exists/);
  }, 60_000);

  it('R17 is told after a restore, and devices see another epoch', async () => {
    let before = '';
    const epoch = async (url: string): Promise<string> => helloResponse.parse(await (await fetch(url + paths.hello)).json()).epoch;
    await run(['--port', '0', '--data', data('restored')], {}, async (url) => void (before = await epoch(url)));
    expect((await run(['restored', '--data', data('restored')])).code).toBe(0);
    await run(['--port', '0', '--data', data('restored')], {}, async (url) => expect(await epoch(url)).not.toBe(before));
    expect(before).not.toBe('');
  }, 60_000);

  it('Y05 makes a key for the telephone switch, shown once, with which it is let in', async () => {
    const at = ['--data', data('switch')];
    const keyOf = (out: string): string => (JSON.parse(out) as { switchKey: string }).switchKey;
    const first = await run(['switch-key', ...at]);
    expect(first.code).toBe(0);
    const second = await run(['switch-key', ...at]);
    await run(['--port', '0', ...at], {}, async (url) => {
      const status = async (key: string): Promise<number> =>
        (await fetch(`${url}/v1/calls`, { method: 'POST', headers: { authorization: `Bearer ${key}` } })).status;
      expect(await status(keyOf(first.out))).toBe(401);
      expect(await status(keyOf(second.out))).toBe(400);
    });
    expect(second.err).not.toContain(keyOf(second.out));
  }, 60_000);

  describe('the audit log', () => {
    interface Said {
      readonly entries: number;
      readonly head: string;
      readonly ok: boolean;
      readonly broken?: object;
    }
    const said = (result: Run): Said => JSON.parse(result.out) as Said;

    it('S22 is verified, with a head to note; what was changed is named, and the exit code says so', async () => {
      const work = async <T>(with_: (store: Store) => Promise<T>): Promise<T> => {
        const store = await openTestStore({ dir: data('audit') });
        return with_(store).finally(() => store.close());
      };
      const noted = await work(async (store) => {
        const append = (id: string): Promise<void> => appendAudit(store.orm, { at: 1, id, action: 'x', accountId: null, detail: '' });
        await append('a');
        await append('b');
        const { head } = await verifyAudit(store);
        await append('c');
        return head;
      });
      const whole = await run(['audit', 'verify', '--data', data('audit'), '--from-hash', noted.toUpperCase()]);
      expect([whole.code, said(whole)]).toEqual([0, { entries: 3, head: expect.stringMatching(/^[\da-f]{64}$/), ok: true }]);
      expect(said(whole).head).not.toBe(noted);
      await work((store) => store.script(`SET session_replication_role = replica; UPDATE audit SET detail = 'x' WHERE seq = 2`));
      const changed = await run(['audit', 'verify', '--data', data('audit')]);
      expect([changed.code, said(changed)]).toMatchObject([1, { ok: false, broken: { what: 'changed', seq: 2 } }]);
      expect(changed.err).toMatch(/第 2 条.* \/ Entry 2 /);
    }, 60_000);

    it('S22 gives a role of PostgreSQL what a server needs, and that role can serve and verify', async () => {
      const url = await postgres.create('granted');
      const owner = await openTestStore({ url });
      await owner.script(`CREATE ROLE zuoxi_served LOGIN PASSWORD 'served'`);
      await owner.close();
      expect((await run(['audit', 'grant', '--role', 'zuoxi_served', '--database-url', url])).code).toBe(0);
      const served = { DATABASE_URL: url.replace('zuoxi:zuoxi', 'zuoxi_served:served') };
      const result = await run(['--port', '0'], served, async (at) => {
        helloResponse.parse(await (await fetch(at + paths.hello)).json());
      });
      expect([result.code, result.err.includes('audit-not-protected')]).toEqual([0, false]);
      // Whole, and another one than that of which this head was noted.
      const verified = await run(['audit', 'verify', '--from-hash', 'a'.repeat(64)], served);
      expect([verified.code, said(verified)]).toMatchObject([1, { ok: false, broken: { what: 'not-noted' } }]);
      expectSentence(await run(['audit', 'grant', '--role', 'nobody-there', '--database-url', url]), /nobody-there/, /CREATE ROLE/);
      const later = await openTestStore({ url });
      await later.script('DELETE FROM schema_version WHERE version = (SELECT max(version) FROM schema_version)');
      await later.close();
      expectSentence(await run(['--port', '0'], served), /拥有者.*audit grant.*owner/);
    }, 60_000);
  });

  describe('says in one sentence what is wrong and what to do', () => {
    let taken: Server;
    let port: number;
    beforeAll(async () => {
      taken = createServer();
      port = await new Promise<number>((resolve) => {
        taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
      });
    });
    afterAll(() => new Promise((resolve) => taken.close(resolve)));

    it('a taken port', async () => {
      expectSentence(await run(['--port', String(port), '--data', data('port')]), `端口 ${port} 已被占用`, /--port/);
    }, 30_000);

    it('a data folder that cannot be made', async () => {
      await writeFile(data('file'), '');
      expectSentence(await run(['--port', '0', '--data', join(data('file'), 'sub')]), /--data/);
    }, 30_000);

    it('a damaged data folder', async () => {
      const dir = data('damaged');
      await (await openTestStore({ dir })).close();
      await writeFile(join(dir, 'database', 'global', 'pg_control'), 'rubbish');
      expectSentence(await run(['--port', '0', '--data', dir]), /damaged/);
    }, 60_000);

    it('a host that this machine does not have', async () => {
      expectSentence(await run(['--port', '0', '--host', '203.0.113.7', '--data', data('host')]), /203\.0\.113\.7/);
    }, 30_000);

    it.each([
      [['--prot', '1'], '--prot'],
      [['--port', 'abc'], '--port'],
      [['--port', '70000'], '--port'],
      [['--seed', '-1'], '--seed'],
      [['--seed', '1.5', '--demo'], '--seed'],
      [['serve'], 'serve'],
      [['admin'], '--staff-no'],
      [['admin', '--staff-no', 'A1'], '--name'],
      [['audit'], 'audit'],
      [['audit', 'change'], 'change'],
      [['audit', 'verify', 'twice'], 'twice'],
      [['audit', 'verify', '--from-hash', 'abc'], '--from-hash'],
      [['audit', 'grant', '--role', 'x'], '--database-url'],
      [['audit', 'grant', '--database-url', 'postgres://x@127.0.0.1/x'], '--role'],
    ])(
      'the arguments %j',
      async (args, flag) => {
        expectSentence(await run(args), flag);
      },
      30_000,
    );

    it('a database address that is none, without repeating it', async () => {
      const result = await run(['--port', '0'], { DATABASE_URL: 'mysql://root:hunter2@x/y' });
      expectSentence(result, /DATABASE_URL/);
      expect(result.err).not.toContain('hunter2');
    });

    it('a database that is not there, one that refuses, and one that does not answer', async () => {
      expectSentence(await run(['--port', '0'], { DATABASE_URL: postgres.address('nowhere') }), /nowhere/, /createdb/);
      const wrong = postgres.address('postgres').replace('zuoxi:zuoxi', 'zuoxi:hunter2');
      const refused = await run(['--port', '0'], { DATABASE_URL: wrong });
      expectSentence(refused, /password/);
      expect(refused.err).not.toContain('hunter2');
      const closed = await freePort();
      expectSentence(
        await run(['--port', '0'], { DATABASE_URL: `postgres://a:hunter2@127.0.0.1:${closed}/x` }),
        String(closed),
        /cannot be reached/,
      );
    }, 60_000);

    it('a database from a newer version', async () => {
      const url = await postgres.create('newer');
      const store = await openTestStore({ url });
      await store.orm.execute(sql`INSERT INTO schema_version (version, name, at) VALUES (99, 'future', 0)`);
      await store.close();
      expectSentence(await run(['--port', '0'], { DATABASE_URL: url }), /newer/);
    }, 30_000);
  });
});
