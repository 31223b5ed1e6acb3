import type { ReminderKind } from '../../shared/domain/reminders/reminder.ts';

export type Locale = 'zh-CN' | 'en-US';

export interface Subject {
  readonly kind: ReminderKind;
  readonly number: number | null;
  readonly subject: string;
  readonly customerName: string;
  readonly fromName: string;
  readonly note: string;
  readonly at: number;
}

const times = new Map<Locale, Intl.DateTimeFormat>();
function clockTime(at: number, locale: Locale, zone: string): string {
  let format = times.get(locale);
  if (format === undefined || format.resolvedOptions().timeZone !== zone) {
    format = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
    times.set(locale, format);
  }
  return format.format(at);
}

const numberOf = (n: number | null, locale: Locale): string => (n === null ? (locale === 'zh-CN' ? '待编号' : 'no number yet') : String(n));

/** Title and body of a native notification. No phone number: it may show on a locked screen. */
export function notificationText(s: Subject, locale: Locale, zone: string): { title: string; body: string } {
  const line = `${numberOf(s.number, locale)} ${s.subject}`;
  const more = s.note === '' ? line : `${line}\n${s.note}`;
  if (locale === 'zh-CN') {
    switch (s.kind) {
      case 'callback':
        return { title: `回访时间到 ${clockTime(s.at, locale, zone)} · ${s.customerName}`, body: more };
      case 'transfer':
        return { title: `${s.fromName} 转派给你一张工单`, body: more };
      case 'assignment':
        return { title: `${s.fromName} 分配给你一张工单`, body: more };
      case 'expiry':
        return { title: '工单即将到期', body: line };
    }
  }
  switch (s.kind) {
    case 'callback':
      return { title: `Callback due ${clockTime(s.at, locale, zone)} · ${s.customerName}`, body: more };
    case 'transfer':
      return { title: `${s.fromName} transferred a ticket to you`, body: more };
    case 'assignment':
      return { title: `${s.fromName} assigned a ticket to you`, body: more };
    case 'expiry':
      return { title: 'A ticket is about to expire', body: line };
  }
}

/** Several in one. */
export function digestText(kind: ReminderKind | 'mixed', lines: readonly string[], count: number, locale: Locale): { title: string; body: string } {
  const titles =
    locale === 'zh-CN'
      ? { callback: `${count} 个回访时间已到`, transfer: `收到 ${count} 张转派的工单`, assignment: `收到 ${count} 张分配的工单`, expiry: `${count} 张工单今天到期`, mixed: `${count} 条提醒` }
      : { callback: `${count} callbacks are due`, transfer: `${count} tickets transferred to you`, assignment: `${count} tickets assigned to you`, expiry: `${count} tickets expire today`, mixed: `${count} reminders` };
  const rest = count - Math.min(3, lines.length);
  const tail = rest > 0 ? [locale === 'zh-CN' ? `另有 ${rest} 条` : `and ${rest} more`] : [];
  return { title: titles[kind], body: [...lines.slice(0, 3), ...tail].join('\n') };
}

export const actionLabels: Readonly<Record<Locale, Readonly<Record<'open' | 'contacted' | 'snooze', string>>>> = {
  'zh-CN': { open: '打开', contacted: '已联系', snooze: '稍后 10 分钟' },
  'en-US': { open: 'Open', contacted: 'Contacted', snooze: 'In 10 minutes' },
};
