import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findWrong, readTruth, type Truth } from '../../bench/peers/answers.ts';
import { type Bundles, bundleAdapters } from '../../bench/peers/bundle-adapters.ts';
import { COMMON, NOW, RARE, WINDOWS, ZONE } from '../../bench/peers/data.ts';
import { engines } from '../../bench/peers/engines.ts';
import { type Figures, runEngine } from '../../bench/peers/run-engine.ts';
import { type Medians, mediansOf, print } from '../../bench/peers/table.ts';
import { bucketWindows } from '../../shared/domain/reminders/buckets.ts';

// How long anything takes is not looked at: it depends on the machine.

const SIZE = 800;
const ACTIONS = 30;
const engine = (name: string) => engines.find((e) => e.name === name)!;

let truth: Truth;
let bundles: Bundles;
beforeAll(async () => {
  truth = readTruth(SIZE);
  bundles = await bundleAdapters([engine('ours'), engine('raw')]);
});
afterAll(() => bundles.remove());

describe('the core beside raw SQLite', () => {
  let ours: Figures;
  let raw: Figures;
  beforeAll(async () => {
    ours = await runEngine(engine('ours'), { size: SIZE, actions: ACTIONS, truth, bundles });
    raw = await runEngine(engine('raw'), { size: SIZE, actions: ACTIONS, truth, bundles });
  });

  test('both give the same answers, and there are some', () => {
    const dated = ours.answers.list.filter((id) => truth.byId.get(id)!.dueAt !== null);
    expect(dated).toEqual(raw.answers.list);
    expect(ours.answers.buckets).toEqual(raw.answers.buckets);
    expect(ours.answers.search).toEqual(raw.answers.search);
    expect(raw.answers.list.length).toBeGreaterThan(0);
    expect(Math.max(...Object.values(raw.answers.buckets))).toBeGreaterThan(0);
    expect(raw.answers.search[RARE]).toHaveLength(1);
    expect(raw.answers.search[COMMON]!.length).toBeGreaterThan(1);
    expect(ours.answers.palette![RARE]).toEqual(raw.answers.search[RARE]);
  });

  test('every column of the table has a value', () => {
    const oursAlone: (keyof Medians)[] = ['accepted', 'paletteRare', 'paletteCommon'];
    const empty = (figures: Figures) =>
      Object.entries(mediansOf([figures])).flatMap(([name, value]) => (value === null || !(value > 0) ? [name] : []));
    // Disk is told in whole megabytes.
    expect(empty(ours).filter((name) => name !== 'disk')).toEqual([]);
    expect(empty(raw).filter((name) => name !== 'disk')).toEqual(oursAlone);
    const table = print([ours, raw].map((figures, i) => ({ engine: engine(i === 0 ? 'ours' : 'raw'), medians: mediansOf([figures]) })));
    expect(table.split('\n')[0]).toMatch(/first sync.*memory.*delta.*save.*push.*list.*counts.*search.*open/);
    expect(table).not.toContain('–');
  });

  test('a wrong answer is found, whichever it is', () => {
    const { answers } = ours;
    expect(findWrong(truth, answers, true)).toEqual([]);
    expect(findWrong(truth, { ...answers, list: answers.list.toReversed() }, true)).toHaveLength(1);
    const more = Object.fromEntries(Object.entries(answers.buckets).map(([name, n]) => [name, n + 1]));
    expect(findWrong(truth, { ...answers, buckets: more }, true)).toHaveLength(6);
    const unsorted = { ...answers.search, [COMMON]: answers.search[COMMON]!.toReversed() };
    expect(findWrong(truth, { ...answers, search: unsorted }, true)).toHaveLength(1);
    expect(findWrong(truth, { ...answers, search: unsorted }, false)).toEqual([]);
    const less = { ...answers.search, [COMMON]: answers.search[COMMON]!.slice(1) };
    expect(findWrong(truth, { ...answers, search: less }, false)).toHaveLength(1);
    expect(findWrong(truth, { ...answers, palette: { ...answers.palette, [RARE]: [] } }, true)).toHaveLength(1);
  });
});

test('an engine that breaks says so, and none is measured with other data than it was checked with', async () => {
  await expect(runEngine({ ...engine('raw'), adapter: 'nowhere.ts' }, { size: SIZE, actions: 1, truth, bundles })).rejects.toThrow(
    'nowhere',
  );
  await expect(runEngine(engine('raw'), { size: SIZE - 1, actions: 1, truth, bundles })).rejects.toThrow('wrong');
});

test('the six windows are those of the desk', () => {
  const desk = Object.entries(bucketWindows(NOW, ZONE)).map(([name, { from, to }]) => [name, from, to]);
  expect(WINDOWS).toEqual(desk);
});

test('an unknown engine and a size that is none are refused with the options that there are', () => {
  const run = (...given: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, '../../bench/peers/run.ts'), ...given], {
      encoding: 'utf8',
    });
    return { status, stderr };
  };
  const unknown = run('--only', 'raw,nobody');
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toMatch(/no engine "nobody"[^]*--only/);
  expect(run('--size', 'many')).toMatchObject({ status: 2, stderr: expect.stringContaining('--size must be') as string });
});
