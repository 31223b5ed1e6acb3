import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { ChangeHub, type Topic } from './changes.ts';
import { liveQuery } from './live-query.ts';

const hub = new ChangeHub();
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A screen that says in `order` when it is read. */
function screen(name: string, topics: readonly Topic[], order: string[], work = 0): { emitted: number } {
  const told = { emitted: 0 };
  let value = 0;
  const read = (): number => {
    order.push(name);
    for (const until = performance.now() + work; performance.now() < until;);
    return (value += 1);
  };
  stops.push(liveQuery(hub, { topics }, read, { emit: () => (told.emitted += 1), fail: () => {} }));
  return told;
}
const turns = async (n: number): Promise<void> => {
  for (let i = 0; i < n; i += 1) await turn();
};

test('what changes several times before a screen is read is read once, the quick screens first', async () => {
  const order: string[] = [];
  screen('slow', ['tickets'], order, 12);
  screen('quick', ['tickets', 'outbox'], order);
  order.length = 0;
  hub.emit(['tickets']);
  await Promise.resolve();
  hub.emit(['outbox']);
  hub.emit(['tickets']);
  expect(order).toEqual([]);
  await turns(3);
  expect(order).toEqual(['quick', 'slow']);
});

test('between two slow screens somebody else has a turn', async () => {
  const order: string[] = [];
  screen('one', ['tickets'], order, 8);
  screen('two', ['tickets'], order, 8);
  order.length = 0;
  hub.emit(['tickets']);
  await Promise.resolve();
  // As a call does that comes while the first is read.
  setImmediate(() => order.push('call'));
  await turns(5);
  expect([order[1], order.toSorted()]).toEqual(['call', ['call', 'one', 'two']]);
});

test('another desk is read at once, and what waited is not read a second time', async () => {
  const order: string[] = [];
  const told = screen('list', ['session', 'tickets'], order);
  order.length = 0;
  hub.emit(['tickets']);
  await Promise.resolve();
  hub.emit(['session']);
  await Promise.resolve();
  expect(order).toEqual(['list']);
  await turns(3);
  expect(order).toEqual(['list']);
  expect(told.emitted).toBe(2);
});

test('nobody is read who has gone, not even if a change was waiting', async () => {
  const order: string[] = [];
  screen('list', ['tickets'], order);
  order.length = 0;
  hub.emit(['tickets']);
  await Promise.resolve();
  stops.pop()!();
  await turns(3);
  expect(order).toEqual([]);
});
