import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { createCore, type Core } from '../../../core/create-core.ts';
import { systemClock, systemTimers } from '../../../core/system-timers.ts';
import { createHttpTransport } from '../../../core/transport/http-transport.ts';
import type { Transport } from '../../../core/ports.ts';
import { type CoreContract, coreContract } from '../../../shared/bridge/contract.ts';
import type { InputOf, OutputOf } from '../../../shared/bridge/define.ts';
import { portPair } from '../../../shared/bridge/port.ts';
import { type Client, createClient } from '../../../shared/bridge/rpc.ts';
import type { Clock, Timers } from '../../../shared/lib/clock.ts';
import { type Logger, silentLogger } from '../../../shared/lib/logger.ts';
import { createFakeHost, type FakeHost } from './fake-host.ts';

type Queries = CoreContract['queries'];

export interface DeviceOptions {
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly transport?: Transport;
  readonly zone?: () => string;
  readonly dataDir?: string;
  readonly host?: FakeHost;
  readonly presetServer?: string;
  readonly logger?: Logger;
}

/** One agent's computer: the real core on real files, asked through the real contract. */
export interface Device {
  readonly core: Core;
  readonly client: Client<CoreContract>;
  readonly host: FakeHost;
  readonly dataDir: string;
  call: Client<CoreContract>['call'];
  read: Client<CoreContract>['read'];
  /** Waits for the first value of a query that fits; says the last one if none does. */
  until<N extends keyof Queries & string>(
    name: N,
    input: InputOf<Queries[N]>,
    fits: (value: OutputOf<Queries[N]>) => boolean,
    ms?: number,
  ): Promise<OutputOf<Queries[N]>>;
  signIn(url: string, staffNo: string, password?: string): Promise<void>;
  /** Signed in and all rows here. */
  synced(): Promise<void>;
  /** The only window of this device goes; the core lives on. */
  closeWindow(): void;
  /** Ends the core and starts it again on the same files and key store. */
  restart(): Promise<Device>;
  /** Ends the core; the files go unless they were given. */
  stop(options?: { readonly keep?: boolean }): Promise<void>;
}

export function startDevice(options: DeviceOptions = {}): Device {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'zuoxi-device-'));
  const host = options.host ?? createFakeHost();
  const core = createCore({
    dataDir,
    transport: options.transport ?? createHttpTransport(),
    host: host.host,
    clock: options.clock ?? systemClock,
    timers: options.timers ?? systemTimers,
    ids: v7,
    random: Math.random,
    zone: options.zone ?? (() => 'Asia/Shanghai'),
    logger: options.logger ?? silentLogger,
    presetServer: options.presetServer ?? null,
    checkOutput: true,
  });
  const client = createClient(coreContract);
  const [near, far] = portPair();
  core.serve(far);
  client.attach(near);

  const device: Device = {
    core,
    client,
    host,
    dataDir,
    call: client.call,
    read: client.read,
    until: (name, input, fits, ms = 15_000) =>
      new Promise((resolve, reject) => {
        let last: unknown = '(no value)';
        const finish = (settle: () => void): void => {
          clearTimeout(timer);
          stop();
          settle();
        };
        const timer = setTimeout(
          () => finish(() => reject(new Error(`${name}: not what was waited for; last value ${JSON.stringify(last).slice(0, 1500)}`))),
          ms,
        );
        const stop = client.watch(
          name,
          input,
          (value) => {
            last = value;
            if (fits(value)) finish(() => resolve(value));
          },
          (error) => finish(() => reject(error)),
        );
      }),
    async signIn(url, staffNo, password = 'secret-pass') {
      const result = await client.call('session.signIn', { url, staffNo, password });
      if (!result.ok) throw new Error(`sign-in: ${result.reason}`);
      await device.synced();
    },
    async synced() {
      await device.until('sync.state', {}, (s) => s.connection === 'online' && s.pending === 0 && s.firstSync === null);
    },
    closeWindow: () => near.close(),
    async restart() {
      await core.stop();
      return startDevice({ ...options, dataDir, host });
    },
    async stop({ keep = options.dataDir !== undefined } = {}) {
      await core.stop();
      if (!keep) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return device;
}
