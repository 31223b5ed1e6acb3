import { maskPhone } from '../../shared/domain/contacts.ts';
import type { Reader } from '../../db/reader.ts';
import { getRow } from '../../db/writes/rows.ts';
import type { ReminderRow } from './ledger.ts';
import type { Subject } from './texts.ts';

/** What a reminder is about, read from the rows as they are now. */
export function describe(db: Reader, reminder: ReminderRow): Subject & { readonly phone: string; readonly callbackId: string | null } {
  const ticket = reminder.ticketId === null ? null : getRow(db, 'ticket', reminder.ticketId);
  const customer = ticket === null ? null : getRow(db, 'customer', ticket.customerId);
  const event = reminder.kind === 'transfer' || reminder.kind === 'assignment' ? getRow(db, 'event', reminder.subject) : null;
  const callback = reminder.kind === 'callback' ? getRow(db, 'callback', reminder.subject) : null;
  const from = event?.actorId ? getRow(db, 'account', event.actorId) : null;
  return {
    kind: reminder.kind,
    number: ticket?.number ?? null,
    subject: ticket?.subject ?? '',
    customerName: customer?.name ?? '',
    fromName: from?.name ?? '',
    note: callback?.note ?? event?.note ?? '',
    at: reminder.showAt,
    phone: maskPhone(customer?.phones[0] ?? ''),
    callbackId: callback?.id ?? null,
  };
}
