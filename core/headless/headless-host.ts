import { hostContract } from '../../shared/bridge/host-contract.ts';
import { portPair } from '../../shared/bridge/port.ts';
import { createClient, serve } from '../../shared/bridge/rpc.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import type { Host } from '../ports.ts';
import type { Show } from './notifier.ts';
import type { Secrets } from './secret-file.ts';

export interface HeadlessHostOptions {
  readonly secrets: Secrets;
  readonly show: Show;
  readonly logger: Logger;
}

/** What the core asks of a desktop, where there is none but a key file and notifications. Nobody picks files here. */
export function createHeadlessHost({ logger, secrets, show }: HeadlessHostOptions): Host {
  const [near, far] = portPair();
  const host = createClient(hostContract);
  serve(
    hostContract,
    {
      calls: {
        'secrets.kind': () => ({ kind: 'file' as const }),
        'secrets.get': ({ name }) => ({ value: secrets.get(name) }),
        'secrets.set': ({ name, value }) => {
          secrets.set(name, value);
          return {};
        },
        'secrets.delete': ({ name }) => {
          secrets.delete(name);
          return {};
        },
        'notify.show': async ({ title, body }) => ({ shown: await show(title, body) }),
        // What node-notifier has shown stays until the desktop takes it away.
        'notify.withdraw': () => ({}),
        'files.read': () => null,
        'files.write': () => ({ ok: false }),
        'log.write': ({ level, event, fields }) => {
          logger[level](event, fields);
          return {};
        },
      },
      queries: {},
    },
    far,
    { now: () => performance.now() },
  );
  host.attach(near);
  return host;
}
