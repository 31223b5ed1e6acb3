// The same measurements for an engine that lives in a page: Chromium without a window, and the adapter bundled into one script.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import puppeteer from 'puppeteer-core';
import { findChromium } from '../equipment.ts';

const here = import.meta.dirname;
const KB = 1024;
const job = JSON.parse(process.argv[2]);

const { outputFiles } = await build({
  stdin: {
    contents: `import { measureMain, measureReopen } from '../phases.ts';
      import * as adapter from ${JSON.stringify(job.adapter)};
      globalThis.measure = (job) => (job.phase === 'main' ? measureMain(adapter, job, () => null) : measureReopen(adapter, job));
      document.title = 'ready';`,
    resolveDir: here,
  },
  bundle: true,
  write: false,
  format: 'esm',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'error',
});
writeFileSync(join(job.dir, 'page.js'), outputFiles[0].contents);

/** Most memory of the renderer so far, MB: the largest of the browser's renderer processes. Linux alone tells. */
function rendererMemory(browserPid) {
  if (process.platform !== 'linux') return null;
  const read = (pid, file) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
  const family = new Set([browserPid]);
  let most = 0;
  for (let generation = 0; generation < 4; generation += 1)
    for (const pid of readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number))
      try {
        const status = read(pid, 'status');
        if (family.has(Number(/PPid:\s+(\d+)/.exec(status)[1]))) family.add(pid);
        if (!family.has(pid) || !read(pid, 'cmdline').includes('type=renderer')) continue;
        most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / KB);
      } catch {
        // It ended while it was looked at.
      }
  return Math.round(most);
}

const browser = await puppeteer.launch({
  executablePath: findChromium(),
  headless: true,
  userDataDir: join(job.dir, 'profile'),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--js-flags=--max-old-space-size=4096'],
  protocolTimeout: 1_800_000,
  pipe: true,
});
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(String(error).slice(0, 500)));
  await page.goto(`${job.url}/page`);
  await page.waitForFunction(() => document.title === 'ready');
  const figures = await page.evaluate((given) => globalThis.measure(given), job);
  // Of the whole run, since a page cannot tell in between.
  if (job.phase === 'main') figures.memory.synced = rendererMemory(browser.process().pid);
  await browser.close();
  process.send({ figures }, () => process.exit(0));
} catch (error) {
  await browser.close();
  process.send({ error: String(error.stack ?? error) }, () => process.exit(1));
}
