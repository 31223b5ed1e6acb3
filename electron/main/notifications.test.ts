import { fc } from '../../tests/support/fast-check.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nativeNotification, type NotificationText } from './notification-policy.ts';
import { createNotifications, type Notifications, type NotificationSettings, type ShownNotification } from './notifications.ts';

const what = (over: Partial<NotificationText> = {}): NotificationText => ({
  id: 'r-1',
  title: '回访时间到 14:30',
  body: '103526 空调制冷差',
  actions: [
    { action: 'open', label: '打开' },
    { action: 'contacted', label: '已联系' },
    { action: 'snooze', label: '稍后' },
  ],
  reply: '写一条备注',
  stays: true,
  ...over,
});

test('D03 Windows and macOS show buttons, and none for what a click does; Linux shows text', () => {
  const buttons = (platform: string): string[] => nativeNotification(platform, what()).buttons.map(({ action }) => action);
  expect(buttons('darwin')).toEqual(['contacted', 'snooze']);
  expect(buttons('win32')).toEqual(['contacted', 'snooze']);
  expect(buttons('linux')).toEqual([]);
  expect(nativeNotification('win32', what()).timeoutType).toBe('never');
  expect(nativeNotification('win32', what({ stays: false })).timeoutType).toBe('default');
});

test('D03 what a customer wrote is text and no markup on Linux, and text as it is elsewhere', () => {
  const body = '<a href="http://evil.example/">点我</a> & <img src=x>';
  expect(nativeNotification('linux', what({ body })).body).toBe(
    '&lt;a href="http://evil.example/"&gt;点我&lt;/a&gt; &amp; &lt;img src=x&gt;',
  );
  for (const platform of ['win32', 'darwin']) expect(nativeNotification(platform, what({ body })).body).toBe(body);
});

test('D03 no text holds what XML cannot, nor a title more than one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('win32', 'darwin', 'linux'), (text, platform) => {
      const { title, body } = nativeNotification(platform, what({ title: text, body: `${text}\ud800` }));
      // oxlint-disable-next-line no-control-regex
      expect(title + body).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      expect(body.isWellFormed()).toBe(true);
      expect(title).not.toMatch(/[\r\n]/);
    }),
  );
});

class FakeNotification implements ShownNotification {
  readonly listeners = new Map<string, (event: unknown, value: never) => void>();
  readonly settings: NotificationSettings;
  closed = false;
  constructor(settings: NotificationSettings) {
    this.settings = settings;
  }
  on(event: string, listener: (event: unknown, value: never) => void): void {
    this.listeners.set(event, listener);
  }
  show(): void {}
  close(): void {
    this.closed = true;
  }
  say(event: string, value?: unknown): void {
    this.listeners.get(event)?.({}, value as never);
  }
}

const ignored = { action: () => {} };
const made: FakeNotification[] = [];
function desktop(platform: string, supported = true): Notifications {
  made.length = 0;
  return createNotifications({
    platform,
    icon: null,
    supported: () => supported,
    make: (settings) => {
      const one = new FakeNotification(settings);
      made.push(one);
      return one;
    },
  });
}
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('D03 whether it was shown: the desktop says yes, says no, says nothing, or has no notifications', async () => {
  const ask = (then: (one: FakeNotification) => void): Promise<boolean> => {
    const asked = desktop('win32').show(what(), ignored);
    then(made[0]!);
    return asked;
  };
  expect(await ask((one) => one.say('show'))).toBe(true);
  expect(await ask((one) => one.say('failed', 'disabled for user'))).toBe(false);
  expect(await ask(() => vi.advanceTimersByTime(4_000))).toBe(false);
  expect(await desktop('linux', false).show(what(), ignored)).toBe(false);
});

test('D03 a button does what it says, a click opens, and each once', async () => {
  const acts: string[] = [];
  const notifications = desktop('win32');
  const asked = notifications.show(what(), { action: (action) => void acts.push(action) });
  made[0]!.say('show');
  await asked;
  expect(made[0]!.settings.actions).toEqual([
    { type: 'button', text: '已联系' },
    { type: 'button', text: '稍后' },
  ]);
  made[0]!.say('action', 1);
  made[0]!.say('action', 0);
  made[0]!.say('click');
  expect(acts).toEqual(['snooze']);
});

test('D03 macOS alone has a field for an answer; words typed into it go on once, and none do not', () => {
  const replies: string[] = [];
  const notifications = desktop('darwin');
  const show = (over: Partial<NotificationText> = {}): FakeNotification => {
    void notifications.show(what(over), { action: (action) => void replies.push(`(${action})`), reply: (text) => void replies.push(text) });
    return made.at(-1)!;
  };
  const one = show();
  expect(one.settings).toMatchObject({ hasReply: true, replyPlaceholder: '写一条备注' });
  one.say('reply', '  \n');
  one.say('reply', ' 下午三点再打 ');
  one.say('reply', '又一句');
  one.say('click');
  expect(replies).toEqual(['下午三点再打']);
  expect(show({ reply: null }).settings).not.toHaveProperty('hasReply');
  for (const platform of ['win32', 'linux']) expect(nativeNotification(platform, what()).reply).toBeNull();
});

test('D03 the next of the same id replaces it, and withdrawing closes it', () => {
  const notifications = desktop('darwin');
  void notifications.show(what(), ignored);
  void notifications.show(what({ title: 'new' }), ignored);
  expect(made.map(({ closed }) => closed)).toEqual([true, false]);
  notifications.withdraw('r-1');
  notifications.withdraw('r-1');
  expect(made[1]!.closed).toBe(true);
});
