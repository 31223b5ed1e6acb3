import type { Account } from '../../shared/domain/people.ts';
import type { Chance } from '../../server/seed/random.ts';
import type { Counts } from './counts.ts';
import type { Invariants } from './invariants.ts';
import type { SimOffice } from './sim-office.ts';
import type { SimServer } from './sim-server.ts';
import type { VirtualWorld } from './virtual-world.ts';

interface Plan {
  readonly world: VirtualWorld;
  readonly chance: Chance;
  readonly counts: Counts;
  /** How long trouble lasts, ms. */
  readonly length: number;
  readonly server: () => SimServer;
  readonly invariants: Invariants;
  readonly office: SimOffice;
  /** The server does nothing now. */
  readonly busy: () => boolean;
  readonly restart: () => void;
}

/** Puts down what the server's people do to it: roles, groups, accounts, rules, jobs, and a backup that is put back. */
export function planOffice(plan: Plan): void {
  const { world, chance, counts, length } = plan;
  const { people, groups } = plan.office;
  const at = (share: number, what: string, run: (server: SimServer) => Promise<void>): void => {
    if (!chance.hit(share)) return;
    world.in(chance.int(6000, length), what, async () => {
      if (plan.busy()) return;
      world.note(what);
      await run(plan.server());
    });
  };
  const agents = people.filter((p) => p.role === 'agent');
  const somebody = (): Account => chance.pick(agents);
  const admin = people.at(-1)!;

  const moved = somebody();
  const there = chance.pick(groups).id;
  at(0.35, 'groups change', async (server) => {
    await server.staff.changeAccount(moved.id, { groupIds: [there], priorityGroupId: there });
  });
  const raised = somebody();
  at(0.25, 'a role changes', async (server) => {
    await server.staff.changeAccount(raised.id, { role: chance.pick(['leader', 'qa', 'agent']) });
  });
  const left = somebody();
  const heir = chance.hit(0.5) ? chance.pick(agents.filter((a) => a.id !== left.id)).id : null;
  if (chance.hit(0.3)) {
    const when = chance.int(8000, length);
    let out = false;
    world.in(when, 'disabled', async () => {
      // Not before anybody has worked: the account may be the only one.
      if (plan.busy() || counts.commands === 0 || counts.pages === 0) return;
      world.note(`${left.staffNo} is disabled`);
      await plan.server().disable(admin, left.id, heir);
      out = true;
    });
    if (chance.hit(0.6))
      world.in(when + chance.int(5000, 30_000), 'enabled', async () => {
        if (out && !plan.busy()) await plan.server().staff.changeAccount(left.id, { disabled: false });
      });
  }
  at(0.2, 'rules change', async (server) => {
    await server.staff.changeParameters(
      chance.pick([{ ticketTtl: 20_000 }, { agentsMayCreate: false }, { allowReclaimAfterRelease: true }, { invalidReleaseLimit: 1 }]),
    );
  });
  for (let t = 20_000; t < length; t += 30_000)
    world.in(t, 'jobs', async () => {
      if (!plan.busy()) await plan.server().due();
    });
  if (!chance.hit(0.25)) return;
  const kept = chance.int(5000, length - 10_000);
  // Who puts it back tells the server so, as the manual says, or forgets to.
  const announced = chance.hit(0.4);
  let ready = false;
  world.in(kept, 'backup', async () => {
    await plan.server().keepBackup();
    ready = true;
  });
  world.in(chance.int(kept + 2000, length), 'restore', async () => {
    if (!ready) return;
    counts.epochs += 1;
    if (!announced) counts.silent += 1;
    world.note(`the server goes back to its backup${announced ? '' : ', and nobody tells it'}`);
    plan.restart();
    await plan.server().restoreBackup(announced);
    await plan.invariants.restored();
  });
}
