import { isOpen, type SampleTicket } from './data.ts';

/** A ticket as one row of plain columns, for engines on tables. */
const columnOf = {
  id: (t) => t.id,
  number: (t) => t.number,
  subject: (t) => t.subject,
  description: (t) => t.description,
  status: (t) => t.status,
  priority: (t) => t.priority,
  category: (t) => t.category,
  customer_id: (t) => t.customer.id,
  customer_name: (t) => t.customer.name,
  customer_phone: (t) => t.customer.phone,
  assignee_id: (t) => t.assigneeId,
  group_id: (t) => t.groupId,
  created_at: (t) => t.createdAt,
  updated_at: (t) => t.updatedAt,
  due_at: (t) => t.dueAt,
  callback_at: (t) => t.callbackAt,
  cf_region: (t) => t.custom.region,
  cf_channel: (t) => t.custom.channel,
  cf_vip: (t) => Number(t.custom.vip),
  cf_amount: (t) => t.custom.amount,
  cf_note: (t) => t.custom.note,
  seq: (t) => t.seq,
  is_open: (t) => Number(isOpen(t)),
} as const satisfies Readonly<Record<string, (ticket: SampleTicket) => string | number | null>>;

export type Column = keyof typeof columnOf;
type Value = string | number | null;

export const columns = Object.keys(columnOf) as Column[];
/** Those that hold whole numbers; `cf_amount` holds a real one, all others text. */
export const wholeNumbers: readonly Column[] = ['created_at', 'updated_at', 'due_at', 'callback_at', 'cf_vip', 'seq', 'is_open'];

/** In the order of `columns`. */
export const flatValues = (ticket: SampleTicket): Value[] => columns.map((name) => columnOf[name](ticket));

export const flatRow = (ticket: SampleTicket): Record<Column, Value> =>
  Object.fromEntries(columns.map((name) => [name, columnOf[name](ticket)])) as Record<Column, Value>;
