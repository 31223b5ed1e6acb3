import type { Account, StaffGroup } from '../../shared/domain/people.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import { createDenials } from '../../server/audit/denials.ts';
import { createChance } from '../../server/seed/random.ts';
import { createHub } from '../../server/live/hub.ts';
import { createStaff } from '../../server/staff.ts';
import { openTestStore, plainHasher } from '../../server/testing.ts';
import type { Store } from '../../server/store/store.ts';
import { push } from '../../server/sync/push.ts';
import { KeptRows } from './kept-rows.ts';

/** When every schedule begins: a Wednesday morning. */
export const START = Date.UTC(2026, 2, 11, 1, 0, 0);

/** What all schedules of a process begin with. */
export interface SimOffice {
  readonly store: Store;
  readonly rows: KeptRows;
  readonly groups: readonly StaffGroup[];
  readonly people: readonly Account[];
}

const staffPlan: readonly (readonly [string, Account['role'], readonly number[]])[] = [
  ['A1', 'agent', [0]],
  ['A2', 'agent', [0]],
  ['A3', 'agent', [0, 1]],
  ['A4', 'agent', [1]],
  ['L1', 'leader', [0]],
  ['L2', 'leader', [1]],
  ['Q1', 'qa', [0]],
  ['G1', 'admin', [0]],
];

/** One database for a whole process, with a small office in it that each schedule finds as it was. */
export async function openSimOffice(databaseUrl: string | null = null): Promise<SimOffice> {
  const store = databaseUrl === null ? await openTestStore('pglite-memory', START) : await openAlone(databaseUrl);
  const chance = createChance(42);
  let now = START - 3_600_000;
  const clock = { now: () => now };
  const ids = (): string => chance.id(now);
  const sessions = { look: async () => new Map() } as never;
  const hub = await createHub({ store, sessions, clock, logger: silentLogger, instance: 'simulation' });
  const staff = createStaff({ store, clock, ids, hasher: plainHasher, announcer: hub, checkSessions: async () => {} });
  const groups = [await staff.addGroup('宽带一组'), await staff.addGroup('家电二组')];
  const people: Account[] = [];
  for (const [staffNo, role, in_] of staffPlan)
    people.push(await staff.addAccount({ staffNo, name: `员工${staffNo}`, role, groupIds: in_.map((g) => groups[g]!.id), password: 'p' }));

  const deps = { store, clock, logger: silentLogger, announcer: hub, denials: createDenials(store, clock) };
  const issue = (subject: string, phone: string): object => ({
    customerId: ids(),
    customer: { name: `${subject}的客户`, phones: [phone] },
    subject,
    description: '',
    category: '宽带',
    nature: 'problem',
    priority: 'normal',
    source: 'phone',
  });
  const give = async (by: Account, kind: string, ticketId: string, args: object): Promise<void> => {
    now += 1000;
    const command = { id: ids(), kind, ticketId, args, occurredAt: now };
    const [result] = await push(deps, by.id, 'the-office', [command]);
    if (result?.status !== 'applied') throw new Error(`the office could not be made: ${kind} ${JSON.stringify(result)}`);
  };
  // Finished long ago: beyond the window, about to leave it, and within one that is made shorter.
  for (const [i, days] of [200, 120, 89.5, 60, 45].entries()) {
    now = START - days * 86_400_000;
    const by = people[i % 4]!;
    const ticketId = ids();
    await give(by, 'create', ticketId, { ...issue(`旧单${i}`, `1370000000${i}`), groupId: by.priorityGroupId, assigneeId: by.id });
    await give(by, 'resolve', ticketId, { report: '好了' });
    await give(people[by.priorityGroupId === groups[0]!.id ? 4 : 5]!, 'review', ticketId, { verdict: 'close', note: '' });
  }
  now = START - 3_600_000;
  const holders = [0, 0, 1, 2, 3, 3, 4];
  for (const [i, holder] of holders.entries()) {
    const by = people[holder]!;
    const ticketId = ids();
    await give(by, 'create', ticketId, {
      ...issue(`原有工单${i}`, `1380000000${i}`),
      groupId: by.priorityGroupId,
      assigneeId: by.id,
    });
    if (i % 3 === 0) await give(by, 'scheduleCallback', ticketId, { callbackId: ids(), dueAt: START + 3_600_000 * (i + 1), note: '' });
    if (i === 1 || i === 5) await give(by, 'release', ticketId, { reason: '' });
  }
  await store.script(`UPDATE meta SET value = 'epoch-0' WHERE key = 'epoch'`);
  const rows = await KeptRows.of(store);
  await rows.keep('the_start');
  return { store, rows, groups, people };
}

/** A PostgreSQL without other instances: what these would say comes when it likes, and the seed alone is to decide. */
async function openAlone(url: string): Promise<Store> {
  return { ...(await openTestStore({ url }, START)), listen: async () => async () => {} };
}
