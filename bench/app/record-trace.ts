import { chmod, copyFile, mkdir, open, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Devtools } from './devtools.ts';
import { startHere } from './measure-start.ts';
import type { Stage } from './stage.ts';

/** What the timeline of Chromium's tools shows, with the page's calls sampled. */
const categories = [
  'toplevel',
  'loading',
  'cc',
  'viz',
  'blink.user_timing',
  'latencyInfo',
  'v8.execute',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
  'disabled-by-default-v8.cpu_profiler',
];
const SCROLL_PX = 8000;
const SPEED = 4000;
const WAIT_MS = 60_000;

/** Opens the list of all tickets; settles when its rows stand. */
const OPEN_ALL = `(async () => {
  document.querySelector('[data-testid="nav-all"]').click();
  while (document.querySelector('[data-testid="list-all"] [aria-busy=false] .r') === null) await new Promise(requestAnimationFrame);
})()`;

/**
 * One start and one scroll, recorded: a trace that chrome://tracing, Perfetto and Chromium's own tools open. Beside it a
 * profile of the core, where that is a process of Node.
 * @returns the files
 */
export async function recordTrace(stage: Stage, file: string): Promise<string[]> {
  const whole = path.resolve(file);
  await mkdir(path.dirname(whole), { recursive: true });
  const profiles = path.join(stage.desktop.folder, 'profiles');
  const profiled = !stage.desktop.runtime.canRunSqlite && process.platform !== 'win32';
  const env = profiled ? { ZUOXI_NODE: await profilingNode(profiles) } : {};
  let tracing: Promise<unknown> = Promise.resolve();
  const started = await startHere(stage, 'app', {
    env,
    // It is acknowledged seconds later, when processes that have nothing to say have been waited for.
    onConnected: (devtools) => {
      const traceConfig = { includedCategories: categories, excludedCategories: ['*'] };
      tracing = devtools.send('Tracing.start', { transferMode: 'ReturnAsStream', traceConfig });
      // Heard of below; a start that is tried once more takes its first recording with it.
      tracing.catch(() => {});
    },
  });
  try {
    const { devtools, evaluate, session } = started;
    await evaluate(OPEN_ALL);
    const gesture = { x: 600, y: 450, yDistance: -SCROLL_PX, speed: SPEED, gestureSourceType: 'mouse' };
    await devtools.send('Input.synthesizeScrollGesture', gesture, session);
    await tracing;
    await saveTrace(devtools, whole);
  } finally {
    // The core writes its profile when it ends.
    await started.stop();
  }
  const made = profiled ? (await readdir(profiles)).filter((name) => name.endsWith('.cpuprofile')) : [];
  const files = [whole];
  for (const name of made.slice(0, 1)) {
    const profile = `${whole.replace(/\.json$/, '')}.core.cpuprofile`;
    await copyFile(path.join(profiles, name), profile);
    files.push(profile);
  }
  return files;
}

/** A node that profiles: the app starts it as it would any. */
async function profilingNode(profiles: string): Promise<string> {
  await mkdir(profiles, { recursive: true });
  const script = path.join(profiles, 'node');
  await writeFile(script, `#!/bin/sh\nexec '${process.execPath}' --cpu-prof --cpu-prof-dir='${profiles}' "$@"\n`);
  await chmod(script, 0o755);
  return script;
}

async function saveTrace(devtools: Devtools, file: string): Promise<void> {
  const complete = Promise.withResolvers<string>();
  devtools.on('Tracing.tracingComplete', ({ stream }) => complete.resolve(stream as string));
  await devtools.send('Tracing.end');
  const timer = setTimeout(() => complete.reject(new Error('Chromium did not hand over its trace.')), WAIT_MS);
  const handle = await complete.promise.finally(() => clearTimeout(timer));
  const out = await open(file, 'w');
  try {
    for (let eof = false; !eof;) {
      const piece = await devtools.send('IO.read', { handle, size: 4 * 1024 * 1024 });
      await out.write(Buffer.from(piece['data'] as string, piece['base64Encoded'] === true ? 'base64' : 'utf8'));
      eof = piece['eof'] === true;
    }
  } finally {
    await out.close();
  }
}
