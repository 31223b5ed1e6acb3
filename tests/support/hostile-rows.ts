import type { Page } from 'playwright-core';

/**
 * Rows of the list on screen from its first to its last, by id: the words of each cell by its name, and of the whole row as `all`.
 * @param waiting finds rows whose words have not come yet
 */
export async function everyRow(page: Page, waiting: string): Promise<Map<string, Readonly<Record<string, string>>>> {
  const all = await page.evaluate(async (waits) => {
    const scroller = document.querySelector<HTMLElement>('main .rows')!;
    const spread = scroller.querySelector<HTMLElement>('.spread')!;
    const found: [string, Record<string, string>][] = [];
    const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    const total = Number(scroller.getAttribute('aria-rowcount')) - 1;
    const height = spread.offsetHeight / Math.max(1, total);
    // More of them twice than the looks below may leave out at either edge.
    for (let top = 0; ; top += scroller.clientHeight - 10 * height) {
      scroller.scrollTop = top;
      const last = Math.min(total, Math.floor((scroller.scrollTop + scroller.clientHeight) / height) - 2);
      for (let tries = 0; tries < 600; tries += 1) {
        await frame();
        const rows = [...scroller.querySelectorAll('[data-testid^="row-"]')].map((each) => Number(each.getAttribute('aria-rowindex')) - 1);
        const [low, high] = [Math.min(...rows), Math.max(0, ...rows)];
        // Some lists leave out what has not come.
        const whole = rows.length === high - low + 1 && low <= Math.floor(scroller.scrollTop / height) + 2 && high >= last;
        if (scroller.querySelector(waits) === null && (whole || total === 0)) break;
      }
      for (const row of scroller.querySelectorAll('[data-testid^="row-"]')) {
        const cells = [...row.querySelectorAll<HTMLElement>('[data-cell]')].map((cell) => [cell.dataset['cell']!, cell.textContent ?? '']);
        found.push([row.getAttribute('data-testid')!.slice(4), { ...Object.fromEntries(cells), all: row.textContent ?? '' }]);
      }
      if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) return found;
    }
  }, waiting);
  return new Map(all);
}
