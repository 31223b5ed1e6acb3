import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CoreContract, coreContract } from '../../../shared/bridge/contract.ts';
import { hostContract } from '../../../shared/bridge/host-contract.ts';
import type { InputOf, OutputOf } from '../../../shared/bridge/define.ts';
import { createFramedChannel } from '../../../shared/bridge/framed-ports.ts';
import { type Client, createClient, serve } from '../../../shared/bridge/rpc.ts';
import { createFakeHost, type FakeHost } from '../../support/core/fake-host.ts';

const sources = join(import.meta.dirname, '../../../core/entry.node.ts');

/** The core in a process of its own, as the shell runs it. */
export interface CoreProcess {
  readonly client: Client<CoreContract>;
  readonly host: FakeHost;
  readonly child: ChildProcess;
  until<N extends keyof CoreContract['queries'] & string>(
    name: N,
    input: InputOf<CoreContract['queries'][N]>,
    fits: (value: OutputOf<CoreContract['queries'][N]>) => boolean,
    ms?: number,
  ): Promise<OutputOf<CoreContract['queries'][N]>>;
  /** SIGKILL: nothing is told, nothing is closed. */
  kill(): Promise<void>;
  /** In order. */
  stop(): Promise<void>;
}

export interface CoreProcessOptions {
  readonly dataDir: string;
  /** Outlives the core; a new one by default. */
  readonly host?: FakeHost;
  /** Each line that the core gives to its host. */
  readonly onLog?: (line: string) => void;
  /** Each line of its standard output and error. */
  readonly onOutput?: (text: string) => void;
  /** The program; the core's sources by default. */
  readonly entry?: string;
  /** What the shell says of the network before it opens a port. */
  readonly network?: object;
  /** A module that is loaded before the program; it may plant a fault. */
  readonly before?: string;
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of the process as soon as there is one. */
  readonly onSpawn?: (child: ChildProcess) => void;
}

export async function startCoreProcess(options: CoreProcessOptions): Promise<CoreProcess> {
  return (await prepareCoreProcess(options))();
}

/** A process that has read its program and opens nothing before it is told to. */
export async function prepareCoreProcess({
  dataDir,
  host = createFakeHost(),
  onLog,
  onOutput,
  entry = sources,
  before,
  env,
  network,
  onSpawn,
}: CoreProcessOptions): Promise<() => CoreProcess> {
  const child = fork(entry, [JSON.stringify({ dataDir, presetServer: null, checkOutput: true })], {
    serialization: 'advanced',
    silent: true,
    env: { ...process.env, ...env },
    ...(before !== undefined && { execArgv: ['--import', pathToFileURL(before).href] }),
  });
  onSpawn?.(child);
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => onOutput?.(data.toString('utf8')));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.on('message', (m) => {
      if (typeof m === 'object' && m !== null && 'ready' in m) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the core ended with ${code} before it was ready`)));
  });
  return () => {
    if (network !== undefined) child.send({ network });
    const channel = createFramedChannel({
      send: (m) => void (child.connected && child.send(m as object, () => {})),
      onMessage: (listener) => void child.on('message', (m) => listener(m)),
    });
    child.once('exit', () => channel.close());
    const forward = Object.fromEntries(
      (Object.keys(hostContract.calls) as (keyof typeof hostContract.calls)[]).map((name) => [
        name,
        (input: never) => {
          if (name === 'log.write') onLog?.(JSON.stringify(input));
          return host.host.call(name, input);
        },
      ]),
    );
    serve(hostContract, { calls: forward as never, queries: {} }, channel.openPort('host'), {
      now: () => performance.now(),
      ratePerSecond: 100_000,
    });
    const client = createClient(coreContract);
    client.attach(channel.openPort('window'));
    return {
      client,
      host,
      child,
      until: (name, input, fits, ms = 30_000) =>
        new Promise((resolve, reject) => {
          let last: unknown;
          const finish = (settle: () => void): void => {
            clearTimeout(timer);
            stop();
            settle();
          };
          const timer = setTimeout(() => finish(() => reject(new Error(`${name}: last ${JSON.stringify(last).slice(0, 800)}`))), ms);
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
      async kill() {
        child.kill('SIGKILL');
        await gone;
      },
      async stop() {
        child.send({ stop: true });
        await gone;
      },
    };
  };
}
