import { v7 } from 'uuid';
import {
  type AnyCommand,
  type CommandArgs,
  type CommandKind,
  commandKinds,
  type RecordArgs,
  type RecordKind,
} from '../../../shared/domain/commands/index.ts';
import { attachment, file, filePiece, phrase, savedSearch } from '../../../server/store/schema.ts';
import { HOUR } from '../../integration/server/company.ts';
import { command, type Device, record } from '../../integration/server/device.ts';
import type { Scope } from './table.ts';
import type { Need, Subject, World } from './world.ts';

const needs: Partial<Record<CommandKind, Need>> = {
  handOver: { callback: true, resolved: true },
  reopen: { resolved: true },
  review: { resolved: true },
  rescheduleCallback: { callback: true },
  completeCallback: { callback: true },
  cancelCallback: { callback: true },
  undo: { released: true },
};

/** A command of that kind by that actor on something in that scope, which nothing but rights can stand in the way of. */
export async function prepare(world: World, kind: CommandKind | RecordKind, scope: Scope, actor: Device): Promise<AnyCommand> {
  return (commandKinds as readonly string[]).includes(kind)
    ? ticketCommand(world, kind as CommandKind, scope, actor)
    : recordCommand(world, kind as RecordKind, scope, actor);
}

async function ticketCommand(world: World, kind: CommandKind, scope: Scope, actor: Device): Promise<AnyCommand> {
  const now = world.company.clock.now();
  if (kind === 'claimCustomer') {
    const customerId = await world.customer(scope, actor);
    return command('claimCustomer', v7(), { customerId, subject: '回访' }, now);
  }
  const subject = await world.ticket(scope, actor, needs[kind]);
  if (kind === 'create') return command('create', v7(), newTicket(world, subject, actor), now);
  const to = world.third.account.id;
  const { callbackId, eventId } = subject;
  const args: { readonly [K in Exclude<CommandKind, 'create' | 'claimCustomer'>]: CommandArgs<K> } = {
    claim: {},
    assign: { toId: to, note: '' },
    withdraw: { reason: '' },
    handOver: { toId: to, note: '' },
    update: { note: '跟进', changes: [], waiting: false },
    note: { note: '备注' },
    resolve: { report: '好' },
    transfer: { toId: to, reason: '' },
    release: { reason: '' },
    invalidate: { reason: '空号' },
    expire: {},
    reopen: { reason: '复现' },
    review: { verdict: 'close', note: '' },
    autoClose: {},
    customerReply: { text: '在吗' },
    scheduleCallback: { callbackId: v7(), dueAt: now + HOUR, note: '' },
    rescheduleCallback: { callbackId, from: now + HOUR, dueAt: now + 2 * HOUR },
    completeCallback: { callbackId, outcome: 'done', note: '' },
    cancelCallback: { callbackId, reason: '' },
    attach: { files: [await arrivedFile(world, subject.ticketId, actor)] },
    removeAttachment: { attachmentId: await attachedFile(world, subject.ticketId, scope === 'own' ? actor : world.third) },
    undo: { eventId },
  };
  return command(kind, subject.ticketId, args[kind] as never, now);
}

const someFile = { name: '光猫.png', size: 3, sha256: '0'.repeat(64), type: 'image/png' } as const;

/** A file of this actor that has arrived whole and waits for its command. */
export async function arrivedFile({ company }: World, ticketId: string, actor: Device): Promise<CommandArgs<'attach'>['files'][number]> {
  const id = v7();
  const rest = { received: 3, whole: true, at: company.clock.now() };
  await company.store.orm.insert(file).values({ ...someFile, ...rest, id, ticketId, accountId: actor.account.id });
  await company.store.orm.insert(filePiece).values({ fileId: id, start: 0, bytes: new Uint8Array([1, 2, 3]) });
  return { ...someFile, id };
}

/** An attachment of a ticket. @returns its id */
export async function attachedFile(world: World, ticketId: string, by: Device): Promise<string> {
  const { id } = await arrivedFile(world, ticketId, by);
  const rest = { ticketId, eventId: v7(), createdBy: by.account.id, createdAt: world.company.clock.now() };
  await world.company.store.orm.insert(attachment).values({ ...someFile, ...rest, id });
  return id;
}

const newTicket = ({ company }: World, { customerId }: Subject, actor: Device): CommandArgs<'create'> => ({
  customerId,
  subject: '再报',
  description: '',
  category: '',
  nature: 'task',
  priority: 'normal',
  source: 'phone',
  groupId: company.groups.one.id,
  assigneeId: actor.account.id,
});

async function recordCommand(world: World, kind: RecordKind, scope: Scope, actor: Device): Promise<AnyCommand> {
  const now = world.company.clock.now();
  const subjectId = await recordSubject(world, kind, scope, actor);
  const args: { readonly [K in RecordKind]: RecordArgs<K> } = {
    addCustomer: { name: '新', phones: [], emails: [], address: '', tier: '', source: 'phone', owned: true, unique: false },
    editCustomer: { changes: [{ field: 'address', from: '', to: '新址' }] },
    restoreCustomer: { reason: '核实' },
    putSearch: { name: '改', list: 'pending', text: '', filter: [], sort: 'next', descending: false, position: 1, replaces: null },
    removeSearch: {},
    putPhrase: { shared: false, title: '改', text: '改', position: 1 },
    removePhrase: {},
    setDuty: { duty: 'break' },
  };
  return record(kind, subjectId, args[kind] as never, now);
}

async function recordSubject(world: World, kind: RecordKind, scope: Scope, actor: Device): Promise<string> {
  const { orm } = world.company.store;
  const owner = scope === 'own' ? actor : scope === 'same' ? world.mate : world.stranger;
  const id = v7();
  switch (kind) {
    case 'addCustomer':
    case 'editCustomer':
      return world.customer(scope, actor);
    case 'restoreCustomer':
      return world.customer(scope, actor, true);
    case 'setDuty':
      return scope === 'unassigned' ? id : scope === 'deleted' ? world.devices.disabled.account.id : owner.account.id;
    case 'putSearch':
    case 'removeSearch': {
      await orm.delete(savedSearch);
      const row = { id, accountId: owner.account.id, name: '有', list: 'pending', text: '', filter: [] } as const;
      const rest = { sort: 'next', descending: false, position: 1, updatedAt: 0 } as const;
      if (['own', 'same', 'other'].includes(scope)) await orm.insert(savedSearch).values({ ...row, ...rest, filter: [] });
      return id;
    }
    case 'putPhrase':
    case 'removePhrase': {
      // Of nobody in particular: a shared one.
      const ownerId = scope === 'unassigned' ? null : owner.account.id;
      if (scope !== 'away' && scope !== 'deleted')
        await orm.insert(phrase).values({ id, ownerId, title: '有', text: '有', position: 1, updatedAt: 0 });
      return id;
    }
  }
}
