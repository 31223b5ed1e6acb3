import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { Command, CommandArgs, CommandKind } from '../../../shared/domain/commands/index.ts';
import { ticket } from '../../../server/store/schema.ts';
import type { Store } from '../../../server/store/store.ts';
import { type Company, foundCompany, HOUR } from '../../integration/server/company.ts';
import { command, Device, record, verdict } from '../../integration/server/device.ts';
import type { Actor, Scope } from './table.ts';

export type Signed = Exclude<Actor, 'none'>;

/** The company of the matrix, on a server that listens. Everyone works in group one but `stranger`, who is in two. */
export interface World {
  readonly company: Company;
  readonly devices: Readonly<Record<Signed, Device>>;
  readonly mate: Device;
  readonly stranger: Device;
  /** Of group one: who gets what is handed out. */
  readonly third: Device;
  ticket(scope: Scope, actor: Device, need?: Need): Promise<Subject>;
  customer(scope: Scope, actor: Device, invalid?: boolean): Promise<string>;
  close(): Promise<void>;
}

export interface Subject {
  readonly ticketId: string;
  readonly customerId: string;
  readonly callbackId: string;
  /** Of its last event. */
  readonly eventId: string;
}

/** The state in which a command can be given, so that only rights stand in its way. */
export interface Need {
  readonly callback?: boolean;
  readonly resolved?: boolean;
  readonly released?: boolean;
}

const NOTHING: Need = {};
let phones = 13_000_000_000;

export async function makeWorld(store: Store): Promise<World> {
  const company = await foundCompany(store, { listen: true });
  const { one } = company.groups;
  const account = (staffNo: string) =>
    company.server.staff.addAccount({ staffNo, name: staffNo, role: 'agent', groupIds: [one.id], password: 'right-password' });
  const disabled = await account('dan');
  await account('tim');
  // One 无效 is enough to make a customer invalid.
  await company.server.staff.changeParameters({ invalidReleaseLimit: 1 });
  const devices = {
    agent: await company.device('ann'),
    leader: await company.device('lea'),
    qa: await company.device('qiu'),
    admin: await company.device('ada'),
    disabled: await new Device(company.server).signIn('dan'),
  };
  const mate = await company.device('ben');
  const stranger = await company.device('cid');
  const third = await new Device(company.server).signIn('tim');
  await company.server.staff.changeAccount(disabled.id, { disabled: true });
  const now = (): number => company.clock.now();

  const act = async <K extends CommandKind>(by: Device, kind: K, id: string, args: CommandArgs<K>): Promise<string> => {
    const given: Command = command(kind, id, args, now());
    const said = verdict((await by.push(given))[0]);
    if (said !== 'applied') throw new Error(`the scene needs ${kind}: ${said}`);
    return given.id;
  };
  const newTicket = (by: Device, more: Partial<CommandArgs<'create'>> = {}): Promise<{ ticketId: string; customerId: string }> =>
    company.newTicket(by, { customer: { name: '周砚秋', phones: [String((phones += 1))] }, ...more });

  return {
    company,
    devices,
    mate,
    stranger,
    third,
    async ticket(scope, given, need = NOTHING) {
      // Who is disabled can prepare nothing; what they meet at the door does not depend on it.
      const actor = given === devices.disabled ? devices.agent : given;
      const maker = scope === 'same' || scope === 'unassigned' ? mate : scope === 'other' ? stranger : actor;
      const callbackId = v7();
      const { ticketId, customerId } = await newTicket(maker, scope === 'unassigned' ? { assigneeId: null } : {});
      let eventId = '';
      let holder = maker;
      if (scope === 'away') {
        eventId = await act(maker, 'transfer', ticketId, { toId: stranger.account.id, reason: '' });
        holder = stranger;
      }
      if (scope !== 'unassigned') {
        if (need.callback) eventId = await act(holder, 'scheduleCallback', ticketId, { callbackId, dueAt: now() + HOUR, note: '' });
        if (need.resolved) eventId = await act(holder, 'resolve', ticketId, { report: '好' });
        if (need.released && scope !== 'away') eventId = await act(holder, 'release', ticketId, { reason: '' });
      }
      if (scope === 'unassigned' && need.released) eventId = (await company.truth()).events.find((e) => e.ticketId === ticketId)!.id;
      if (scope === 'deleted') {
        // No command deletes yet; a deleted ticket is shown to the leaders of its group.
        const gone = { deletedAt: now(), audience: [`g:${one.id}`] };
        await store.orm.update(ticket).set(gone).where(eq(ticket.id, ticketId));
      }
      return { ticketId, customerId, callbackId, eventId: eventId === '' ? v7() : eventId };
    },
    async customer(scope, given, invalid = false) {
      const actor = given === devices.disabled ? devices.agent : given;
      const maker = scope === 'same' || scope === 'unassigned' ? mate : scope === 'other' ? stranger : actor;
      if (scope === 'deleted') return v7();
      if (scope === 'away') {
        const { ticketId, customerId } = await newTicket(actor);
        await act(actor, 'transfer', ticketId, { toId: stranger.account.id, reason: '' });
        if (invalid) await act(stranger, 'invalidate', ticketId, { reason: '空号' });
        else {
          const changes = [{ field: 'ownerId' as const, from: actor.account.id, to: stranger.account.id }];
          const [moved] = await devices.admin.push(record('editCustomer', customerId, { changes }, now()));
          if (moved?.status !== 'applied') throw new Error('the scene needs another owner');
        }
        return customerId;
      }
      if (invalid && scope !== 'unassigned') {
        const { ticketId, customerId } = await newTicket(maker);
        await act(maker, 'invalidate', ticketId, { reason: '空号' });
        return customerId;
      }
      const id = v7();
      const facts = { name: '沈栖迟', phones: [String((phones += 1))], emails: [], address: '', tier: '', source: 'phone' as const };
      const [made] = await maker.push(record('addCustomer', id, { ...facts, owned: scope !== 'unassigned', unique: false }, now()));
      if (made?.status !== 'applied') throw new Error('the scene needs a customer');
      return id;
    },
    close: () => company.close(),
  };
}
