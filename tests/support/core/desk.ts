import { v7 } from 'uuid';
import type { Account, StaffGroup } from '../../../shared/domain/people.ts';
import type { CommandArgs, CommandKind, RecordArgs, RecordKind } from '../../../shared/domain/commands/index.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/bridge/define.ts';
import { openTestStore, startTestServer, type TestServer } from '../../../server/testing.ts';
import type { Store } from '../../../server/store/store.ts';
import { type Device, type DeviceOptions, startDevice } from './device.ts';

export const PASSWORD = 'secret-pass';

/** A small office: a real server, two groups, an account of each kind, and devices that are all ended with it. */
export interface Office {
  readonly server: TestServer;
  readonly groups: { readonly one: StaffGroup; readonly two: StaffGroup };
  readonly people: Readonly<Record<'lin' | 'bai' | 'ji' | 'he' | 'qiao' | 'admin' | 'gone', Account>>;
  /** A device on which this person has signed in and that has everything. */
  device(person: keyof Office['people'], options?: DeviceOptions): Promise<Device>;
  /** The same for anybody. @throws Error that names why it was refused */
  signIn(staffNo: string, password: string): Promise<Device>;
  /** Server gone: its port answers nothing. */
  close(): Promise<void>;
}

let shared: Store | null = null;

/** One PGlite for a whole file: a new one takes three seconds. */
const sharedStore = async (): Promise<Store> => (shared ??= await openTestStore());

export async function openOffice(options: { readonly store?: Store; readonly clock?: { now(): number } } = {}): Promise<Office> {
  const store = options.store ?? (await sharedStore());
  const server = await startTestServer({ database: { store }, timers: false, ...(options.clock && { clock: options.clock }) });
  const one = await server.staff.addGroup('宽带一组');
  const two = await server.staff.addGroup('家电二组');
  const add = (staffNo: string, name: string, role: Account['role'], groupIds: string[]): Promise<Account> =>
    server.staff.addAccount({ staffNo, name, role, groupIds, password: PASSWORD });
  const people = {
    lin: await add('A1', '林知夏', 'agent', [one.id]),
    bai: await add('A2', '白露', 'agent', [one.id]),
    ji: await add('A3', '季远航', 'agent', [two.id]),
    he: await add('L1', '贺云开', 'leader', [one.id]),
    qiao: await add('Q1', '乔木', 'qa', [two.id]),
    admin: await add('G1', '管理员', 'admin', [one.id]),
    gone: await add('A9', '童安', 'agent', [one.id]),
  };
  await server.staff.changeAccount(people.gone.id, { disabled: true });
  const devices = new Set<Device>();
  return {
    server,
    groups: { one, two },
    people,
    async device(person, deviceOptions) {
      const device = startDevice(deviceOptions);
      devices.add(device);
      await device.signIn(server.url, people[person].staffNo, PASSWORD);
      return device;
    },
    async signIn(staffNo, password) {
      const device = startDevice();
      devices.add(device);
      await device.signIn(server.url, staffNo, password);
      return device;
    },
    async close() {
      await Promise.all([...devices].map((d) => d.stop().catch(() => {})));
      await server.close();
    },
  };
}

type ActResult = OutputOf<CoreContract['calls']['tickets.act']>;
type NewTicket = ParsedInputOf<CoreContract['calls']['tickets.create']>;

/** A new ticket of whoever sits at this device. @returns its id */
export async function newTicket(device: Device, subject = '晚间频繁掉线', more: Partial<NewTicket> = {}): Promise<string> {
  const result = await device.call('tickets.create', {
    customerId: null,
    customer: { name: '周砚秋', phones: ['13812346021'] },
    subject,
    description: '千兆测速不到 100M',
    category: '宽带 · 掉线',
    priority: 'high',
    nature: 'problem',
    source: 'phone',
    ...more,
  });
  return saved(result).ticketId;
}

/** Gives a command and insists on 已保存. */
export async function act<K extends CommandKind>(
  device: Device,
  ticketId: string,
  kind: K,
  args: CommandArgs<K>,
): Promise<Extract<ActResult, { ok: true }>> {
  return saved(await device.call('tickets.act', { ticketId, kind, args }));
}

/** Gives a command about a customer, a search, a phrase or duty. @returns the row's id */
export async function record<K extends RecordKind>(
  device: Device,
  kind: K,
  subjectId: string | null,
  args: RecordArgs<K>,
): Promise<string> {
  const result = await device.call('records.act', { kind, subjectId, args });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.subjectId;
}

export function saved(result: ActResult): Extract<ActResult, { ok: true }> {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result;
}

export const detail = (device: Device, ticketId: string) => device.read('tickets.get', { ticketId, transferId: null });

export const list = (device: Device, name: ListName) =>
  device.read('tickets.list', { list: name, due: 'all', sort: 'updated', descending: true, offset: 0, limit: 100 });

/** The ticket once the server has given it its number. */
export async function numbered(device: Device, ticketId: string) {
  return (await device.until('tickets.get', { ticketId, transferId: null }, (t) => t !== null && t.number !== null && !t.pending))!;
}

export const newId = (): string => v7();
