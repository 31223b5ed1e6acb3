import { randomUUID } from 'node:crypto';
import { hostContract } from '../../../shared/bridge/host-contract.ts';
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

export interface WrittenFile {
  readonly bytes: Uint8Array;
  /** `whole`: stands under its name; `aborted`: nothing of it is left. */
  readonly state: 'writing' | 'whole' | 'aborted';
}

/** The process that hosts a core, in memory: a key store that outlives the core, files, and a record of notifications. */
export interface FakeHost {
  readonly host: Host;
  readonly secrets: Map<string, string>;
  readonly shown: ShownNotification[];
  readonly withdrawn: string[];
  /** Where the host keeps secrets, as far as it says. */
  secretKind: 'os' | 'file' | 'memory';
  /** What the desktop answers to the next notifications. */
  canShow: boolean;
  /** What was written, by handle. */
  readonly written: Map<string, WrittenFile>;
  /** Writes fail from now on, as on a full disk. */
  diskFull: boolean;
  /** As if the agent had picked this file. */
  pick(name: string, bytes: Uint8Array): { readonly handle: string; readonly name: string; readonly size: number };
  /** As if the agent had said where to save. @returns the handle */
  chooseTarget(): string;
}

export function createFakeHost(secrets = new Map<string, string>()): FakeHost {
  const [near, far] = portPair();
  const picked = new Map<string, Uint8Array>();
  const written = new Map<string, WrittenFile>();
  const fake: FakeHost = {
    host: createClient(hostContract),
    secrets,
    secretKind: 'file',
    shown: [],
    withdrawn: [],
    canShow: true,
    written,
    diskFull: false,
    pick(name, bytes) {
      const handle = randomUUID();
      picked.set(handle, bytes);
      return { handle, name, size: bytes.length };
    },
    chooseTarget() {
      const handle = randomUUID();
      written.set(handle, { bytes: new Uint8Array(0), state: 'writing' });
      return handle;
    },
  };
  serve(
    hostContract,
    {
      calls: {
        'secrets.kind': () => ({ kind: fake.secretKind }),
        'secrets.get': ({ name }) => ({ value: secrets.get(name) ?? null }),
        'secrets.set': ({ name, value }) => {
          secrets.set(name, value);
          return {};
        },
        'secrets.delete': ({ name }) => {
          secrets.delete(name);
          return {};
        },
        'notify.show': ({ actions: _, reply: _reply, ...n }) => {
          if (fake.canShow) fake.shown.push(n);
          return { shown: fake.canShow };
        },
        'notify.withdraw': ({ id }) => {
          fake.withdrawn.push(id);
          return {};
        },
        'files.read': ({ handle, offset, length }) => {
          const bytes = picked.get(handle);
          // A copy: pieces cross to another process, the file stays here.
          return bytes === undefined ? null : { bytes: bytes.slice(offset, offset + length), size: bytes.length };
        },
        'files.write': ({ handle, bytes, end }) => {
          const file = written.get(handle);
          if (file?.state !== 'writing') return { ok: false };
          if (end === 'abort' || fake.diskFull) {
            written.set(handle, { bytes: new Uint8Array(0), state: 'aborted' });
            return { ok: end === 'abort' };
          }
          written.set(handle, { bytes: Buffer.concat([file.bytes, bytes]), state: end === 'yes' ? 'whole' : 'writing' });
          return { ok: true };
        },
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
