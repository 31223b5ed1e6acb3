import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChance } from '../../server/seed/random.ts';
import { Agent } from './agent.ts';
import { type Counts, noCounts } from './counts.ts';
import { Invariants } from './invariants.ts';
import { checkEnd, isAtRest } from './at-rest.ts';
import { planOffice } from './office-plan.ts';
import { SimDevice } from './sim-device.ts';
import { SimNetwork } from './sim-network.ts';
import { type SimOffice, START } from './sim-office.ts';
import { SimServer } from './sim-server.ts';
import { forgetClosed, onBoundary, watchTransactions } from './transaction-watch.ts';
import { Violation } from './violation.ts';
import { VirtualWorld } from './virtual-world.ts';

export interface Outcome {
  readonly seed: number;
  /** The same for each run of the same seed. */
  readonly trace: string;
  readonly counts: Counts;
  readonly violation: { readonly invariant: string; readonly message: string } | null;
  /** What happened, newest last. */
  readonly lines: readonly string[];
}

/** How long after the last fault all must be equal. */
const PEACE_MS = 60_000;
const HOUR = 3_600_000;
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Plays one schedule. Everything in it follows from the seed. */
export async function runSchedule(office: SimOffice, seed: number): Promise<Outcome> {
  watchTransactions();
  const folder = mkdtempSync(join(memory, 'zuoxi-simulation-'));
  const stage = new Stage(office, seed, folder);
  let violation: Outcome['violation'] = null;
  try {
    await stage.play();
  } catch (error) {
    if (error instanceof Violation) violation = { invariant: error.invariant, message: error.message };
    else violation = { invariant: 'fault', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { seed, trace: stage.world.digest(), counts: stage.counts, violation, lines: stage.world.lines };
}

class Stage {
  readonly world = new VirtualWorld(START);
  readonly counts = noCounts();
  readonly #office: SimOffice;
  readonly #seed: number;
  readonly #folder: string;
  readonly #devices: SimDevice[] = [];
  readonly #agents: Agent[] = [];
  #server!: SimServer;
  #network!: SimNetwork;
  #invariants!: Invariants;
  #peace = false;
  /** How far the clocks of all have gone ahead of the world's. */
  #passed = 0;
  #failed: unknown = null;

  constructor(office: SimOffice, seed: number, folder: string) {
    this.#office = office;
    this.#seed = seed;
    this.#folder = folder;
    this.counts.schedules = 1;
  }

  async play(): Promise<void> {
    const { world, counts } = this;
    const chance = createChance(this.#seed * 7919 + 1);
    await this.#office.rows.putBack('the_start');
    this.#server = await SimServer.start(this.#office, createChance(this.#seed * 7919 + 2), () => world.now() + this.#passed);
    this.#invariants = new Invariants(this.#office.store, () => this.#server, counts, this.#office.people);
    const rough = chance.hit(0.5);
    this.#network = new SimNetwork({
      world,
      counts,
      chance: createChance(this.#seed * 7919 + 3),
      server: this.#server,
      witness: this.#invariants,
      pageLimit: chance.hit(0.5) ? 1000 : chance.int(2, 9),
      weather: { loss: rough ? 0.15 : 0.04, twice: rough ? 0.1 : 0.03, slow: chance.int(50, 1500), faults: 0.08, busy: 0.02 },
    });
    this.#network.onServerEnd = () => this.#endServer(chance.int(1, 9) * 1000);
    onBoundary((path) => {
      for (const device of this.#devices) device.boundary(path);
    });

    const length = chance.int(40, 80) * 1000;
    this.#plan(chance, length);
    await world.run(START + length, () => this.#after());

    this.#calm();
    // Looked at now and then: whoever is at rest early need not be waited for.
    const end = world.now() + PEACE_MS;
    while (world.now() < end) {
      await world.run(world.now() + 5000, () => this.#after());
      if (counts.commands > 0 && (await isAtRest(this.#devices, this.#server))) break;
    }
    await checkEnd({
      devices: this.#devices,
      server: this.#server,
      store: this.#office.store,
      people: this.#office.people,
      invariants: this.#invariants,
      words: this.#agents.flatMap((a) => a.words),
      now: this.#server.now(),
    });
    await this.#invariants.checkServer();
    if (counts.commands === 0 || counts.pages === 0) throw new Violation('idle', 'this schedule did nothing');
  }

  /** Puts down who is there and what happens to them. */
  #plan(chance: ReturnType<typeof createChance>, length: number): void {
    const { world, counts } = this;
    const { people, groups } = this.#office;
    const n = chance.pick([2, 2, 2, 3, 3, 3, 3, 4, 5, 8]);
    const staff = people.map((p) => p.staffNo).filter((s) => s !== 'G1');
    const main = chance.pick(['A1', 'A2', 'A3']);
    for (let i = 0; i < n; i += 1) {
      // Often somebody works at two devices; some devices are shared.
      const first = i < 2 ? main : chance.pick(staff);
      const second = chance.hit(0.25) ? [chance.pick(staff.filter((s) => s !== first))] : [];
      const device = new SimDevice({
        name: `d${i}`,
        staff: [first, ...second],
        folder: this.#folder,
        world,
        network: () => this.#network,
        seed: this.#seed * 7919 + 100 + i,
        skew: chance.hit(0.4) ? chance.int(-24, 24) * HOUR : chance.int(-5000, 5000),
      });
      this.#devices.push(device);
      this.#invariants.watch(device);
      const tools = { world, counts, chance: createChance(this.#seed * 7919 + 200 + i), invariants: this.#invariants, people, groups };
      const agent = new Agent(tools, device);
      this.#agents.push(agent);
      device.start();
      world.in(chance.int(0, 3000), 'sign-in', () => agent.signIn());
      // Whoever finds the door closed tries again.
      for (let at = 6000; at < length; at += 9000) world.in(at + chance.int(0, 5000), 'look', () => agent.signIn());
      this.#planTrouble(chance, device, agent, length);
    }
    const actions = chance.int(10, 22);
    for (let i = 0; i < actions; i += 1) {
      const agent = chance.pick(this.#agents);
      const at = chance.int(3000, length - 1000);
      world.in(at, 'act', () => agent.act());
      // Work comes in bursts.
      if (chance.hit(0.35)) world.in(at + chance.int(100, 900), 'act', () => agent.act());
    }
    // By a chance of its own, so that all else of a seed stays as it was.
    const typing = createChance(this.#seed * 7919 + 4);
    for (let i = typing.int(2, 8); i > 0; i -= 1) {
      const agent = typing.pick(this.#agents);
      world.in(typing.int(3000, length), 'type', () => agent.type(typing));
    }
    this.#planAge(createChance(this.#seed * 7919 + 5), length);
    if (chance.hit(0.35)) world.in(chance.int(8000, length), 'server ends', () => this.#endServer(chance.int(1, 12) * 1000));
    planOffice({
      world,
      chance,
      counts,
      length,
      server: () => this.#server,
      invariants: this.#invariants,
      office: this.#office,
      busy: () => this.#server.down,
      restart: () => this.#endServer(chance.int(1, 5) * 1000),
    });
  }

  /** What is too old to be kept: asked for, and getting older. */
  #planAge(chance: ReturnType<typeof createChance>, length: number): void {
    const { world } = this;
    for (let i = chance.int(1, 5); i > 0; i -= 1) {
      const agent = chance.pick(this.#agents);
      world.in(chance.int(4000, length), 'older', () => agent.fetchOlder());
    }
    if (chance.hit(0.4))
      world.in(chance.int(6000, length), 'a shorter window', async () => {
        if (this.#server.down) return;
        world.note('finished tickets stay for 31 days');
        await this.#server.staff.changeParameters({ cacheDays: 31 });
        this.#invariants.window = 31;
      });
    if (!chance.hit(0.4)) return;
    world.in(chance.int(8000, length), 'days pass', () => {
      world.note('two days pass on all clocks');
      this.#passed += 2 * 24 * HOUR;
      for (const device of this.#devices) device.skew += 2 * 24 * HOUR;
    });
  }

  #planTrouble(chance: ReturnType<typeof createChance>, device: SimDevice, agent: Agent, length: number): void {
    const { world, counts } = this;
    const { link } = device;
    if (chance.hit(0.6)) {
      const from = chance.int(2000, length);
      const way = chance.pick(['up', 'down', 'both', 'both'] as const);
      world.in(from, 'partition', () => {
        counts.partitions += 1;
        world.note(`${device.name} cut off ${way}`);
        if (way !== 'down') link.up = false;
        if (way !== 'up') link.down = false;
      });
      world.in(from + chance.int(3000, 40_000), 'joined', () => void Object.assign(link, { up: true, down: true }));
    }
    for (let i = chance.pick([0, 0, 1, 1, 2]); i > 0; i -= 1) {
      const at = chance.int(4000, length);
      if (chance.hit(0.25)) world.in(at, 'restart', () => this.#restart(device, chance.int(0, 4000)));
      else if (chance.hit(0.75)) world.in(at, 'kill soon', () => device.killAtBoundary(chance.int(1, 7)));
      else world.in(at, 'kill', () => this.#kill(device, chance.int(0, 4000)));
    }
    if (chance.hit(0.25))
      world.in(chance.int(2000, length), 'clock', () => {
        counts.clockJumps += 1;
        device.skew = this.#passed + chance.int(-24, 24) * HOUR;
      });
    if (device.staff.length > 1)
      for (let at = chance.int(15_000, 30_000); at < length; at += chance.int(15_000, 30_000))
        world.in(at, 'hand over', () => agent.handOver());
  }

  async #restart(device: SimDevice, wait: number): Promise<void> {
    if (!device.alive) return;
    this.counts.restarts += 1;
    this.world.note(`${device.name} restarts`);
    await device.stop();
    this.#startLater(device, wait);
  }

  async #kill(device: SimDevice, wait: number): Promise<void> {
    if (!device.alive && !device.fell) return;
    this.counts.kills += 1;
    this.world.note(`${device.name} killed`);
    await device.kill();
    this.#startLater(device, wait);
  }

  #startLater(device: SimDevice, wait: number): void {
    this.world.in(wait, 'start', () => {
      device.start();
      this.world.in(1000, 'sign-in', () => this.#agents[this.#devices.indexOf(device)]!.signIn());
    });
  }

  #endServer(wait: number): void {
    if (this.#server.down) return;
    this.counts.serverRestarts += 1;
    this.world.note('the server ends');
    this.#server.down = true;
    this.#network.hangUp('all');
    this.world.in(wait, 'server starts', async () => {
      if (this.#server.down) await this.#server.boot();
    });
  }

  async #after(): Promise<void> {
    if (this.#failed !== null) throw this.#failed;
    for (const device of this.#devices) {
      if (device.fell) await this.#kill(device, this.#peace ? 0 : 1500);
      this.#invariants.check(device);
    }
  }

  /** No fault happens from now on. */
  #calm(): void {
    this.#peace = true;
    this.world.note('peace');
    this.#network.weather = { loss: 0, twice: 0, slow: 300, faults: 0, busy: 0 };
    for (const [i, device] of this.#devices.entries()) {
      device.killAtBoundary(Number.MAX_SAFE_INTEGER);
      Object.assign(device.link, { up: true, down: true });
      const agent = this.#agents[i]!;
      for (let at = 0; at < PEACE_MS; at += 4000) this.world.in(at, 'sign-in', () => agent.signIn());
      // Where nobody came to anything so far.
      for (let at = 7000; at < PEACE_MS / 2; at += 2000)
        this.world.in(at + i * 100, 'act', () => {
          if (this.counts.commands === 0) agent.act();
        });
    }
    this.#network.hangUp('deaf');
  }

  async close(): Promise<void> {
    onBoundary(() => {});
    for (const device of this.#devices) await device.stop().catch(() => {});
    forgetClosed();
  }
}
