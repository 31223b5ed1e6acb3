import path from 'node:path';
import type { DeskApp } from './app.ts';

const folder = path.resolve(import.meta.dirname, '..', '..', '..', 'out', 'e2e');

/** The window as the eye sees it, when nothing moves any more; in out/e2e, to be looked at. */
export async function picture(app: DeskApp, name: string): Promise<void> {
  await app.page.evaluate(async () => {
    // What has just been asked for begins to move with the next frame or the one after.
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    await Promise.allSettled(document.getAnimations().map((each) => each.finished));
  });
  await app.running.screenshot(name, folder, app.page);
}
