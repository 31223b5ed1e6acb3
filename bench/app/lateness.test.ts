import { expect, test } from 'vitest';
import { measureSyncing, readLateness, startLateness } from './lateness.ts';

const busyFor = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end;);
};
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('work that keeps a process from its timer is told', async () => {
  startLateness();
  await soon();
  busyFor(120);
  await soon();
  const late = readLateness();
  // The timer was due within the work, so it was late by most of it.
  expect(late.worst).toBeGreaterThan(100);
  expect(late.blocked).toBeGreaterThan(50);
  expect(measureSyncing({ seconds: 1, main: late, page: late }).figures['main, late by more than 50 ms, together']!.holds).toBe(false);
  const idle = { ticks: 10, worst: 3, blocked: 0 };
  const outcome = measureSyncing({ seconds: 1, main: idle, page: idle });
  expect(outcome).toMatchObject({ faults: [], figures: { 'page, late by more than 50 ms, together': { holds: true } } });
});

test('a process whose timer never came is a fault and no good figure', () => {
  const never = { ticks: 0, worst: 0, blocked: 0 };
  expect(measureSyncing({ seconds: 1, main: never, page: never }).faults).toHaveLength(1);
});
