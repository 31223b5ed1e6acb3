import { desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Command } from '../../shared/domain/commands/index.ts';
import { maskPhone, normalPhone, numberForms } from '../../shared/domain/contacts.ts';
import { appendAudit } from '../audit/append.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { IdSource } from '../../shared/lib/ids.ts';
import { RINGS_MS } from '../../shared/protocol/wire.ts';
import type { Hub } from '../live/hub.ts';
import { derivedId } from '../office/derived-id.ts';
import { toAccount } from '../store/rows.ts';
import { account, contact, customer, switchCall, ticket } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { type PushDeps, runOnce } from '../sync/push.ts';
import type { SwitchCallAnswer, SwitchCallRequest } from './switch-call.ts';

export interface CallDeps {
  readonly store: Store;
  readonly ids: IdSource;
  readonly push: PushDeps;
  readonly hub: Hub;
}

/** A switch that repeats a call after so long has another id for it. */
const KEPT_MS = 30 * 86_400_000;
const MOST = 10;

/** Nobody to put a call through to. */
export class NoSuchAgent extends Error {
  readonly disabled: boolean;
  constructor(disabled: boolean) {
    super(disabled ? 'disabled' : 'unknown');
    this.name = 'NoSuchAgent';
    this.disabled = disabled;
  }
}

/**
 * Tells the agent's open windows who calls, and makes a customer and a ticket for a number that nobody has, as that agent
 * would. The same id again does nothing and has the same answer.
 * @throws NoSuchAgent
 */
export async function receiveCall(deps: CallDeps, call: SwitchCallRequest): Promise<SwitchCallAnswer> {
  const { store, hub } = deps;
  const before = await answered(store, call.id);
  if (before !== null) return before;
  const agent = await agentOf(store, call.staffNo);
  const now = deps.push.clock.now();
  const answer = (await known(store, call, agent)) ?? (await createFor(deps, call, agent, now));
  const isFirst = await store.transaction(async (tx) => {
    const taken = await tx
      .insert(switchCall)
      .values({ id: call.id, accountId: agent.id, at: now, answer })
      .onConflictDoNothing()
      .returning({ id: switchCall.id });
    if (taken.length === 0) return false;
    const detail = `customers=${answer.customerIds.length} ticket=${answer.ticketId ?? 'none'}`;
    await appendAudit(tx, { at: now, id: deps.ids(), action: 'call', accountId: agent.id, detail });
    return true;
  });
  if (!isFirst) return (await answered(store, call.id)) ?? answer;
  if (Math.abs(now - call.at) <= RINGS_MS)
    await hub.ring(agent.id, { type: 'call', callId: call.id, phone: normalPhone(call.phone), at: now });
  return answer;
}

async function answered(store: Store, id: string): Promise<SwitchCallAnswer | null> {
  const [row] = await store.orm.select().from(switchCall).where(eq(switchCall.id, id));
  if (row === undefined) return null;
  // JSONB keeps no order of its own.
  const { customerIds, ticketId, refused } = row.answer;
  return { customerIds, ticketId, refused };
}

async function agentOf(store: Store, staffNo: string): Promise<Account> {
  const [row] = await store.orm
    .select()
    .from(account)
    .where(sql`lower(${account.staffNo}) = lower(${staffNo})`);
  if (row === undefined || row.disabled) throw new NoSuchAgent(row !== undefined);
  return toAccount(row);
}

async function known(store: Store, call: SwitchCallRequest, agent: Account): Promise<SwitchCallAnswer | null> {
  const own = sql<boolean>`${customer.ownerId} IS NOT DISTINCT FROM ${agent.id}`;
  const rows = await store.orm
    .selectDistinct({ id: customer.id, own, updatedAt: customer.updatedAt })
    .from(contact)
    .innerJoin(customer, eq(customer.id, contact.customerId))
    .where(inArray(contact.key, [...numberForms(call.phone)]))
    .orderBy(desc(sql`2`), desc(customer.updatedAt), customer.id)
    .limit(MOST);
  if (rows.length === 0) return null;
  // A repeat while the first is under way, or whose answer was lost: what it made is not somebody we knew. Looked for
  // afterwards, so that it cannot come in between.
  const made = await store.orm
    .select({ id: ticket.id })
    .from(ticket)
    .where(eq(ticket.id, derivedId('call', call.id, 'ticket')));
  return made.length > 0 ? null : { customerIds: rows.map((r) => r.id), ticketId: null, refused: null };
}

async function createFor(deps: CallDeps, call: SwitchCallRequest, agent: Account, now: number): Promise<SwitchCallAnswer> {
  const ticketId = derivedId('call', call.id, 'ticket');
  const customerId = derivedId('call', call.id, 'customer');
  const words = `来电 ${maskPhone(normalPhone(call.phone))}`;
  const command: Command = {
    id: derivedId('call', call.id, 'command'),
    kind: 'create',
    ticketId,
    occurredAt: Math.min(call.at, now),
    args: {
      customerId,
      customer: { name: words, phones: [call.phone.trim()], unique: true },
      subject: words,
      description: '',
      category: '',
      nature: 'incident',
      priority: 'normal',
      source: 'phone',
      groupId: agent.priorityGroupId,
      assigneeId: agent.id,
    },
  };
  const result = await runOnce(deps.push, command, { accountId: agent.id }, null);
  if (result.status === 'applied') return { customerIds: [customerId], ticketId, refused: null };
  // Somebody added the number in the meantime.
  if (result.status === 'refused' && result.refusal.code === 'duplicate-contact' && result.refusal.detail !== undefined)
    return { customerIds: [result.refusal.detail], ticketId: null, refused: null };
  return { customerIds: [], ticketId: null, refused: result.status === 'refused' ? result.refusal.code : 'failed' };
}

/** Drops answers that no switch asks for again. */
export async function forgetOldCalls(store: Store, now: number): Promise<void> {
  await store.orm.delete(switchCall).where(lt(switchCall.at, now - KEPT_MS));
}
