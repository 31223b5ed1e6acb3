import type { HostContract } from '../../shared/bridge/host-contract.ts';
import type { Implementation } from '../../shared/bridge/rpc.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import type { FileHandles } from './file-handles.ts';
import type { ReminderAction } from './notification-policy.ts';
import type { Notifications } from './notifications.ts';
import type { Reply } from './replies.ts';
import type { SecretStore } from './secret-store.ts';

export interface HostServiceOptions {
  readonly secrets: SecretStore;
  readonly notifications: Notifications;
  readonly files: FileHandles;
  readonly coreLog: Logger;
  /** Somebody answered a notification of a reminder. */
  readonly onAnswer: (reminder: { readonly id: string; readonly ticketId: string | null }, action: ReminderAction) => void;
  /** Somebody typed into one. */
  readonly onReply: (reply: Reply) => void;
}

/** What the core may ask of the desktop. */
export function createHostService({
  secrets,
  notifications,
  files,
  coreLog,
  onAnswer,
  onReply,
}: HostServiceOptions): Implementation<HostContract> {
  return {
    calls: {
      'secrets.kind': () => ({ kind: secrets.kind }),
      'secrets.get': async ({ name }) => ({ value: await secrets.get(name) }),
      'secrets.set': async ({ name, value }) => {
        await secrets.set(name, value);
        return {};
      },
      'secrets.delete': async ({ name }) => {
        await secrets.delete(name);
        return {};
      },
      'notify.show': async ({ id, kind, title, body, ticketId, actions, reply }) => ({
        shown: await notifications.show(
          { id, title, body, actions, reply, stays: kind === 'callback' || kind === 'mixed' },
          {
            action: (action) => onAnswer({ id, ticketId }, action),
            ...(ticketId !== null && { reply: (text: string) => onReply({ id, ticketId, text }) }),
          },
        ),
      }),
      'notify.withdraw': ({ id }) => {
        notifications.withdraw(id);
        return {};
      },
      'files.read': ({ handle, offset, length }) => files.read(handle, offset, length),
      'files.write': async ({ handle, bytes, end }) => ({ ok: await files.write(handle, bytes, end) }),
      'log.write': ({ level, event, fields }) => {
        coreLog[level](event, fields);
        return {};
      },
    },
    queries: {},
  };
}
