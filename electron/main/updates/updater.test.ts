import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../shared/lib/logger.ts';
import { VirtualTime } from '../../../tests/support/core/virtual-time.ts';
import { signedText } from '../../../shared/protocol/update-manifest.ts';
import { FIRST_LOOK_MS, LATER_MS, NOTICE_MS, Updater, type UpdateFeed } from './updater.ts';

const MINUTE = 60_000;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const keys = [publicKey.export({ format: 'der', type: 'spki' }).toString('base64')];
const hash = `${'A'.repeat(86)}==`;

const offer = (part: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => {
  const manifest = {
    version: '2.0.0',
    files: [{ url: 'zuoxi.AppImage', sha512: hash, size: 10 }],
    path: 'zuoxi.AppImage',
    sha512: hash,
    releaseDate: '2026-11-23T00:00:00Z',
    ...part,
  };
  return { ...manifest, signature: sign(null, Buffer.from(signedText(manifest)), privateKey).toString('base64') };
};

/** A feed whose answers the test gives. */
class FakeFeed implements UpdateFeed {
  answer: unknown = offer();
  unreachable = false;
  fault: string | null = null;
  looked = 0;
  installed: boolean[] = [];
  look(take: (answer: unknown) => boolean): Promise<boolean> {
    this.looked += 1;
    if (this.unreachable) return Promise.reject(new Error('no way'));
    return Promise.resolve(take(this.answer));
  }
  fetch(progress: (percent: number) => void): Promise<void> {
    progress(42.7);
    return this.fault === null ? Promise.resolve() : Promise.reject(Object.assign(new Error('fault'), { code: this.fault }));
  }
  install(relaunch: boolean): void {
    this.installed.push(relaunch);
  }
}

let time: VirtualTime;
let feed: FakeFeed;
let quits: number;
const make = (part: { feed?: UpdateFeed | null } = {}): Updater =>
  new Updater({ feed, current: '1.0.0', keys, clock: time, timers: time, logger: silentLogger, quit: () => (quits += 1), ...part });
beforeEach(() => {
  time = new VirtualTime(Date.parse('2026-11-23T09:00:00Z'));
  feed = new FakeFeed();
  quits = 0;
});

test('D07 it looks after the window is there and then some times a day, fetches, and says that it is ready', async () => {
  const updater = make();
  const seen: (number | null)[] = [];
  updater.state.follow(({ percent }) => seen.push(percent));
  updater.start();
  await time.advance(FIRST_LOOK_MS - MINUTE / 4);
  expect(feed.looked).toBe(0);
  await time.advance(MINUTE);
  expect(updater.state.value).toMatchObject({ status: 'ready', version: '2.0.0', forcedAt: null, failure: null });
  expect(seen).toContain(42);
  // What is ready is used first.
  await time.advance(300 * MINUTE);
  expect(feed.looked).toBe(1);
  updater.stop();
});

test('D07 a feed that is away is asked again later, and a disk that is full is said', async () => {
  feed.unreachable = true;
  const updater = make();
  updater.start();
  await time.advance(MINUTE);
  expect(updater.state.value).toMatchObject({ status: 'failed', failure: 'unreachable' });
  feed.unreachable = false;
  feed.fault = 'ENOSPC';
  await time.advance(250 * MINUTE);
  expect(updater.state.value).toMatchObject({ status: 'failed', failure: 'disk', version: null });
  feed.fault = 'ERR_CHECKSUM_MISMATCH';
  await updater.look();
  expect(updater.state.value).toMatchObject({ status: 'failed', failure: 'refused' });
  updater.stop();
});

test('S25 what is not signed is neither fetched nor started, and the state says so', async () => {
  feed.answer = { ...offer(), version: '3.0.0' };
  const updater = make();
  await updater.look();
  expect(updater.state.value).toMatchObject({ status: 'failed', failure: 'refused', version: null });
  expect(updater.restart()).toEqual({ ok: false, reason: 'not-ready' });
  expect(updater.atEnd()).toBe(false);
  expect([quits, feed.installed]).toEqual([0, []]);
});

test('D07 never while something is unsaved, on whichever page; what was asked for starts when the app has ended', async () => {
  const updater = make();
  await updater.look();
  const [one, other] = [{}, {}];
  updater.setUnsaved(one, true);
  updater.setUnsaved(other, true);
  updater.setUnsaved(one, false);
  expect(updater.restart()).toEqual({ ok: false, reason: 'unsaved' });
  expect(quits).toBe(0);
  updater.setUnsaved(other, false);
  expect(updater.restart()).toEqual({ ok: true });
  expect([quits, feed.installed]).toEqual([1, []]);
  expect(updater.atEnd()).toBe(true);
  expect(feed.installed).toEqual([true]);
});

test('D07 who quits finds the new version at the next start, and nothing starts by itself', async () => {
  const updater = make();
  await updater.look();
  expect(updater.atEnd()).toBe(true);
  expect(feed.installed).toEqual([false]);
});

test('D07 今天提醒我 keeps the hint away for two hours', async () => {
  const updater = make();
  await updater.look();
  updater.later();
  expect(updater.state.value.quietUntil).toBe(time.now() + LATER_MS);
});

test('D07 with a deadline it restarts by itself then, not before ten minutes’ notice, and waits for what is unsaved', async () => {
  const deadline = new Date(time.now() + 30 * MINUTE).toISOString();
  feed.answer = offer({ deadline });
  const updater = make();
  updater.start();
  await time.advance(MINUTE);
  expect(updater.state.value.forcedAt).toBe(Date.parse(deadline));
  const page = {};
  updater.setUnsaved(page, true);
  await time.advance(35 * MINUTE);
  expect(quits).toBe(0);
  updater.setUnsaved(page, false);
  await time.advance(MINUTE);
  expect(quits).toBe(1);
  // Only once, however long the end takes.
  await time.advance(5 * MINUTE);
  expect(quits).toBe(1);
  updater.stop();
});

test('D07 a deadline that has passed leaves ten minutes', async () => {
  feed.answer = offer({ deadline: '2020-01-01T00:00:00Z' });
  const updater = make();
  await updater.look();
  expect(updater.state.value.forcedAt).toBe(time.now() + NOTICE_MS);
});

test('D07 a client that the server no longer takes looks at once, whosever turn it is, and restarts after a notice', async () => {
  feed.answer = offer({ stagingPercentage: 0 });
  const updater = make();
  updater.start();
  await time.advance(MINUTE);
  expect(updater.state.value.status).toBe('idle');
  updater.serverTakes(true);
  await time.advance(MINUTE);
  expect(updater.state.value).toMatchObject({ status: 'ready' });
  expect(updater.state.value.forcedAt).not.toBeNull();
  await time.advance(NOTICE_MS + MINUTE);
  expect(quits).toBe(1);
  updater.stop();
});

test('D07 a far deadline comes near when the server turns the client away, and is not put off when it takes it again', async () => {
  feed.answer = offer({ deadline: new Date(time.now() + 3 * 24 * 60 * MINUTE).toISOString() });
  const updater = make();
  await updater.look();
  updater.serverTakes(true);
  const forcedAt = time.now() + NOTICE_MS;
  expect(updater.state.value.forcedAt).toBe(forcedAt);
  await time.advance(5 * MINUTE);
  updater.serverTakes(false);
  updater.serverTakes(true);
  expect(updater.state.value.forcedAt).toBe(forcedAt);
});

test('D07 one that was ready already is forced as well when the server turns it away', async () => {
  const updater = make();
  await updater.look();
  expect(updater.state.value.forcedAt).toBeNull();
  updater.serverTakes(true);
  expect(updater.state.value.forcedAt).toBe(time.now() + NOTICE_MS);
});

test('D07 a build without a feed says that it is off, and does nothing', async () => {
  const updater = make({ feed: null });
  updater.start();
  await time.advance(300 * MINUTE);
  await updater.look();
  expect(updater.state.value.status).toBe('off');
  expect(updater.restart()).toEqual({ ok: false, reason: 'not-ready' });
});
