import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { act, detail, list, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import type { Device } from '../../support/core/device.ts';
import { unlock } from '../../../db/unlock.ts';

let office: Office;
afterEach(() => office.close());

const LEAK = 'ZXCANARY';

/** Every page of the device's cache as plain bytes, free pages and log included. */
function plainBytes(device: Device): Buffer {
  const name = readdirSync(device.dataDir).find((f) => f.endsWith('.db'))!;
  const key = [...device.host.secrets].find(([k]) => k.startsWith('key:'))![1];
  const folder = mkdtempSync(join(tmpdir(), 'zuoxi-plain-'));
  try {
    const copy = join(folder, 'copy.db');
    for (const suffix of ['', '-wal'])
      if (existsSync(join(device.dataDir, name + suffix))) copyFileSync(join(device.dataDir, name + suffix), copy + suffix);
    const raw = new Database(copy);
    unlock(raw, key);
    const bytes = raw.serialize();
    raw.close();
    return bytes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const walSize = (device: Device): number => {
  const name = readdirSync(device.dataDir).find((f) => f.endsWith('.db-wal'));
  return name === undefined ? 0 : statSync(join(device.dataDir, name)).size;
};

/** A leader's device full of the group's tickets; one of them is named. */
async function leaderWithTickets(): Promise<{ he: Device; lin: Device; id: string }> {
  office = await openOffice();
  const lin = await office.device('lin');
  const he = await office.device('he');
  for (let i = 0; i < 30; i += 1) await newTicket(lin, `普通工单 ${i} ${'文'.repeat(150)}`);
  const id = await newTicket(lin, `${LEAK} 主题`, {
    customer: { name: `${LEAK} 客户`, phones: ['13899998888'] },
    description: `${LEAK} 描述`,
  });
  await act(lin, id, 'note', { note: `${LEAK} 留言` });
  await numbered(lin, id);
  await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.events.length === 2);
  expect(plainBytes(he).includes(LEAK)).toBe(true);
  return { he, lin, id };
}

describe('SPEC 8 what an account may no longer see leaves its devices', () => {
  test('after a change of role and groups: rows, lists, search, and the bytes of the file', async () => {
    const { he, id } = await leaderWithTickets();
    await office.server.staff.changeAccount(office.people.he.id, {
      role: 'agent',
      groupIds: [office.groups.two.id],
      priorityGroupId: office.groups.two.id,
    });
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null, 40_000);
    await he.synced();
    expect(await he.read('session.state', {})).toMatchObject({
      phase: 'ready',
      account: { role: 'agent', groupIds: [office.groups.two.id] },
      seesOthers: false,
      mayWiden: false,
    });
    expect((await list(he, 'all')).total).toBe(0);
    expect(await he.read('customers.find', { text: LEAK })).toEqual([]);
    expect(await he.read('customers.find', { text: '9999' })).toEqual([]);
    expect(plainBytes(he).includes(LEAK)).toBe(false);
    // The log is cut, not only written over.
    expect(walSize(he)).toBeLessThan(200_000);
  });

  test('after a transfer out of the group: one ticket alone', async () => {
    const { he, lin, id } = await leaderWithTickets();
    const he2 = await office.server.staff.changeAccount(office.people.he.id, { name: '贺云开' });
    expect(he2.role).toBe('leader');
    const total = (await list(he, 'all')).total;
    expect(total).toBe(31);
    // To the other group’s agent by 质检, who may.
    const qiao = await office.device('qiao');
    await qiao.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    await act(qiao, id, 'assign', { toId: office.people.ji.id, note: '' });
    await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null, 40_000);
    await lin.synced();
    expect(await detail(lin, id)).toBeNull();
    // The customer stays with whoever held a ticket of theirs; the ticket's own words do not.
    const bytes = plainBytes(lin);
    for (const word of ['主题', '描述']) expect(bytes.includes(`${LEAK} ${word}`)).toBe(false);
  });

  test('the search through the bytes can find what was not erased', async () => {
    const { he } = await leaderWithTickets();
    const name = readdirSync(he.dataDir).find((f) => f.endsWith('.db'))!;
    const key = [...he.host.secrets].find(([k]) => k.startsWith('key:'))![1];
    await he.stop({ keep: true });
    const raw = new Database(join(he.dataDir, name));
    unlock(raw, key);
    raw.pragma('secure_delete=OFF');
    for (const table of ['ticket', 'customer', 'ticket_event', 'outbox', 'base_row', 'transfer']) raw.exec(`DELETE FROM ${table}`);
    raw.pragma('wal_checkpoint(TRUNCATE)');
    raw.close();
    expect(plainBytes(he).includes(LEAK)).toBe(true);
    rmSync(he.dataDir, { recursive: true, force: true });
  });
});
