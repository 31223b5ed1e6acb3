import { expect, test } from 'vitest';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;

deskScene(async (it) => {
  app = await it.start();
  await app.signIn('A1');
});

test('D05 what is clicked before its code is here comes as soon as it is', async () => {
  // The page finds no pause in which it would fetch the rest by itself.
  await app.page.addInitScript(() => {
    const later = window.setTimeout.bind(window);
    window.requestIdleCallback = () => 0;
    window.setTimeout = ((run: () => void, ms?: number) => (ms === 1000 ? 0 : later(run, ms))) as typeof window.setTimeout;
  });
  await app.page.reload();
  await app.at('account-menu').waitFor();
  const fetched = (): Promise<number> =>
    app.page.evaluate(() => performance.getEntriesByType('resource').filter((r) => r.name.endsWith('.js')).length);
  expect(await fetched()).toBe(1);
  await app.at('account-menu').click();
  await eventually(() => app.page.getByRole('menuitem', { name: 'English' }).isVisible()).toBe(true);
  expect(await fetched()).toBeGreaterThan(1);
  await app.press('Escape');
  await app.at('nav-settings').click();
  await eventually(() => app.page.getByRole('heading', { name: '设置' }).isVisible()).toBe(true);
});
