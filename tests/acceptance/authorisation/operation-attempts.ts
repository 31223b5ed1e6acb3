import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { Account } from '../../../shared/domain/people.ts';
import type { OperationInput, OperationName } from '../../../shared/protocol/operations.ts';
import { account, customField, device } from '../../../server/store/schema.ts';
import type { Device } from '../../integration/server/device.ts';
import type { Scope } from './table.ts';
import type { World } from './world.ts';

type Inputs = { readonly [N in OperationName]: () => Promise<OperationInput<N>> };

/** The input of an operation on something in that scope; nothing but rights stands in its way, or that it is not there. */
export function operationInput(world: World, name: OperationName, scope: Scope, actor: Device): Promise<unknown> {
  const group = (): string => groupOf(world, scope);
  const importId = v7();
  const row = { line: 2, name: '客', phones: [], emails: [`${v7()}@mail.example`], address: '', tier: '' };
  const rows = [{ ...row, subject: '装机', description: '', category: '' }];
  const inputs: Inputs = {
    'staff.list': async () => ({}),
    'staff.add': async () => ({ staffNo: v7(), name: '新人', role: 'agent', groupIds: [group()], priorityGroupId: group() }),
    'staff.change': async () => ({ id: await personOf(world, scope, actor), name: '改名' }),
    'staff.resetPassword': async () => ({ id: await personOf(world, scope, actor) }),
    'staff.disable': async () => ({ id: await personOf(world, scope, actor), tickets: { what: 'pool' } }),
    'staff.enable': async () => ({ id: await personOf(world, scope, actor) }),
    'account.changePassword': async () => ({ old: 'right-password', next: 'right-password' }),
    'account.devices': async () => ({}),
    'account.signOutDevice': async () => ({ deviceId: await deviceOf(world, await personOf(world, scope, actor)) }),
    'staff.devices': async () => ({ id: await personOf(world, scope, actor) }),
    'staff.signOutDevice': async () => {
      const id = await personOf(world, scope, actor);
      return { id, deviceId: await deviceOf(world, id), erase: true };
    },
    'groups.add': async () => ({ name: v7() }),
    'groups.rename': async () => ({ id: group(), name: v7() }),
    'groups.remove': async () => ({ id: group() }),
    'parameters.preview': async () => ({ change: { ticketTtl: 3_600_000 } }),
    'parameters.set': async () => ({ change: { trashDays: 31 }, applyToOpen: false }),
    'fields.put': async () => {
      const id = scope === 'own' ? null : await fieldOf(world, scope);
      return { id, name: v7(), type: 'text', options: [], required: false };
    },
    'fields.retire': async () => ({ id: await fieldOf(world, scope), retired: scope !== 'away' }),
    'fields.order': async () => ({ ids: [await fieldOf(world, scope)] }),
    'import.stage': async () => ({ importId, rows }),
    'import.commit': async () => {
      // Whoever may not put a file there commits none either.
      await actor.ask('import.stage', { importId, rows });
      return { importId, mode: 'all', tickets: true, owner: 'nobody', groupId: group() };
    },
    'import.discard': async () => ({ importId }),
    // Whose tickets it brings stands in the table of reads.
    'tickets.older': async () => ({ select: { by: 'ids', ids: [v7()] }, zone: 'Asia/Shanghai', behind: null, limit: 1 }),
    'audit.list': async () => ({ before: null, limit: 10 }),
  };
  return inputs[name]();
}

function groupOf({ company }: World, scope: Scope): string {
  if (scope === 'unassigned' || scope === 'deleted') return v7();
  return scope === 'own' || scope === 'same' ? company.groups.one.id : company.groups.two.id;
}

/** Somebody new in each cell: the cells before it have changed the others. */
async function personOf({ company }: World, scope: Scope, actor: Device): Promise<string> {
  if (scope === 'own') return actor.account.id;
  if (scope === 'unassigned') return v7();
  const { one, two } = company.groups;
  const groupIds = [scope === 'same' || scope === 'deleted' ? one.id : two.id];
  const made: Account = await company.server.staff.addAccount({ staffNo: v7(), name: '某人', role: 'agent', groupIds, password: 'x' });
  if (scope === 'deleted') await company.server.staff.changeAccount(made.id, { disabled: true });
  return made.id;
}

/** A second device of that person, on which nobody sits. */
async function deviceOf({ company }: World, accountId: string): Promise<string> {
  const id = v7();
  const { orm } = company.store;
  if ((await orm.$count(account, eq(account.id, accountId))) > 0)
    await orm.insert(device).values({ accountId, id, system: 'linux', name: '另一台', firstAt: 1, lastAt: 1 });
  return id;
}

async function fieldOf({ company }: World, scope: Scope): Promise<string> {
  const id = v7();
  if (scope === 'unassigned' || scope === 'deleted') return id;
  // As many as there may be would be in the way.
  await company.store.orm.delete(customField);
  const removedAt = scope === 'away' ? 1 : null;
  await company.store.orm
    .insert(customField)
    .values({ id, name: id, type: 'text', options: [], required: false, position: 1, removedAt, updatedAt: 1 });
  return id;
}
