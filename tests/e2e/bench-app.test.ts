import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureMemory } from '../../bench/app/measure-memory.ts';
import { measureList, measureSave } from '../../bench/app/measure-save.ts';
import { measureScroll } from '../../bench/app/measure-scroll.ts';
import { measureSearch } from '../../bench/app/measure-search.ts';
import { measureStart } from '../../bench/app/measure-start.ts';
import { recordTrace } from '../../bench/app/record-trace.ts';
import { openStage, type OpenWindow, type Stage } from '../../bench/app/stage.ts';
import type { Outcome } from '../../bench/server/figures.ts';

// The measuring itself, at a size at which nothing is measured: every figure comes, and what is wrong is seen.

let stage: Stage;
let opened: OpenWindow;
const silent = (): void => {};

beforeAll(async () => {
  stage = await openStage({ size: 600, realScreen: false }, silent);
  opened = await stage.open();
}, 300_000);
afterAll(() => stage?.close(), 60_000);

const valueOf = ({ figures }: Outcome, name: string): number => {
  expect(Object.keys(figures)).toContain(name);
  return figures[name]!.value;
};

test('keys of a search are timed to its rows, and a row without the word is told', async () => {
  const { rows } = stage.office;
  const found = await measureSearch(stage, opened, 3);
  expect(found.faults).toEqual([]);
  for (const kind of ['  names and rare words', '  common words', '  initials', '  digits', 'list narrowed, click to rows'])
    expect(valueOf(found, `${kind}, p50`), kind).toBeGreaterThan(0);
  // The office takes a word out of a ticket that the window still has with it.
  const those = [...rows.tickets.values()].filter((t) => rows.has(t, '退款'));
  for (const ticket of those) rows.tickets.set(ticket.id, { ...ticket, subject: '改了', description: '' });
  const wrong = await measureSearch(stage, opened, 1);
  for (const ticket of those) rows.tickets.set(ticket.id, ticket);
  expect(wrong.faults).toContainEqual(expect.stringMatching(/^退款: \d+ of the shown tickets do not have it$/));
});

test('saving and lists are timed over the port of the page, and a note that the server lacks is told', async () => {
  const saved = await measureSave(stage, opened, 3);
  expect(saved.faults).toEqual([]);
  const onScreen = valueOf(saved, 'note, key to 已保存, p99');
  expect(valueOf(saved, '  its call to the core, p99')).toBeLessThan(onScreen);
  const notes = [...stage.office.rows.events.values()].flat().map((e) => e.note);
  expect(notes).toHaveLength(3);
  // What is written a second time is there twice, so each of these is no longer there exactly once.
  expect((await measureSave(stage, opened, 2)).faults).toEqual(['2 of 2 notes are not with the server exactly once']);
  const lists = await measureList(stage, opened, 5);
  expect(lists.faults).toEqual([]);
  expect(valueOf(lists, 'all 600, first 50, p50')).toBeGreaterThan(0);
});

test('the list scrolls by wheel, by keys and from end to end, beside plain cells', async () => {
  const { faults, figures } = await measureScroll(stage, opened, 1);
  expect(faults).toEqual([]);
  for (const way of ['wheel', 'keys', 'whole list']) {
    expect(figures[`${way}, frames`]!.value, way).toBeGreaterThan(1);
    expect(figures[`${way}, p95 beside plain cells`]!.value, way).toBeGreaterThan(0);
  }
});

test('every process of the app is weighed while it is used', async () => {
  const lines: string[] = [];
  const outcome = await measureMemory(stage, opened, 0.15, (line) => lines.push(line));
  expect(outcome.faults).toEqual([]);
  for (const name of ['main', 'renderer', 'core', 'all together']) expect(valueOf(outcome, `${name}, at rest`), name).toBeGreaterThan(10);
  expect(lines.length).toBeGreaterThan(2);
});

test('a start is timed beside an empty window, and recorded with a scroll', async () => {
  await opened.stop();
  const started = await measureStart(stage, 1);
  expect(started.faults).toEqual([]);
  expect(valueOf(started, 'app, first list, p50')).toBeGreaterThan(valueOf(started, 'app, first paint, p50'));
  expect(valueOf(started, 'first list beside an empty window')).toBeGreaterThan(0);
  const [file] = await recordTrace(stage, path.join(stage.desktop.folder, 'trace.json'));
  const { traceEvents } = JSON.parse(await readFile(file!, 'utf8')) as { traceEvents: { name: string }[] };
  const names = new Set(traceEvents.map(({ name }) => name));
  for (const name of ['process_name', 'EvaluateScript', 'Paint', 'ProfileChunk']) expect(names, name).toContain(name);
});

test('arguments that it cannot use are named', async () => {
  const program = path.resolve(import.meta.dirname, '..', '..', 'bench', 'app', 'run.ts');
  const run = (...args: string[]) =>
    new Promise<{ code: unknown; said: string }>((resolve) => {
      execFile(process.execPath, [program, ...args], (error, _out, said) => resolve({ code: error?.code, said }));
    });
  expect(await run('--size', '3')).toMatchObject({ code: 2, said: expect.stringContaining('--size 3: not a number from 500 up') });
  expect(await run('--only', 'start,jump')).toMatchObject({ code: 2, said: expect.stringContaining('--only jump') });
});
