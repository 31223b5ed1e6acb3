import type { CDPSession, Page } from 'playwright-core';
import { waitUntil } from '../../tests/support/desktop/wait-until.ts';
import { figure, type Figures, type Outcome, quantile } from '../server/figures.ts';
import type { Frames } from './page-bench.ts';
import type { OpenWindow, Stage } from './stage.ts';

/** px a second: a wheel that is turned fast, 125 rows. */
const WHEEL_SPEED = 4000;
const ROW = 32;
/** Between two repeats of a key that is held. */
const REPEAT_MS = 33;
/** One frame at 60 a second. */
const FRAME_MS = 1000 / 60;
const FILL_MS = 15_000;
const SCROLLER = '.rows';

type Way = 'wheel' | 'keys' | 'whole list';
const ways: readonly Way[] = ['wheel', 'keys', 'whole list'];

/** How the window is drawn, as Chromium says it. */
export async function renderingOf({ running }: OpenWindow): Promise<{ readonly hardware: boolean; readonly words: string }> {
  const status = await running.app.evaluate(({ app }) => ({ ...app.getGPUFeatureStatus() }) as Record<string, string>);
  const compositing = status['gpu_compositing'] ?? 'unknown';
  const hardware = compositing.startsWith('enabled');
  return { hardware, words: `${hardware ? 'hardware' : 'software'} rendering (compositing: ${compositing})` };
}

/** Scrolls the list of all tickets, and beside it as many plain cells. @param seconds of each way */
export async function measureScroll(stage: Stage, opened: OpenWindow, seconds: number): Promise<Outcome> {
  const faults: string[] = [];
  const { at, page } = opened;
  const { hardware } = await renderingOf(opened);
  await at('nav-all').click();
  // The rows of the last list stay until the first of this one have come.
  await at('list-all').locator(`${SCROLLER}[aria-busy=false]`).waitFor();
  await page.locator(`main ${SCROLLER} .r`).first().waitFor();
  const ours = await scrollAll(page, stage.size, seconds);
  faults.push(...(await wrongAtEnd(stage, page)));
  const bare = await stage.openBare(`plain.html?rows=${stage.size}`);
  const plain = await scrollAll(bare.page, stage.size, seconds).finally(() => bare.stop());

  const figures: Record<string, Figures[string]> = {};
  for (const way of ways) {
    const [mine, theirs] = [ours[way], plain[way]];
    const p95 = quantile(mine.gaps, 0.95);
    figures[`${way}, frame p50`] = figure(quantile(mine.gaps, 0.5), 'ms');
    // A frame is a little longer or shorter by the clock of the screen.
    figures[`${way}, frame p95`] = figure(Math.round(p95 * 10) / 10, 'ms', hardware ? 16.7 : null);
    figures[`${way}, frame p99`] = figure(quantile(mine.gaps, 0.99), 'ms');
    figures[`${way}, frames`] = figure(mine.gaps.length, '');
    figures[`${way}, frames left out`] = figure(dropped(mine), '');
    figures[`${way}, frames with a blank row`] = figure(mine.blank, '', 0);
    figures[`${way}, plain cells p95`] = figure(quantile(theirs.gaps, 0.95), 'ms');
    figures[`${way}, p95 beside plain cells`] = figure(p95 / quantile(theirs.gaps, 0.95), '×', hardware ? null : 1.3);
    const least = Math.min(mine.distance, theirs.distance);
    if (least === 0) faults.push(`${way}: nothing moved`);
  }
  return { figures, faults };
}

const dropped = ({ gaps }: Frames): number => gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME_MS) - 1), 0);

/** Wheel and keys from the top, then from end to end. */
async function scrollAll(page: Page, size: number, seconds: number): Promise<Record<Way, Frames>> {
  const devtools = await page.context().newCDPSession(page);
  const frames: Partial<Record<Way, Frames>> = {};
  try {
    for (const way of ways) {
      await page.evaluate((selector) => document.querySelector(selector)!.scrollTo(0, 0), SCROLLER);
      await page.locator('#row-0').waitFor();
      await page.evaluate((selector) => window.bench.startFrames(selector), SCROLLER);
      await scroll(page, devtools, way, size, seconds);
      frames[way] = await page.evaluate(() => window.bench.stopFrames());
    }
  } finally {
    await devtools.detach();
  }
  return frames as Record<Way, Frames>;
}

async function scroll(page: Page, devtools: CDPSession, way: Way, size: number, seconds: number): Promise<void> {
  if (way === 'keys') {
    await page.locator(SCROLLER).focus();
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      const next = performance.now() + REPEAT_MS;
      await page.keyboard.press('PageDown');
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    }
    return;
  }
  const whole = size * ROW;
  const speed = way === 'wheel' ? WHEEL_SPEED : Math.ceil(whole / seconds);
  const distance = Math.min(whole, speed * seconds);
  const box = (await page.locator(SCROLLER).boundingBox())!;
  await devtools.send('Input.synthesizeScrollGesture', {
    x: Math.round(box.x + box.width / 2),
    y: Math.round(box.y + box.height / 2),
    yDistance: -distance,
    speed,
    gestureSourceType: 'mouse',
  });
}

/** After all the scrolling: the rows inside the viewport have come, and are those that the office has there. */
async function wrongAtEnd({ office }: Stage, page: Page): Promise<string[]> {
  const filled = async () => ((await page.evaluate((s) => window.bench.blankNow(s), SCROLLER)) === 0 ? true : undefined);
  const came = await waitUntil('the rows', filled, FILL_MS).catch(() => false);
  if (!came) return [`rows inside the viewport are still blank after ${FILL_MS / 1000} s`];
  const shown = await page
    .locator(`main ${SCROLLER} .r`)
    .evaluateAll((all) => all.map((each) => ({ index: Number(each.id.slice(4)), id: each.getAttribute('data-testid')!.slice(4) })));
  const wanted = office.rows.latestFirst();
  const wrong = shown.filter(({ id, index }) => wanted[index]?.id !== id);
  return wrong.length === 0 ? [] : [`${wrong.length} of ${shown.length} rows do not stand where they belong`];
}
