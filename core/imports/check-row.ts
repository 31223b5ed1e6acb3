import { Temporal } from 'temporal-polyfill';
import { customerFacts, limits } from '../../shared/domain/commands/index.ts';
import { normalEmail, normalPhone } from '../../shared/domain/contacts.ts';
import type { ImportRow } from '../../shared/protocol/operations.ts';
import type { ImportField, Mapping } from './columns.ts';

/** Why a row cannot come in. */
export type RowProblem =
  | 'name-missing'
  | 'name-too-long'
  | 'contact-missing'
  | 'phone-bad'
  | 'email-bad'
  | 'too-many-contacts'
  | 'text-too-long'
  | 'date-bad'
  | 'columns-missing'
  | 'characters-lost';

export type Checked =
  | { readonly ok: true; readonly row: ImportRow }
  | { readonly ok: false; readonly why: RowProblem; readonly value: string };

export interface RowContext {
  readonly mapping: Mapping;
  /** Of the header: a row with fewer has lost some. */
  readonly columns: number;
  /** IANA name; dates of the file are of the agent's zone. */
  readonly zone: string;
}

/** Several numbers in one cell. */
const BETWEEN = /[、,，;；/|\n]+/;

/** A row of a file as a customer, or the first reason why it is none. @param line of the file, from 1 */
export function checkRow(cells: readonly string[], line: number, { mapping, columns, zone }: RowContext): Checked {
  const no = (why: RowProblem, value: string): Checked => ({ ok: false, why, value: value.slice(0, 200) });
  const cell = (field: ImportField): string => {
    const column = mapping[field];
    return column === undefined ? '' : (cells[column] ?? '').trim();
  };
  const lost = cells.find((text) => text.includes('\uFFFD'));
  if (lost !== undefined) return no('characters-lost', lost);
  // Empty cells at the end are often left out; a used column that is not there at all is a broken row.
  if (cells.length < columns && Object.values(mapping).every((c) => c >= cells.length)) return no('columns-missing', cells.join(' '));

  const name = cell('name');
  if (name === '') return no('name-missing', cells.join(' ').trim());
  if (name.length > limits.name) return no('name-too-long', name);
  const phones = [...cell('phone').split(BETWEEN), ...cell('phone2').split(BETWEEN)].map((p) => p.trim()).filter((p) => p !== '');
  const bad = phones.find((p) => !isPhone(p));
  if (bad !== undefined) return no('phone-bad', bad);
  const emails = cell('email')
    .split(BETWEEN)
    .map((e) => e.trim())
    .filter((e) => e !== '');
  const wrong = emails.find((e) => !customerFacts.emails.element.safeParse(normalEmail(e)).success);
  if (wrong !== undefined) return no('email-bad', wrong);
  if (phones.length === 0 && emails.length === 0) return no('contact-missing', name);
  if (phones.length > limits.phones || emails.length > limits.phones) return no('too-many-contacts', [...phones, ...emails].join(' '));
  const texts = {
    tier: cell('tier'),
    address: cell('address'),
    subject: cell('subject'),
    description: cell('description'),
    category: cell('category'),
  };
  const most = { tier: limits.tier, address: limits.address, subject: limits.subject, description: limits.text, category: limits.category };
  for (const key of Object.keys(texts) as (keyof typeof texts)[]) if (texts[key].length > most[key]) return no('text-too-long', texts[key]);
  const callbackAt = cell('callbackAt') === '' ? null : readTime(cell('callbackAt'), zone);
  if (callbackAt === undefined) return no('date-bad', cell('callbackAt'));
  return {
    ok: true,
    row: { line, name, phones, emails: emails.map((e) => normalEmail(e)), ...texts, ...(callbackAt !== null && { callbackAt }) },
  };
}

function isPhone(text: string): boolean {
  const digits = normalPhone(text).replaceAll(/\D/g, '').length;
  return text.length <= limits.phone && digits >= 3 && digits <= 20 && /^[\d\s+().\-—*#转xX]+$/.test(text.normalize('NFKC'));
}

// 2026-11-22 14:30, 2026/11/22, 2026.11.22, 2026年11月22日 14时30分, 20261122, 22-Nov-2026 is none of ours.
const DATE =
  /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]*(\d{1,2})\s*[:时點点]\s*(\d{1,2})?(?:\s*[:分]\s*(\d{1,2})?\s*秒?)?)?\s*分?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:[\sT]?(\d{2})(\d{2}))?$/;
/** Excel's days since the last of 1899, as they come from cells without a date format. */
const SERIAL = /^\d{5}(?:\.\d+)?$/;
/** A day without an hour: when the office is open. */
const HOUR = 9;

/**
 * A time as people write it, in the agent's zone: with -, / or ., with 年月日, as YYYYMMDD or as Excel's number of days;
 * a day alone means 9:00. @returns epoch ms; undefined: no time
 */
export function readTime(text: string, zone: string): number | undefined {
  const plain = text.normalize('NFKC').trim();
  const found = DATE.exec(plain) ?? COMPACT.exec(plain);
  try {
    if (found !== null) {
      const [year, month, day, hour, minute] = found.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
      return at({ year: year!, month: month!, day: day!, hour: hour ?? HOUR, minute: minute ?? 0 }, zone);
    }
    if (!SERIAL.test(plain)) return undefined;
    const minutes = Math.round((Number(plain) % 1) * 1440);
    const date = Temporal.PlainDate.from('1899-12-30').add({ days: Math.floor(Number(plain)) });
    const hours = minutes === 0 ? HOUR : Math.floor(minutes / 60);
    return at({ year: date.year, month: date.month, day: date.day, hour: hours, minute: minutes % 60 }, zone);
  } catch {
    return undefined;
  }
}

const at = (parts: { year: number; month: number; day: number; hour: number; minute: number }, zone: string): number =>
  Temporal.PlainDateTime.from(parts, { overflow: 'reject' }).toZonedDateTime(zone).epochMilliseconds;
