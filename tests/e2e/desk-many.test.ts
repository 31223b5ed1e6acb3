import { expect, test } from 'vitest';
import { ticket } from '../../server/store/schema.ts';
import { newTicket, numbered } from '../support/core/desk.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

const MANY = 1100;
const RARE = 1040;
let app: DeskApp;

const scene = deskScene(async (it) => {
  const lin = await it.office.device('lin');
  const id = await newTicket(lin, '客户来电 0', { customer: { name: '何帆舟', phones: ['13700000000'] } });
  await numbered(lin, id);
  const first = (await it.db.ticket(id))!;
  const more = Array.from({ length: MANY - 1 }, (_, i) => ({
    ...first,
    id: `${id.slice(0, -4)}${String(i + 1).padStart(4, '0')}`,
    number: first.number! + i + 1,
    subject: i + 1 === RARE ? '客户来电 要退款' : `客户来电 ${i + 1}`,
  }));
  for (let i = 0; i < more.length; i += 100) await it.db.orm.insert(ticket).values(more.slice(i, i + 100));
  app = await it.start();
  await app.signIn('A1');
});

const listed = () => app.at('list-total').innerText();

test('F15 a jump to the end of the list leaves no place empty: quiet bars stand there until the rows have come', async () => {
  const status = (await scene.db.tickets())[0]!.status;
  await app.at(`nav-${status}`).click();
  await eventually(listed).toContain(String(MANY));
  await app.at('ticket-list').locator('#row-0').waitFor();
  // Looked at in the window itself: from here a row that came meanwhile would not be told from one that was there at once.
  const seen = await app.page.evaluate(async () => {
    const list = document.querySelector<HTMLElement>('[data-testid="ticket-list"]')!;
    const height = list.querySelector<HTMLElement>('.r')!.offsetHeight;
    const head = list.querySelector<HTMLElement>('.spread')!.offsetTop;
    const places = (): { empty: number; waiting: number; heights: number[] } => {
      const rows: (HTMLElement | null)[] = [];
      for (let y = list.scrollTop; y + height <= list.scrollTop + list.clientHeight - head; y += height) {
        rows.push(document.getElementById(`row-${Math.ceil(y / height)}`));
      }
      return {
        empty: rows.filter((row) => row === null).length,
        waiting: rows.filter((row) => row?.ariaBusy === 'true').length,
        heights: [...new Set(rows.flatMap((row) => (row === null ? [] : [row.offsetHeight])))],
      };
    };
    const first = new Promise<ReturnType<typeof places>>((resolve) => {
      new MutationObserver((_, watcher) => {
        watcher.disconnect();
        resolve(places());
      }).observe(list, { childList: true, subtree: true });
    });
    list.scrollTop = list.scrollHeight;
    return { ...(await first), height };
  });
  expect(seen.empty).toBe(0);
  expect(seen.waiting).toBeGreaterThan(10);
  expect(seen.heights).toEqual([seen.height]);
  await eventually(() => app.at('row-waits').count()).toBe(0);
  await eventually(() => app.page.locator(`#row-${MANY - 1}`).innerText()).toContain('客户来电');
});

test('F15 a word that stands in too many tickets shows a thousand of them and says so; another word finds the rest', async () => {
  const status = (await scene.db.tickets())[0]!.status;
  await app.at(`nav-${status}`).click();
  await eventually(listed).toContain(String(MANY));
  await app.press('Control+k');
  await app.at('palette-input').fill('客户');
  await eventually(() => app.page.locator('#palette-list').innerText()).toContain('1000+');
  await app.at('palette-all-tickets').click();
  await eventually(listed).toBe(`1000+ / ${MANY} 条`);
  await eventually(() => app.at('list-more').innerText()).toContain('只列出前 1,000 条');
  await app.at('ticket-list').focus();
  await app.press('End');
  await eventually(() => app.page.locator('[role=row][aria-rowindex="1001"], [id="row-999"]').count()).toBeGreaterThan(0);
  await app.page.screenshot({ path: 'out/e2e/many.png' });
  await app.press('Control+k');
  await app.at('palette-input').fill('客户 退款');
  await app.at('palette-all-tickets').click();
  await eventually(listed).toBe(`1 / ${MANY} 条`);
  expect(await app.at('list-more').count()).toBe(0);
});
