import type { PlantedBug } from '../simulation/planted-bugs.ts';

/** What grows without end if it is left out: one line of the production, said otherwise. */
const leaks: readonly PlantedBug[] = [
  {
    name: 'windows-stay',
    file: 'shared/bridge/rpc.ts',
    find: '  port.onClose(stop);\n',
    replace: '',
    why: 'what a window watched is read for it after it has gone',
  },
  {
    name: 'listener-stays',
    file: 'core/live/changes.ts',
    find: '    return () => this.#listeners.delete(listener);\n',
    replace: '    return () => {};\n',
    why: 'what nobody watches any more is read after each change',
  },
  {
    name: 'ledger-untrimmed',
    file: 'core/reminders/scheduler.ts',
    find: '      forgetOld(db, now);\n',
    replace: '',
    why: 'the ledger keeps every reminder there ever was',
  },
  {
    name: 'statements-unbounded',
    file: 'db/statements.ts',
    find: '    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);\n',
    replace: '',
    why: 'each search of its own keeps a compiled statement',
  },
  {
    name: 'ticks-go-on',
    file: 'core/reminders/scheduler.ts',
    find: '    this.#stopTick();\n',
    replace: '',
    why: 'each sign-in leaves a timer and a desk behind',
  },
  {
    name: 'queue-kept',
    file: 'core/sync/queue.ts',
    find: "    .where(and(eq(outbox.state, 'done'), lt(outbox.doneAt, now - KEEP_DONE_MS)))\n",
    replace: "    .where(and(eq(outbox.state, 'done'), lt(outbox.doneAt, now - 1000 * KEEP_DONE_MS)))\n",
    why: 'commands that the server took long ago stay',
  },
];

export const leakNames = leaks.map((leak) => leak.name);

/** @throws Error if there is none of this name */
export function leakCalled(name: string): PlantedBug {
  const leak = leaks.find((l) => l.name === name);
  if (leak === undefined) throw new Error(`There is no leak called ${name}: ${leakNames.join(', ')}`);
  return leak;
}
