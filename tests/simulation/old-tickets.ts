import { finishedStatuses } from '../../shared/domain/ticket-state.ts';
import { cells, entities, type Shadow, written } from './shadow.ts';
import type { OlderPage } from './sim-network.ts';

// What the model knows of the window (SPEC 16): what a device may have let go, and what it may take when it asks for it.

const DAY = 86_400_000;

const isFinished = (status: unknown): boolean => (finishedStatuses as readonly unknown[]).includes(status);

/** Whether no device has to hold it. @param now server time @param days the shortest that the window has been */
export const isOld = (status: unknown, updatedAt: unknown, now: number, days: number): boolean =>
  isFinished(status) && (updatedAt as number) < now - days * DAY;

/** Old tickets that a cache should have and does not: it may have let them go, a day after the server would have. */
export function agedIn(is: Omit<Shadow, 'ticketOf'>, should: Shadow, now: number, days: number): string[] {
  const missing = [...should.rows.ticket].filter(([id]) => !is.rows.ticket.has(id));
  if (missing.length === 0) return [];
  const awaited = new Set(
    [...should.rows.callback.values()]
      .map((row) => cells('callback', row))
      .filter((c) => c['outcome'] === null)
      .map((c) => c['ticketId']),
  );
  return missing
    .filter(([id, row]) => {
      const { status, updatedAt } = cells('ticket', row);
      return isOld(status, updatedAt, now, days + 1) && !awaited.has(id);
    })
    .map(([id]) => id);
}

/** A shadow without these tickets and what hangs on them. */
export function without(was: Shadow, gone: readonly string[]): Shadow {
  if (gone.length === 0) return was;
  const left = new Set(gone);
  const hangs = ([id]: readonly [string, string]): boolean => !left.has(was.ticketOf.get(id) ?? '');
  const { ticket, event, callback } = was.rows;
  return {
    ...was,
    rows: {
      ...was.rows,
      ticket: new Map([...ticket].filter(([id]) => !left.has(id))),
      event: new Map([...event].filter(hangs)),
      callback: new Map([...callback].filter(hangs)),
    },
  };
}

/** Old tickets laid beside what is there; null: the answer is of another time or view, and nothing of it may be taken. */
export function besideShadow(was: Shadow, page: OlderPage): Shadow | null {
  if (was.cursor === null || Number(was.cursor) > page.head || was.epoch !== page.epoch || was.view !== page.view) return null;
  const fresh = new Set(page.tickets.map((t) => t.id).filter((id) => !was.rows.ticket.has(id)));
  const rows = { ...was.rows };
  const add = (entity: 'ticket' | 'customer' | 'callback' | 'event', list: readonly { readonly id: string }[]): void => {
    rows[entity] = new Map([...was.rows[entity], ...list.map((row) => [row.id, written(entity, row as never)] as const)]);
  };
  const ofFresh = <T extends { readonly ticketId: string }>(list: readonly T[]): T[] => list.filter((row) => fresh.has(row.ticketId));
  add(
    'customer',
    page.customers.filter((c) => !was.rows.customer.has(c.id)),
  );
  add(
    'ticket',
    page.tickets.filter((t) => fresh.has(t.id)),
  );
  add('callback', ofFresh(page.callbacks));
  add('event', ofFresh(page.events));
  const hangs = [...ofFresh(page.callbacks), ...ofFresh(page.events)].map((row) => [row.id, row.ticketId] as const);
  return { ...was, rows, ticketOf: new Map([...was.ticketOf, ...hangs]) };
}

/**
 * Where a cache at rest is not what it has to be, in words; null: nowhere. Of changes that do not concern it a device
 * hears with its next poll, so its cursor is not looked at. @param least what has to be here @param most what may be
 */
export function between(is: Omit<Shadow, 'ticketOf'>, least: Shadow, most: Shadow): string | null {
  for (const key of ['after', 'epoch', 'view'] as const) if (is[key] !== least[key]) return `${key} is ${is[key]}, should be ${least[key]}`;
  for (const entity of entities) {
    for (const id of least.rows[entity].keys()) if (!is.rows[entity].has(id)) return `${entity} ${id} is missing`;
    for (const [id, text] of is.rows[entity]) {
      const other = most.rows[entity].get(id);
      if (other === undefined) return `${entity} ${id} should not be here`;
      if (other !== text) return `${entity} ${id} is ${text}, should be ${other}`;
    }
  }
  return null;
}
