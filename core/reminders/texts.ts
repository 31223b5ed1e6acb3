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

/** Mobile and landline numbers as they are written here; agents type them into notes. */
const phoneLike =
  /(?<!\d)(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|\(?0\d{2,3}\)?[- ]?\d{7,8}|[48]00[- ]?\d{3}[- ]?\d{4}|\+\d{8,14})(?!\d)/g;
const TITLE = 120;
const BODY = 400;
const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

interface Text {
  readonly title: string;
  readonly body: string;
}
const hide = (text: string): string => text.replaceAll(phoneLike, (found) => `****${found.slice(-4)}`);
/** What may lie on a locked screen: no phone number, and no longer than a host takes. */
const fit = ({ title, body }: Text): Text => ({ title: cut(hide(title), TITLE), body: cut(hide(body), BODY) });

/** Title and body of a native notification. No phone number: it may show on a locked screen. */
export const notificationText = (s: Subject, locale: Locale, zone: string): Text => fit(write(s, locale, zone));

function write(s: Subject, locale: Locale, zone: string): Text {
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
export function digestText(kind: ReminderKind | 'mixed', lines: readonly string[], count: number, locale: Locale): Text {
  const titles =
    locale === 'zh-CN'
      ? {
          callback: `${count} 个回访时间已到`,
          transfer: `收到 ${count} 张转派的工单`,
          assignment: `收到 ${count} 张分配的工单`,
          expiry: `${count} 张工单今天到期`,
          mixed: `${count} 条提醒`,
        }
      : {
          callback: `${count} callbacks are due`,
          transfer: `${count} tickets transferred to you`,
          assignment: `${count} tickets assigned to you`,
          expiry: `${count} tickets expire today`,
          mixed: `${count} reminders`,
        };
  const rest = count - Math.min(3, lines.length);
  const tail = rest > 0 ? [locale === 'zh-CN' ? `另有 ${rest} 条` : `and ${rest} more`] : [];
  return fit({ title: titles[kind], body: [...lines.slice(0, 3).map((line) => cut(hide(line), 100)), ...tail].join('\n') });
}

export const actionLabels: Readonly<Record<Locale, Readonly<Record<'open' | 'contacted' | 'snooze', string>>>> = {
  'zh-CN': { open: '打开', contacted: '已联系', snooze: '稍后 10 分钟' },
  'en-US': { open: 'Open', contacted: 'Contacted', snooze: 'In 10 minutes' },
};

/** Stands in the field for an answer. */
export const replyLabel: Readonly<Record<Locale, string>> = { 'zh-CN': '写一条备注', 'en-US': 'Write a note' };

export const testText: Readonly<Record<Locale, Text>> = {
  'zh-CN': { title: '这是一条测试提醒', body: '看得到它，到时的提醒也看得到。' },
  'en-US': { title: 'This is a test reminder', body: 'If you can see it, you will see the reminders to come.' },
};
