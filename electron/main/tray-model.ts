import type { coreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';

export type TrayState = OutputOf<(typeof coreContract)['queries']['reminders.tray']>;
export type TrayLocale = 'zh-CN' | 'en-US';

export type TrayEntry =
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'ticket'; readonly label: string; readonly ticketId: string }
  | { readonly kind: 'separator' }
  | { readonly kind: 'open' | 'quit' | 'pause' | 'resume'; readonly label: string };

export interface TrayModel {
  readonly tooltip: string;
  readonly entries: readonly TrayEntry[];
  /** The icon carries a mark. */
  readonly alert: boolean;
  /** 待处理, as beside its list: for the dock and the like. */
  readonly badge: number;
}

interface Words {
  readonly name: string;
  readonly due: (n: number) => string;
  readonly nothingDue: string;
  readonly unread: (n: number) => string;
  readonly pending: (n: number) => string;
  readonly signedOut: string;
  readonly starting: string;
  readonly callback: string;
  readonly expiry: string;
  readonly tomorrow: string;
  readonly open: string;
  readonly quit: string;
  readonly pause: string;
  readonly resume: string;
  readonly paused: (until: string) => string;
  readonly join: string;
}

const words: Readonly<Record<TrayLocale, Words>> = {
  'zh-CN': {
    name: '坐席工单台',
    due: (n) => `${n} 条已到时间`,
    nothingDue: '没有到时间的提醒',
    unread: (n) => `待处理 ${n}`,
    pending: (n) => `待同步 ${n}`,
    signedOut: '未登录',
    starting: '正在启动',
    callback: '回访',
    expiry: '到期',
    tomorrow: '明天',
    open: '打开坐席工单台',
    quit: '退出',
    pause: '暂停提醒一小时',
    resume: '恢复提醒',
    paused: (until) => `提醒已暂停到 ${until}`,
    join: '，',
  },
  'en-US': {
    name: 'Zuoxi',
    due: (n) => `${n} due now`,
    nothingDue: 'Nothing due',
    unread: (n) => `${n} to do`,
    pending: (n) => `${n} waiting to sync`,
    signedOut: 'Not signed in',
    starting: 'Starting',
    callback: 'Callback',
    expiry: 'Deadline',
    tomorrow: 'Tomorrow',
    open: 'Open Zuoxi',
    quit: 'Quit',
    pause: 'Pause reminders for an hour',
    resume: 'Resume reminders',
    paused: (until) => `Reminders paused until ${until}`,
    join: ', ',
  },
};

const subjectLength = 32;

export function trayWord(locale: TrayLocale): { title: string; body: string } {
  return locale === 'zh-CN'
    ? { title: '坐席工单台仍在运行', body: '窗口已收到托盘，提醒照常。要退出，请右键托盘图标选“退出”。' }
    : {
        title: 'Zuoxi is still running',
        body: 'The window went to the tray, and reminders go on. To quit, use the menu of the tray icon.',
      };
}

/** What the tray shows; `state` is null while the core does not answer. */
export function trayModel(state: TrayState | null, locale: TrayLocale, now: number): TrayModel {
  const say = words[locale];
  const end: TrayEntry[] = [{ kind: 'separator' }, { kind: 'open', label: say.open }, { kind: 'quit', label: say.quit }];
  if (state === null || !state.signedIn) {
    const label = state === null ? say.starting : say.signedOut;
    return { tooltip: `${say.name}${say.join}${label}`, entries: [{ kind: 'text', label }, ...end], alert: false, badge: 0 };
  }
  const due = state.dueNow > 0 ? say.due(state.dueNow) : say.nothingDue;
  const entries: TrayEntry[] = [{ kind: 'text', label: due }];
  for (const each of state.next) {
    const number = each.number === null ? '' : ` #${each.number}`;
    const label = `${timeText(each.at, now, locale)} ${say[each.kind]}${number} ${shorten(each.subject)}`;
    entries.push({ kind: 'ticket', label: plainLabel(label), ticketId: each.ticketId });
  }
  const pending = state.pending > 0 ? [say.pending(state.pending)] : [];
  const counts = [...(state.unread > 0 ? [say.unread(state.unread)] : []), ...pending];
  if (counts.length > 0) entries.push({ kind: 'separator' });
  for (const label of counts) entries.push({ kind: 'text', label });
  const paused = state.pausedUntil !== null && state.pausedUntil > now ? say.paused(timeText(state.pausedUntil, now, locale)) : null;
  entries.push({ kind: 'separator' });
  if (paused === null) entries.push({ kind: 'pause', label: say.pause });
  else entries.push({ kind: 'text', label: paused }, { kind: 'resume', label: say.resume });
  return {
    tooltip: [say.name, due, ...pending, ...(paused === null ? [] : [paused])].join(say.join),
    entries: [...entries, ...end],
    alert: state.dueNow > 0,
    badge: state.unread,
  };
}

function timeText(at: number, now: number, locale: TrayLocale): string {
  const time = format(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  const days = dayOf(at) - dayOf(now);
  if (days === 0) return time;
  if (days === 1) return `${words[locale].tomorrow} ${time}`;
  return `${format(locale, { month: 'numeric', day: 'numeric' }).format(at)} ${time}`;
}

/** Number of the calendar day in the machine's zone. */
function dayOf(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

function format(locale: TrayLocale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, options);
}

function shorten(subject: string): string {
  const letters = [...subject.replace(/\s+/g, ' ').trim()];
  return letters.length <= subjectLength ? letters.join('') : `${letters.slice(0, subjectLength - 1).join('')}…`;
}

/** In menus of Windows and Linux a single & marks the key of the letter after it. */
function plainLabel(label: string): string {
  return label.replaceAll('&', '&&');
}
