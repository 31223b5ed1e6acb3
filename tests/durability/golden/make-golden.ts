import '../../../scripts/require-modern-node.ts';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { migrate } from '../../../db/migrate.ts';
import { migrations } from '../../../db/migrations/index.ts';
import { openEncrypted } from '../../../db/open.ts';

// node tests/durability/golden/make-golden.ts: a cache as each released schema had it, in use. One that is there stays as it is.

/** Of these files alone; they hold nobody's data. */
export const GOLDEN_KEY = '5a'.repeat(32);
export const goldenPath = (migration: string): string => join(import.meta.dirname, `after-${migration}.db`);

const uuid = (n: number): string => `019a9b00-0000-7000-8000-${String(n).padStart(12, '0')}`;
/** What the files are about, for the tests that look for it again. */
export const golden = {
  account: uuid(1),
  group: uuid(2),
  created: uuid(30),
  newCustomer: uuid(31),
  tickets: [uuid(11), uuid(12), uuid(13)],
  at: Date.UTC(2026, 10, 18, 2),
  queued: [
    { id: uuid(51), kind: 'create' },
    { id: uuid(52), kind: 'note' },
    { id: uuid(53), kind: 'scheduleCallback' },
  ],
  drafts: [
    [`ticket:${uuid(11)}`, '{"note":"写到一半的处理记录，还没有提交"}'],
    ['new', '{"subject":"新工单写了一半"}'],
  ] as const,
} as const;

type Row = Readonly<Record<string, string | number | null>>;

function insert(db: Database.Database, table: string, rows: readonly Row[]): void {
  for (const row of rows) {
    const names = Object.keys(row);
    db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((n) => `@${n}`).join(', ')})`).run(row);
  }
}

function fill(db: Database.Database, schema: number): void {
  const { account, at, created, group, newCustomer, tickets } = golden;
  const subjectColumn = schema === 1 ? 'ticket_id' : 'subject_id';
  insert(db, 'meta', [
    { key: 'epoch', value: 'golden' },
    { key: 'view', value: 'golden' },
    { key: 'cursor', value: '40' },
    { key: 'settings', value: '{"theme":"dark"}' },
  ]);
  insert(db, 'account', [
    { id: account, staff_no: 'A1', name: '林知夏', role: 'agent', group_ids: `["${group}"]`, priority_group_id: group, disabled: 0 },
  ]);
  insert(db, 'staff_group', [{ id: group, name: '宽带一组' }]);
  insert(
    db,
    'customer',
    ['周砚秋', '顾南星', '沈同尘'].map((name, i) => ({
      id: uuid(21 + i),
      name,
      phones: `["1380000000${i}"]`,
      emails: '[]',
      address: '和平路 1 号',
      tier: '普通',
      owner_id: account,
      source: 'phone',
      invalid_releases: 0,
      released_by: '[]',
      created_at: at,
      updated_at: at,
    })),
  );
  insert(
    db,
    'ticket',
    tickets.map((id, i) => ({
      id,
      number: 1001 + i,
      subject: ['晚间频繁掉线', '账单多收一个月', '装机改约'][i]!,
      description: '客户来电说的情况，写在这里',
      category: '宽带',
      nature: 'problem',
      priority: 'high',
      source: 'phone',
      status: i === 2 ? 'resolved' : 'processing',
      customer_id: uuid(21 + i),
      assignee_id: account,
      group_id: group,
      created_by: account,
      created_at: at,
      updated_at: at + i,
      due_at: at + 86_400_000,
      invalid: 0,
      custom: '{}',
      version: 3,
    })),
  );
  insert(
    db,
    'ticket_event',
    tickets.map((id, i) => ({
      id: uuid(61 + i),
      ticket_id: id,
      actor_id: account,
      command: 'note',
      note: `第 ${i + 1} 张的处理记录`,
      changes: '{}',
      occurred_at: at,
      received_at: at,
    })),
  );
  insert(db, 'callback', [
    {
      id: uuid(71),
      ticket_id: tickets[0],
      customer_id: uuid(21),
      assignee_id: account,
      due_at: at + 3_600_000,
      note: '晚上再打',
      outcome_note: '',
      snoozes: 0,
      created_at: at,
    },
  ]);
  insert(db, 'reminder', [
    { id: uuid(81), kind: 'callback', subject: uuid(71), ticket_id: tickets[0], show_at: at + 3_600_000, state: 'armed', quiet: 0 },
    { id: uuid(82), kind: 'callback', subject: uuid(72), ticket_id: tickets[1], show_at: at, state: 'closed', quiet: 0, shown_at: at },
  ]);
  insert(db, 'reminder_step', [{ reminder_id: uuid(81), step: 'armed', at, why: '' }]);
  insert(db, 'unseen', [{ ticket_id: tickets[1] }]);
  insert(
    db,
    'draft',
    golden.drafts.map(([form, value]) => ({ form, value, saved_at: at })),
  );
  const [create, note, callback] = golden.queued;
  const row = (commandId: string, kind: string, subject: string, args: object): Row => ({
    command_id: commandId,
    kind,
    [subjectColumn]: subject,
    args: JSON.stringify(args),
    occurred_at: at,
    state: 'queued',
    attempts: 0,
    subject: '断网时新建',
  });
  insert(db, 'outbox', [
    row(create.id, create.kind, created, {
      customerId: newCustomer,
      customer: { name: '陆离', phones: ['13900001111'] },
      subject: '断网时新建',
      description: '客户来电说没有信号',
      category: '',
      nature: 'problem',
      priority: 'normal',
      source: 'phone',
      groupId: group,
      assigneeId: account,
    }),
    row(note.id, note.kind, created, { note: '离线时记下的话' }),
    row(callback.id, callback.kind, created, { callbackId: uuid(73), dueAt: at + 7 * 86_400_000, note: '下周再问' }),
    { ...row(uuid(54), 'note', tickets[0], { note: '服务器已经收下' }), state: 'acked', seq: 39, attempts: 1 },
    {
      ...row(uuid(55), 'resolve', tickets[1], { report: '被拒绝的完成报告' }),
      state: 'refused',
      attempts: 1,
      refusal: '{"code":"not-assignee"}',
      refused_at: at,
    },
  ]);
  insert(db, 'base_row', [{ entity: 'ticket', id: created, row: null }]);
  if (schema >= 2) {
    insert(db, 'phrase', [{ id: uuid(91), title: '问候', text: '您好，这里是客服', position: 1, updated_at: at, owner_id: account }]);
    db.prepare('DELETE FROM search_dirty').run();
  }
  if (schema >= 3) {
    insert(db, 'kept_draft', [{ form: `ticket:${uuid(14)}`, value: '{"note":"工单走了，话还在"}', number: 1004, kept_at: at }]);
    insert(db, 'fetched', [{ ticket_id: tickets[2], at }]);
  }
  if (schema >= 4) {
    const file = { id: uuid(95), name: '截图.png', size: 3, sha256: 'ab'.repeat(32), type: 'image/png' };
    insert(db, 'attachment_file', [{ ...file, form: `ticket:${tickets[0]}`, key: 'cd'.repeat(32), state: 'ready', at }]);
  }
}

if (import.meta.main)
  migrations.forEach(({ name }, i) => {
    const path = goldenPath(name);
    if (existsSync(path)) return process.stdout.write(`${name}: is there\n`);
    const db = openEncrypted(path, GOLDEN_KEY);
    db.pragma('journal_mode=WAL');
    migrate(db, golden.at, migrations.slice(0, i + 1));
    db.transaction(() => fill(db, i + 1))();
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return process.stdout.write(`${name}: made\n`);
  });
