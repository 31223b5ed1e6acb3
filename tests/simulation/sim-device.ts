import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { createCore, type Core } from '../../core/create-core.ts';
import type { Host } from '../../core/ports.ts';
import { type CoreContract, coreContract } from '../../shared/bridge/contract.ts';
import { type Port, portPair } from '../../shared/bridge/port.ts';
import { type Client, createClient } from '../../shared/bridge/rpc.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import { type Chance, createChance } from '../../server/seed/random.ts';
import type { Link, SimNetwork } from './sim-network.ts';
import { connectionTo, openBelow } from './transaction-watch.ts';
import type { VirtualWorld } from './virtual-world.ts';

interface Run {
  readonly core: Core;
  readonly client: Client<CoreContract>;
  readonly far: Port;
  alive: boolean;
}

/** Any address: the network is simulated. */
export const ADDRESS = 'http://127.0.0.1:8787';

/** A computer with the production core on it, whose process can end at any moment. */
export class SimDevice {
  readonly name: string;
  /** 工号 of those who work at it; usually one. */
  readonly staff: readonly string[];
  readonly link: Link = { up: true, down: true };
  readonly #world: VirtualWorld;
  readonly #network: () => SimNetwork;
  readonly #chance: Chance;
  readonly #folder: string;
  readonly #secrets = new Map<string, string>();
  /** How far its clock is off, ms. */
  skew: number;
  /** Index in `staff` of who is to sit at it. */
  who = 0;
  #folders = 0;
  #run: Run | null = null;
  /** Ends the process after so many more boundaries of its transactions. */
  #endIn: number | null = null;
  #left: string | null = null;

  constructor(options: {
    name: string;
    staff: readonly string[];
    folder: string;
    world: VirtualWorld;
    network: () => SimNetwork;
    seed: number;
    skew: number;
  }) {
    this.name = options.name;
    this.staff = options.staff;
    this.#folder = options.folder;
    this.#world = options.world;
    this.#network = options.network;
    this.#chance = createChance(options.seed);
    this.skew = options.skew;
    mkdirSync(this.folder, { recursive: true });
  }

  get folder(): string {
    return join(this.#folder, `${this.name}-${this.#folders}`);
  }

  /** Whether its process runs. */
  get alive(): boolean {
    return this.#run?.alive === true;
  }

  now(): number {
    return this.#world.now() + this.skew;
  }

  /** The open cache of whoever is signed in. */
  get cache(): Database.Database | null {
    if (!this.alive) return null;
    const path = openBelow(this.folder).at(-1);
    return path === undefined ? null : connectionTo(path);
  }

  /** What the agent sees and does. */
  get client(): Client<CoreContract> {
    return this.#run!.client;
  }

  start(): void {
    // Whoever asks is this run and no later one.
    const run = { alive: true } as Run;
    const alive = (): boolean => run.alive;
    const core = createCore({
      dataDir: this.folder,
      transport: this.#network().transportFor({ name: this.name, link: this.link, alive }),
      host: this.#host(alive),
      clock: { now: () => this.now() },
      timers: this.#world.timersFor(alive),
      ids: () => this.#chance.id(this.#world.now()),
      random: () => this.#chance.next(),
      zone: () => 'Asia/Shanghai',
      logger: silentLogger,
      presetServer: null,
    });
    const client = createClient(coreContract);
    const [port, far] = portPair();
    core.serve(far);
    client.attach(port);
    this.#run = Object.assign(run, { core, client, far });
  }

  /** Ends it as a person does. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    const stopped = run.core.stop();
    // A request under way is broken off with the process.
    run.alive = false;
    this.#network().breakOff(this.name);
    await stopped;
    run.far.close();
    this.#run = null;
  }

  /** Its process is gone at once; on the disk stays what has been committed. */
  async kill(): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    const left = this.#left ?? this.#copy();
    this.#left = null;
    this.#endIn = null;
    run.alive = false;
    run.far.close();
    this.#folders = Number(left.slice(left.lastIndexOf('-') + 1));
    this.#run = null;
    // What still runs of it has a disk and a network of its own, on which nobody looks.
    const stopped = run.core.stop().catch(() => {});
    this.#network().breakOff(this.name);
    await stopped;
  }

  /** Ends the process in the middle of its work: at the n-th beginning or end of a transaction from now. */
  killAtBoundary(n: number): void {
    this.#endIn = n;
  }

  /** Told of each boundary of a transaction in a file. */
  boundary(path: string): void {
    if (this.#endIn === null || !this.alive || !path.startsWith(`${this.folder}/`)) return;
    this.#endIn -= 1;
    if (this.#endIn > 0) return;
    this.#endIn = null;
    this.#left = this.#copy();
    this.#run!.alive = false;
  }

  /** It ended in the middle of its work; `kill` takes away the rest. */
  get fell(): boolean {
    return this.#left !== null;
  }

  /** The disk as it is now, as another folder. */
  #copy(): string {
    const to = join(this.#folder, `${this.name}-${this.#folders + 1}`);
    cpSync(this.folder, to, { recursive: true });
    return to;
  }

  #host(alive: () => boolean): Host {
    const secrets = this.#secrets;
    const answers: Record<string, (input: { name: string; value: string }) => unknown> = {
      'secrets.kind': () => ({ kind: 'file' }),
      'secrets.get': ({ name }) => ({ value: secrets.get(name) ?? null }),
      'secrets.set': ({ name, value }) => {
        if (alive()) secrets.set(name, value);
        return {};
      },
      'secrets.delete': ({ name }) => {
        if (alive()) secrets.delete(name);
        return {};
      },
      'notify.show': () => ({ shown: true }),
    };
    const call = async (name: string, input: unknown): Promise<unknown> => (answers[name] ?? (() => ({})))(input as never);
    return { call } as Host;
  }
}
