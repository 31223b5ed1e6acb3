import type { CustomField } from '../../shared/domain/custom-fields.ts';
import type { CustomValue } from '../../shared/domain/tickets.ts';
import type { ExportField, ExportRequest } from '../../shared/protocol/operations.ts';
import { account, customField, staffGroup } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';
import type { Candidate, Needs } from './candidates.ts';
import { harmless } from './harmless.ts';
import { words } from './words.ts';

/** Text, or a number that stays one. */
export type Cell = string | number;

const aboutCustomers: readonly ExportField[] = ['customer', 'phones', 'emails', 'address', 'tier'];

/** What the columns of a file show beside the ticket. */
export const neededFor = ({ fields }: ExportRequest): Needs => ({
  customers: fields.some((f) => (aboutCustomers as readonly unknown[]).includes(f)),
  callbacks: fields.includes('callbackAt'),
  events: fields.includes('lastNote'),
});

export interface Column {
  readonly header: string;
  cell(of: Candidate): Cell;
}

interface Names {
  readonly people: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
}

/** The columns that were asked for. Custom fields that no longer exist are left out. */
export async function readColumns(orm: Orm, { fields, locale, zone }: ExportRequest): Promise<readonly Column[]> {
  const people = await orm.select({ id: account.id, name: account.name }).from(account);
  const groups = await orm.select().from(staffGroup);
  const names: Names = { people: new Map(people.map((p) => [p.id, p.name])), groups: new Map(groups.map((g) => [g.id, g.name])) };
  const known = new Map((await orm.select().from(customField)).map((f) => [f.id, f]));
  const time = timeIn(zone);
  return fields.flatMap((field): Column[] => {
    if (typeof field === 'string') return [plainColumn(field, names, locale, time)];
    const definition = known.get(field.custom);
    return definition === undefined ? [] : [customColumn(definition, locale)];
  });
}

/** `YYYY-MM-DD HH:mm`. @throws RangeError for a zone that is none */
export function timeIn(zone: string): (at: number | null) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return (at) => (at === null ? '' : format.format(at));
}

function plainColumn(field: ExportField, names: Names, locale: ExportRequest['locale'], time: (at: number | null) => string): Column {
  const say = words[locale];
  const person = (id: string | null): string => (id === null ? '' : (names.people.get(id) ?? ''));
  const cells: Readonly<Record<ExportField, (of: Candidate) => Cell>> = {
    number: ({ ticket }) => ticket.number ?? '',
    subject: ({ ticket }) => ticket.subject,
    description: ({ ticket }) => ticket.description,
    status: ({ ticket }) => say.status[ticket.status],
    priority: ({ ticket }) => say.priority[ticket.priority],
    category: ({ ticket }) => ticket.category,
    nature: ({ ticket }) => say.nature[ticket.nature],
    source: ({ ticket }) => say.source[ticket.source],
    customer: ({ customer }) => customer?.name ?? '',
    phones: ({ customer }) => (customer?.phones ?? []).join(say.and),
    emails: ({ customer }) => (customer?.emails ?? []).join(say.and),
    address: ({ customer }) => customer?.address ?? '',
    tier: ({ customer }) => customer?.tier ?? '',
    assignee: ({ ticket }) => person(ticket.assigneeId),
    group: ({ ticket }) => names.groups.get(ticket.groupId) ?? '',
    createdBy: ({ ticket }) => person(ticket.createdBy),
    createdAt: ({ ticket }) => time(ticket.createdAt),
    updatedAt: ({ ticket }) => time(ticket.updatedAt),
    dueAt: ({ ticket }) => time(ticket.dueAt),
    resolvedAt: ({ ticket }) => time(ticket.resolvedAt),
    callbackAt: ({ callbacks }) => (callbacks.length === 0 ? '' : time(Math.min(...callbacks.map((c) => c.dueAt)))),
    invalid: ({ ticket }) => (ticket.invalid ? say.yes : say.no),
    lastNote: ({ events }) => events.findLast((e) => e.note !== '')?.note ?? '',
  };
  return safe({ header: say.header[field], cell: cells[field] });
}

function customColumn(field: CustomField, locale: ExportRequest['locale']): Column {
  const say = words[locale];
  const show = (value: CustomValue): Cell => {
    if (value === null) return '';
    if (typeof value === 'boolean') return value ? say.yes : say.no;
    return Array.isArray(value) ? (value as readonly string[]).join(say.and) : (value as string | number);
  };
  return safe({ header: field.name, cell: ({ ticket }) => show(ticket.custom[field.id] ?? null) });
}

const safe = ({ header, cell }: Column): Column => ({
  header: harmless(header),
  cell: (of) => {
    const value = cell(of);
    return typeof value === 'number' ? value : harmless(value);
  },
});
