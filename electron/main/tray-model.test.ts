import { expect, test } from 'vitest';
import { trayModel, type TrayState } from './tray-model.ts';

const now = new Date(2026, 10, 21, 14, 0).getTime();
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();
const state: TrayState = {
  signedIn: true,
  dueNow: 4,
  next: [
    { ticketId: 'a', number: 103526, subject: '空调制冷差，等配件到货时间回告', at: at(21, 14, 30), kind: 'callback' },
    { ticketId: 'b', number: null, subject: '  路由器\n换新 & 电视盒子  ', at: at(22, 9), kind: 'expiry' },
    { ticketId: 'c', number: 103529, subject: '很长'.repeat(40), at: at(24, 0, 5), kind: 'callback' },
  ],
  pending: 2,
  unread: 12,
  pausedUntil: null,
};

test('D04 says what is due, what is next and what waits for the server', () => {
  expect(trayModel(state, 'zh-CN', now)).toEqual({
    tooltip: '坐席工单台，4 条已到时间，待同步 2',
    alert: true,
    badge: 12,
    entries: [
      { kind: 'text', label: '4 条已到时间' },
      { kind: 'ticket', ticketId: 'a', label: '14:30 回访 #103526 空调制冷差，等配件到货时间回告' },
      { kind: 'ticket', ticketId: 'b', label: '明天 09:00 到期 路由器 换新 && 电视盒子' },
      { kind: 'ticket', ticketId: 'c', label: `11/24 00:05 回访 #103529 ${'很长'.repeat(15)}很…` },
      { kind: 'separator' },
      { kind: 'text', label: '待处理 12' },
      { kind: 'text', label: '待同步 2' },
      { kind: 'separator' },
      { kind: 'pause', label: '暂停提醒一小时' },
      { kind: 'separator' },
      { kind: 'open', label: '打开坐席工单台' },
      { kind: 'quit', label: '退出' },
    ],
  });
});

test('D04 in English, with nothing due and nothing waiting', () => {
  expect(trayModel({ ...state, dueNow: 0, next: [], pending: 0, unread: 0 }, 'en-US', now)).toEqual({
    tooltip: 'Zuoxi, Nothing due',
    alert: false,
    badge: 0,
    entries: [
      { kind: 'text', label: 'Nothing due' },
      { kind: 'separator' },
      { kind: 'pause', label: 'Pause reminders for an hour' },
      { kind: 'separator' },
      { kind: 'open', label: 'Open Zuoxi' },
      { kind: 'quit', label: 'Quit' },
    ],
  });
});

test('D04 shows nothing of anybody while signed out or while the core is away', () => {
  for (const [value, word] of [
    [{ ...state, signedIn: false }, '未登录'],
    [null, '正在启动'],
  ] as const) {
    const model = trayModel(value, 'zh-CN', now);
    expect(model).toMatchObject({ tooltip: `坐席工单台，${word}`, alert: false, badge: 0 });
    expect(model.entries.map(({ kind }) => kind)).toEqual(['text', 'separator', 'open', 'quit']);
  }
});

test('D04 while reminders are paused it says until when, and offers to go on; a pause that is over is none', () => {
  const paused = trayModel({ ...state, pending: 0, unread: 0, pausedUntil: now + 3_600_000 }, 'zh-CN', now);
  const until = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now + 3_600_000);
  expect(paused.tooltip).toBe(`坐席工单台，4 条已到时间，提醒已暂停到 ${until}`);
  expect(paused.entries.slice(4)).toEqual([
    { kind: 'separator' },
    { kind: 'text', label: `提醒已暂停到 ${until}` },
    { kind: 'resume', label: '恢复提醒' },
    { kind: 'separator' },
    { kind: 'open', label: '打开坐席工单台' },
    { kind: 'quit', label: '退出' },
  ]);
  const over = trayModel({ ...state, pausedUntil: now }, 'en-US', now);
  expect(over.entries.map(({ kind }) => kind)).toContain('pause');
  expect(over.tooltip).not.toContain('paused');
});
