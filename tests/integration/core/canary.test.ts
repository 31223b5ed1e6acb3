import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Office, openOffice } from '../../support/core/desk.ts';
import { type CoreProcess, startCoreProcess } from './core-process.ts';
import { json, page, startCrookedServer, twist } from './crooked-server.ts';
import { paths } from '../../../shared/protocol/wire.ts';

let office: Office;
let core: CoreProcess;
let dataDir: string;
afterEach(async () => {
  core.child.kill('SIGKILL');
  await office.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test(
  'S13 S23 nothing that a customer or an agent said, no phone, password, token or key can be read in the files or in the log',
  { timeout: 120_000 },
  async () => {
    const PASSWORD_TYPED = 'Pw-canary-41b7';
    office = await openOffice();
    await office.server.staff.addAccount({
      staffNo: 'C1',
      name: '沈',
      role: 'agent',
      groupIds: [office.groups.one.id],
      password: PASSWORD_TYPED,
    });
    dataDir = mkdtempSync(join(tmpdir(), 'zuoxi-canary-'));
    const lines: string[] = [];
    const output: string[] = [];
    const options = { dataDir, onLog: (l: string) => void lines.push(l), onOutput: (t: string) => void output.push(t) };
    core = await startCoreProcess(options);
    const { host } = core;
    const between = await startCrookedServer(office.server.url);
    const secrets = new Set<string>([PASSWORD_TYPED, 'Pw-wrong-canary']);
    // What travels: every token that the server gives out.
    between.behave(async (req, res, forward) => {
      const { status, text } = await forward();
      if (req.url === paths.signIn || req.url === paths.refresh)
        for (const m of text.matchAll(/"(?:access|refresh)Token":"([^"]+)"/g)) secrets.add(m[1]!);
      res.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
    expect(await core.client.call('session.signIn', { url: between.url, staffNo: 'C1', password: 'Pw-wrong-canary' })).toMatchObject({
      ok: false,
      reason: 'bad-credentials',
    });
    expect(await core.client.call('session.signIn', { url: between.url, staffNo: 'C1', password: PASSWORD_TYPED })).toEqual({ ok: true });
    await core.until('sync.state', {}, (s) => s.firstSync === null && s.lastSyncedAt !== null);

    const said = {
      subject: 'Subject-canary-9c2e',
      description: 'Description-canary-77d0',
      note: 'Note-canary-e151',
      name: 'Name-canary-03aa',
      phone: '13855557777',
      draft: 'Draft-canary-5f60',
    };
    for (const word of Object.values(said)) secrets.add(word);
    const made = await core.client.call('tickets.create', {
      customerId: null,
      customer: { name: said.name, phones: [said.phone] },
      subject: said.subject,
      description: said.description,
      category: '',
      nature: 'problem',
      priority: 'normal',
      source: 'phone',
    });
    expect(made.ok).toBe(true);
    const ticketId = made.ok ? made.ticketId : '';
    await core.client.call('drafts.save', { form: `ticket:${ticketId}`, value: said.draft });
    await core.client.call('tickets.act', { ticketId, kind: 'note', args: { note: said.note } });
    await core.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');
    // Faults of every kind, which is when logs talk.
    await core.client.call('tickets.act', { ticketId, kind: 'note', args: { note: said.note, more: said.phone } as never }).catch(() => {});
    await core.client.call('tickets.act', { ticketId, kind: 'transfer', args: { toId: ticketId, reason: said.note } });
    for (const behaviour of [
      page(200, `<p>${said.phone}`),
      json(500, `{"error":{"code":"internal","message":"${said.phone}"}}`),
      twist(paths.pull, (b) => ({ ...b, rows: said })),
    ]) {
      between.behave(behaviour);
      await core.client.call('tickets.act', { ticketId, kind: 'note', args: { note: said.note } });
      await core.until('sync.state', {}, (s) => s.problem !== null);
    }
    for (const [name, value] of host.secrets) if (/^(key|refresh):/.test(name)) secrets.add(value);
    expect(secrets.size).toBeGreaterThanOrEqual(11);

    const search = (): string[] => {
      const found: string[] = [];
      const places: [string, Buffer][] = [
        ...readdirSync(dataDir).map((f): [string, Buffer] => [f, readFileSync(join(dataDir, f))]),
        ['log', Buffer.from(lines.join('\n'))],
        ['output', Buffer.from(output.join(''))],
      ];
      for (const [place, bytes] of places)
        for (const secret of secrets)
          for (const coded of [
            Buffer.from(secret),
            Buffer.from(secret, 'utf16le'),
            ...(/^[0-9a-f]{64}$/.test(secret) ? [Buffer.from(secret, 'hex')] : []),
          ])
            if (bytes.includes(coded)) found.push(`${place}: ${secret}`);
      return found;
    };
    // While it runs, with its log of writes, after a kill, and after an end in order.
    expect(readdirSync(dataDir).some((f) => f.endsWith('-wal'))).toBe(true);
    expect(search()).toEqual([]);
    await core.kill();
    expect(search()).toEqual([]);
    between.behave(null);
    core = await startCoreProcess({ ...options, host });
    await core.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online', 45_000);
    await core.stop();
    expect(search()).toEqual([]);
    // Not vacuous: there was a log, a filled file, and a search that finds what is there.
    expect(lines.length).toBeGreaterThan(3);
    expect(Math.max(...readdirSync(dataDir).map((f) => readFileSync(join(dataDir, f)).length))).toBeGreaterThan(50_000);
    lines.push(`{"oops":"${said.phone}"}`);
    expect(search()).toEqual([`log: ${said.phone}`]);
    await between.close();
  },
);
