import { hostContract } from '../../../shared/bridge/contract.ts';
import { portPair } from '../../../shared/bridge/port.ts';
import { createClient, serve } from '../../../shared/bridge/rpc.ts';
import type { Host } from '../../../core/ports.ts';

export interface ShownNotification {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly ticketId: string | null;
}

/** The process that hosts a core, in memory: a key store that outlives the core, and a record of notifications. */
export interface FakeHost {
  readonly host: Host;
  readonly secrets: Map<string, string>;
  readonly shown: ShownNotification[];
  readonly withdrawn: string[];
  /** What the desktop answers to the next notifications. */
  canShow: boolean;
}

export function createFakeHost(secrets = new Map<string, string>()): FakeHost {
  const [near, far] = portPair();
  const fake: FakeHost = { host: createClient(hostContract), secrets, shown: [], withdrawn: [], canShow: true };
  serve(
    hostContract,
    {
      calls: {
        'secrets.kind': () => ({ kind: 'file' as const }),
        'secrets.get': ({ name }) => ({ value: secrets.get(name) ?? null }),
        'secrets.set': ({ name, value }) => {
          secrets.set(name, value);
          return {};
        },
        'secrets.delete': ({ name }) => {
          secrets.delete(name);
          return {};
        },
        'notify.show': ({ actions: _, ...n }) => {
          if (fake.canShow) fake.shown.push(n);
          return { shown: fake.canShow };
        },
        'notify.withdraw': ({ id }) => {
          fake.withdrawn.push(id);
          return {};
        },
        'files.read': () => null,
        'log.write': () => ({}),
      },
      queries: {},
    },
    far,
    { now: () => performance.now(), checkOutput: true, ratePerSecond: 100_000 },
  );
  (fake.host as ReturnType<typeof createClient<typeof hostContract>>).attach(near);
  return fake;
}
