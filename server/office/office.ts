import type { OperationInput, OperationName, OperationOutput } from '../../shared/protocol/operations.ts';
import { operations } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { listAudit } from './audit.ts';
import { listDevices, signOutDevice } from './devices.ts';
import { orderFields, putField, retireField } from './fields.ts';
import { addGroup, removeGroup, renameGroup } from './groups.ts';
import { commitImport, discardImport, stageImport } from './import.ts';
import { previewParameters, setParameters } from './parameters.ts';
import { olderTickets } from './older.ts';
import { changePassword } from './passwords.ts';
import { addPerson, changePerson, disablePerson, enablePerson, listPeople, resetPassword } from './people.ts';
import { NotAllowed } from './refusals.ts';
import { noteAudit, type OfficeDeps } from './work.ts';

type Handler<N extends OperationName> = (
  deps: OfficeDeps,
  by: Holder,
  input: OperationInput<N>,
) => Promise<OperationOutput<N> | Record<string, never> | object>;
type Handlers = { readonly [N in OperationName]: Handler<N> };

const handlers: Handlers = {
  'tickets.older': olderTickets,
  'staff.list': (deps) => listPeople(deps),
  'staff.add': addPerson,
  'staff.change': changePerson,
  'staff.resetPassword': resetPassword,
  'staff.disable': disablePerson,
  'staff.enable': enablePerson,
  'account.changePassword': changePassword,
  'account.devices': (deps, by) => listDevices(deps, by, by.account.id),
  'account.signOutDevice': (deps, by, { deviceId }) =>
    signOutDevice(deps, 'account.signOutDevice', by, { id: by.account.id, deviceId, erase: false }),
  'staff.devices': (deps, by, { id }) => listDevices(deps, by, id),
  'staff.signOutDevice': (deps, by, input) => signOutDevice(deps, 'staff.signOutDevice', by, input),
  'groups.add': addGroup,
  'groups.rename': renameGroup,
  'groups.remove': removeGroup,
  'parameters.preview': (deps, _by, input) => previewParameters(deps, input),
  'parameters.set': setParameters,
  'fields.put': putField,
  'fields.retire': retireField,
  'fields.order': orderFields,
  'import.stage': stageImport,
  'import.commit': commitImport,
  'import.discard': discardImport,
  'audit.list': (deps, _by, input) => listAudit(deps, input),
};

/** What is done with the server at hand: staff, rules, imports, the own password, the audit. */
export interface Office {
  /** Whether the role may call it at all; if not, that is noted. */
  admits(name: OperationName, by: Holder): Promise<boolean>;
  /**
   * @param input as the operation's schema gives it
   * @throws NotAllowed, NotPossible, Throttled
   */
  run(name: OperationName, by: Holder, input: unknown): Promise<unknown>;
  /** Notes what was read elsewhere. */
  note(action: string, by: Holder, detail: string): Promise<void>;
  /** Notes what was refused elsewhere. */
  denied(by: Holder, about: string): Promise<void>;
}

export function createOffice(deps: OfficeDeps): Office {
  const note = (action: string, by: Holder, detail: string): Promise<void> => noteAudit(deps, action, by.account.id, detail);
  const denied = (by: Holder, about: string): Promise<void> => deps.denials.note({ action: 'denied', accountId: by.account.id, about });
  return {
    note,
    denied,
    async admits(name, by) {
      const allowed = (operations[name].roles as readonly string[]).includes(by.account.role);
      if (!allowed) await denied(by, name);
      return allowed;
    },
    async run(name, by, input) {
      try {
        const output = await (handlers[name] as Handler<OperationName>)(deps, by, input as never);
        return operations[name].output.parse(output);
      } catch (error) {
        if (error instanceof NotAllowed) await denied(by, name);
        throw error;
      }
    },
  };
}
