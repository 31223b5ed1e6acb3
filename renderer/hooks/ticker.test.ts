import { expect, test } from 'vitest';
import { createTicker } from './ticker.ts';

function setUp() {
  const state = { now: 1_000_000, zone: 'Asia/Shanghai', zones: 0, told: 0, running: 0 };
  let look = (): void => {};
  const start = (run: () => void) => {
    look = run;
    state.running += 1;
    return () => void (state.running -= 1);
  };
  const ticker = createTicker(
    { now: () => state.now, zone: () => state.zone, every: (_ms, run) => start(run), onReturn: start },
    () => void (state.zones += 1),
  );
  return { state, ticker, look: () => look(), follow: () => ticker.subscribe(() => void (state.told += 1)) };
}

test('it tells each half minute, and does not move in between', () => {
  const { state, ticker, look, follow } = setUp();
  follow();
  state.now += 29_999;
  look();
  expect([state.told, ticker.read()]).toEqual([0, 1_000_000]);
  state.now += 1;
  look();
  expect([state.told, ticker.read()]).toEqual([1, 1_030_000]);
});

test('D08 a clock that was set back is followed as one that went on', () => {
  const { state, ticker, look, follow } = setUp();
  follow();
  state.now -= 3_600_000;
  look();
  expect([state.told, ticker.read()]).toEqual([1, state.now]);
});

test('D08 another zone is told at once, so that no time is shown in the old one', () => {
  const { state, look, follow } = setUp();
  follow();
  state.zone = 'America/New_York';
  look();
  look();
  expect([state.told, state.zones]).toEqual([1, 1]);
});

test('with nobody listening nothing runs, and the next to ask gets the time of then', () => {
  const { state, ticker, follow } = setUp();
  const stop = follow();
  expect(state.running).toBe(2);
  stop();
  expect(state.running).toBe(0);
  state.now += 100_000;
  expect(ticker.read()).toBe(state.now);
});
