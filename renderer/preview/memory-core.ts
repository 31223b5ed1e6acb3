import type { z } from 'zod';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { Implementation } from '../../shared/bridge/rpc.ts';
import type { reminderRow, ticketDetail, ticketRowView } from '../../shared/bridge/views.ts';
import { type Command, commandArgs, type CommandKind, commandKinds, decide } from '../../shared/domain/commands/index.ts';
import { mayWidenReminders } from '../../shared/domain/permissions.ts';
import { type BucketCode, bucketCodes, bucketWindows } from '../../shared/domain/reminders/buckets.ts';
import { listStatuses, type ListName } from '../../shared/domain/ticket-state.ts';
import { defaultParameters, type Ticket } from '../../shared/domain/tickets.ts';
import { accounts, categories, groups, sampleData, uid } from './sample-data.ts';
import { type Popup, sampleAttention, samplePopups, sampleQueue } from './sample-notices.ts';

const MIN = 60_000;
type Row = z.infer<typeof ticketRowView>;
type Reminder = z.infer<typeof reminderRow>;

/** A core without disk or network, for looking at the screens. `?as=leader&offline&attention&popups=0&signedOut&theme=dark&locale=en-US&many=61&empty`. */
export function memoryCore(asked: URLSearchParams): Implementation<CoreContract> & { poke(): void } {
  const now = Date.now;
  const start = now();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const offline = asked.has('offline');
  let me = accounts.find((a) => a.role === (asked.get('as') ?? 'agent'))!;
  let phase: 'signedOut' | 'ready' = asked.has('signedOut') ? 'signedOut' : 'ready';
  let settings = {
    locale: (asked.get('locale') ?? 'zh-CN') as 'zh-CN' | 'en-US',
    theme: (asked.get('theme') ?? 'system') as 'system' | 'light' | 'dark',
    expiryNoticeAt: 540,
    trayExplained: true,
  };
  const data = sampleData(start, asked.has('empty') ? 0 : Number(asked.get('many') ?? 61));
  if (asked.has('empty')) data.tickets = [];
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const l of listeners) l();
  };
  const customer = (id: string) => data.customers.find((c) => c.id === id) ?? null;
  const nameOf = (id: string | null): string => (id === null ? '' : id === '~' ? '~' : (accounts.find((a) => a.id === id)?.name ?? ''));
  const open = (id: string) => data.callbacks.filter((c) => c.ticketId === id && c.outcome === null).sort((a, b) => a.dueAt - b.dueAt);
  const next = (t: Ticket): { nextAt: number | null; nextKind: 'callback' | 'expiry' | null } => {
    const call = open(t.id)[0]?.dueAt ?? null;
    const due = listStatuses.pending.includes(t.status) || listStatuses.processing.includes(t.status) ? t.dueAt : null;
    if (call !== null && (due === null || call <= due)) return { nextAt: call, nextKind: 'callback' };
    return { nextAt: due, nextKind: due === null ? null : 'expiry' };
  };
  const row = (t: Ticket): Row => ({
    id: t.id,
    number: t.number,
    subject: t.subject,
    customerName: (customer(t.customerId)?.name ?? '').split(' ')[0]!,
    status: t.status,
    priority: t.priority,
    category: t.category,
    source: t.source,
    ...next(t),
    dueAt: t.dueAt,
    updatedAt: t.updatedAt,
    assigneeName: nameOf(t.assigneeId),
    pending: data.pending.has(t.id),
    draft: data.drafts.has(`ticket:${t.id}`),
    unseen: data.unseen.has(t.id),
    transfer: null,
  });
  const mine = (list: ListName): Row[] =>
    list === 'transferred'
      ? data.transfers.flatMap((x) =>
          data.tickets
            .filter((t) => t.id === x.ticketId)
            .map((t) => ({ ...row(t), unseen: false, transfer: { id: x.id, toName: x.toName, at: x.at, reason: x.reason } })),
        )
      : list === 'all'
        ? data.tickets.filter((t) => t.assigneeId !== me.id && t.assigneeId !== null).map(row)
        : data.tickets.filter((t) => t.assigneeId === me.id && listStatuses[list].includes(t.status)).map(row);
  const part = (at: number | null): 'overdue' | 'soon' | 'today' | 'later' => {
    if (at === null) return 'later';
    if (at <= now()) return 'overdue';
    if (at <= now() + 120 * MIN) return 'soon';
    return at < bucketWindows(now(), zone).today.to ? 'today' : 'later';
  };
  const order = ['low', 'normal', 'high', 'urgent'];
  const sorter =
    (by: string) =>
    (a: Row, b: Row): number => {
      const of = (r: Row): number | string =>
        by === 'next'
          ? (r.nextAt ?? 9e15)
          : by === 'number'
            ? (r.number ?? 9e15)
            : by === 'due'
              ? (r.dueAt ?? 9e15)
              : by === 'updated'
                ? (r.transfer?.at ?? r.updatedAt)
                : by === 'priority'
                  ? order.indexOf(r.priority)
                  : by === 'subject'
                    ? r.subject
                    : by === 'customer'
                      ? r.customerName
                      : by === 'status'
                        ? r.status
                        : r.category;
      const x = of(a);
      const y = of(b);
      return typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'zh');
    };
  const stateOf = (t: Ticket | null) => ({
    ticket: t,
    customer: t === null ? null : customer(t.customerId),
    callbacks: t === null ? [] : data.callbacks.filter((c) => c.ticketId === t.id),
    events: t === null ? [] : (data.events.get(t.id) ?? []),
    account: (id: string) => accounts.find((a) => a.id === id) ?? null,
    parameters: defaultParameters,
  });
  const allowed = (t: Ticket): CommandKind[] => {
    const handling: readonly CommandKind[] = ['update', 'resolve', 'transfer', 'invalidate', 'release'];
    const own = t.assigneeId === me.id;
    const live = t.status === 'pending' || t.status === 'processing' || t.status === 'waiting';
    return commandKinds.filter((k) => (k === 'note' ? true : handling.includes(k) ? own && live : k.endsWith('Callback') ? own : false));
  };
  const detail = (t: Ticket, transferId: string | null): z.infer<typeof ticketDetail> => {
    const c = customer(t.customerId);
    const x = data.transfers.find((y) => y.id === transferId);
    const may = x === undefined ? allowed(t) : [];
    return {
      ...t,
      assigneeName: nameOf(t.assigneeId),
      groupName: groups.find((g) => g.id === t.groupId)?.name ?? '',
      ...next(t),
      custom: { ...t.custom },
      customer:
        c === null
          ? null
          : {
              id: c.id,
              name: c.name,
              phones: [...c.phones],
              address: c.address,
              tier: c.tier,
              invalidReleases: c.invalidReleases,
              invalidAt: c.invalidAt,
            },
      callbacks: data.callbacks.filter((b) => b.ticketId === t.id).map((b) => ({ ...b, pending: false })),
      events: (data.events.get(t.id) ?? []).map((e) => ({
        ...e,
        actorName: nameOf(e.actorId),
        changes: { ...e.changes },
        pending: e.receivedAt === null,
      })),
      readOnly:
        x !== undefined
          ? 'transferred'
          : may.includes('update')
            ? null
            : t.status === 'resolved' || t.status === 'closed'
              ? 'resolved'
              : t.status === 'released'
                ? 'released'
                : 'other-assignee',
      allowed: may,
      pending: data.pending.has(t.id),
      queue: [],
      nextInvalidMovesCustomer: (c?.invalidReleases ?? 0) + 1 >= 2,
      invalidReleaseLimit: 2,
      transfer: x === undefined ? null : { toName: x.toName, at: x.at, reason: x.reason },
    };
  };
  const reminders = (scope: 'mine' | 'team'): Reminder[] => {
    const whose = scope === 'mine' ? [me.id] : accounts.filter((a) => a.id !== me.id).map((a) => a.id);
    return data.tickets
      .filter((t) => t.assigneeId !== null && whose.includes(t.assigneeId) && t.status !== 'closed' && t.status !== 'resolved')
      .flatMap((t) => {
        const base = {
          ticketId: t.id,
          number: t.number,
          subject: t.subject,
          customerName: (customer(t.customerId)?.name ?? '').split(' ')[0]!,
          assigneeId: t.assigneeId,
          assigneeName: nameOf(t.assigneeId),
          status: t.status,
          pending: data.pending.has(t.id),
        };
        const out: Reminder[] = open(t.id).map((c) => ({
          ...base,
          key: `callback:${c.id}`,
          kind: 'callback',
          at: c.dueAt,
          callbackId: c.id,
          overdue: c.dueAt <= now(),
        }));
        if (t.dueAt !== null)
          out.push({ ...base, key: `expiry:${t.id}`, kind: 'expiry', at: t.dueAt, callbackId: null, overdue: t.dueAt <= now() });
        return out;
      })
      .sort((a, b) => a.at - b.at);
  };
  const within = (bucket: BucketCode, scope: 'mine' | 'team'): Reminder[] => {
    const w = bucketWindows(now(), zone)[bucket];
    return reminders(scope).filter((r) => r.at >= w.from && r.at < w.to);
  };
  let popups: Popup[] = samplePopups(asked, data.tickets, start);
  let queued = offline ? 3 : 0;
  let attention = asked.has('attention');
  const act = (ticketId: string, kind: CommandKind, args: unknown, draft?: string) => {
    const at = data.tickets.findIndex((t) => t.id === ticketId);
    const id = crypto.randomUUID();
    const made = decide(
      stateOf(data.tickets[at] ?? null),
      { id, kind, ticketId, args: (commandArgs[kind] as z.ZodType).parse(args), occurredAt: now() } as Command,
      me,
      now(),
    );
    if (!made.ok) return { ok: false as const, refusal: made.error };
    const { ticket, callbacks, event, customer: c } = made.value;
    if (at >= 0) data.tickets[at] = ticket;
    else data.tickets.push(ticket);
    for (const b of callbacks ?? []) data.callbacks = [...data.callbacks.filter((x) => x.id !== b.id), b];
    if (c !== undefined && !data.customers.some((x) => x.id === c.id)) data.customers.push(c);
    data.events.set(ticketId, [{ ...event, receivedAt: offline ? null : now() }, ...(data.events.get(ticketId) ?? [])]);
    if (offline) {
      data.pending.add(ticketId);
      queued++;
    }
    if (kind === 'transfer')
      data.transfers.unshift({ id, ticketId, toName: nameOf((args as { toId: string }).toId), at: now(), reason: '' });
    if (draft !== undefined) data.drafts.delete(draft);
    changed();
    return { ok: true as const, commandId: id, ticketId, savedAt: now() };
  };
  type Emit = (value: never) => void;
  const live =
    (read: (input: never) => unknown) =>
    (input: never, emit: Emit): (() => void) => {
      const send = (): void => emit(read(input) as never);
      send();
      listeners.add(send);
      return () => listeners.delete(send);
    };
  const q = live as unknown as <I, O>(read: (input: I) => O) => (input: I, emit: (value: O) => void) => () => void;
  const page = <T>(all: readonly T[], { offset, limit }: { offset: number; limit: number }): T[] => all.slice(offset, offset + limit);

  return {
    poke() {
      const t = data.tickets.find((x) => x.status === 'pending')!;
      data.tickets.push({
        ...t,
        id: `n${data.tickets.length}`,
        number: 103_999,
        subject: '刚刚分配来的工单',
        status: 'processing',
        dueAt: now() - 60 * MIN,
        assigneeId: me.id,
      });
      data.unseen.add(`n${data.tickets.length - 1}`);
      changed();
    },
    calls: {
      'session.probe': ({ url }) =>
        url.includes('.') ? { ok: true, url, name: '澜悦家庭服务', demo: asked.has('demo') } : { ok: false, reason: 'bad-address' },
      'session.signIn': ({ staffNo, password }) => {
        if (password === 'throttle') return { ok: false, reason: 'throttled', retryAfter: 300_000 };
        const found = accounts.find((a) => a.staffNo === staffNo);
        if (found === undefined || password !== 'demo-2026') return { ok: false, reason: 'bad-credentials', retryAfter: null };
        me = found;
        phase = 'ready';
        changed();
        return { ok: true };
      },
      'session.signOut': () => ((phase = 'signedOut'), changed(), {}),
      'sync.retry': () => ({}),
      'tickets.act': ({ ticketId, kind, args, draft }) => act(ticketId, kind, args, draft),
      'tickets.create': ({ draft, customer: made, customerId, ...rest }) =>
        act(
          crypto.randomUUID(),
          'create',
          {
            ...rest,
            customerId: crypto.randomUUID(),
            groupId: uid('g1'),
            assigneeId: me.id,
            customer: made ?? { name: customer(customerId ?? '')?.name ?? '客户', phones: [] },
          },
          draft,
        ),
      'tickets.seen': ({ ticketId }) => (data.unseen.delete(ticketId) && changed(), {}),
      'attention.retry': () => ({ ok: false, refusal: { code: 'not-assignee' } }),
      'attention.toNote': () => ((attention = false), changed(), { ok: true, commandId: 'x', ticketId: 't3', savedAt: now() }),
      'attention.discard': () => ((attention = false), changed(), {}),
      'drafts.save': ({ form, value }) => (data.drafts.set(form, { value, savedAt: now() }), changed(), { savedAt: now() }),
      'drafts.discard': ({ form }) => (data.drafts.delete(form), changed(), {}),
      'reminders.act': ({ id, action }) => {
        const found = popups.find((p) => p.id === id);
        popups = popups.filter((p) => p.id !== id);
        if (action === 'contacted' && found?.ticketId != null && found.callbackId !== null) act(found.ticketId, 'note', { note: '已联系' });
        changed();
        return { ok: true, ticketId: found?.ticketId ?? null };
      },
      'reminders.enterMyTickets': () => ({}),
      'settings.set': (patch) => ((settings = { ...settings, ...(patch as Partial<typeof settings>) }), changed(), {}),
    },
    queries: {
      'session.state': q(() => ({
        phase,
        server: { url: 'https://desk.lanyue-home.example', name: '澜悦家庭服务' },
        presetServer: asked.has('demo') ? 'http://127.0.0.1:8787' : null,
        lastStaffNo: asked.has('demo') ? null : 'A20817',
        account: phase === 'ready' ? { ...me, groupIds: [...me.groupIds] } : null,
        mayWiden: mayWidenReminders(me),
        seesOthers: mayWidenReminders(me),
        mayCreate: true,
        secrets: asked.has('demo') ? ('file' as const) : ('os' as const),
        reason: asked.has('lease') ? ('lease-expired' as const) : null,
        demo: asked.has('demo'),
      })),
      'sync.state': q(() => ({
        connection: offline ? ('offline' as const) : ('online' as const),
        offlineSince: offline ? start - 39 * MIN : null,
        lastSyncedAt: offline ? start - 39 * MIN : now(),
        pending: queued,
        attention: attention ? 1 : 0,
        firstSync: asked.has('empty') ? { done: 1200, total: 61000 } : null,
        nextRetryAt: offline ? now() + 30_000 : null,
        problem: null,
      })),
      'sync.queue': q(() => (offline ? sampleQueue(data.tickets, start) : [])),
      'attention.list': q(() => (attention ? sampleAttention(start) : [])),
      'tickets.counts': q(() => ({
        pending: mine('pending').length,
        processing: mine('processing').length,
        resolved: mine('resolved').length,
        transferred: mine('transferred').length,
        all: mine('all').length,
      })),
      'tickets.list': q(({ list, due, sort, descending, offset, limit }) => {
        const all = mine(list).sort(sorter(sort));
        if (descending) all.reverse();
        const count = (p: string): number => all.filter((r) => part(r.nextAt) === p).length;
        const shown = due === 'all' ? all : all.filter((r) => part(r.nextAt) === due);
        return {
          rows: page(shown, { offset, limit }),
          total: shown.length,
          due: { all: all.length, overdue: count('overdue'), soon: count('soon'), today: count('today'), later: count('later') },
          asOf: offline ? start - 39 * MIN : now(),
        };
      }),
      'tickets.get': q(({ ticketId, transferId }) => {
        const t = data.tickets.find((x) => x.id === ticketId);
        return t === undefined ? null : detail(t, transferId);
      }),
      'directory.list': q(() => ({ accounts: accounts.map((a) => ({ ...a, groupIds: [...a.groupIds] })), groups, categories })),
      'customers.find': q(({ text }) =>
        data.customers
          .filter((c) => c.name.includes(text) || c.phones.some((p) => p.includes(text)))
          .slice(0, 20)
          .map((c) => ({ id: c.id, name: c.name, phone: c.phones[0] ?? '', tier: c.tier, address: c.address })),
      ),
      'drafts.get': q(({ form }) => data.drafts.get(form) ?? null),
      'reminders.counts': q(
        ({ scope }) =>
          Object.fromEntries(
            bucketCodes.map((b) => [b, { total: within(b, scope).length, overdue: within(b, scope).filter((r) => r.overdue).length }]),
          ) as Record<BucketCode, { total: number; overdue: number }>,
      ),
      'reminders.bucket': q(({ bucket, scope, accountId, kind, offset, limit }) => {
        const all = within(bucket, scope);
        const own = accountId === null ? all : all.filter((r) => r.assigneeId === accountId);
        const shown = kind === 'all' ? own : own.filter((r) => r.kind === kind);
        const people = accounts.flatMap((a) => {
          const rs = all.filter((r) => r.assigneeId === a.id);
          return rs.length === 0 ? [] : [{ accountId: a.id, name: a.name, total: rs.length, overdue: rs.filter((r) => r.overdue).length }];
        });
        return {
          ...bucketWindows(now(), zone)[bucket],
          rows: page(shown, { offset, limit }),
          total: shown.length,
          counts: {
            all: own.length,
            callback: own.filter((r) => r.kind === 'callback').length,
            expiry: own.filter((r) => r.kind === 'expiry').length,
          },
          people,
        };
      }),
      'reminders.popups': q(() => popups),
      'reminders.tray': q(() => ({ signedIn: true, dueNow: 0, next: [], pending: 0, unread: 0 })),
      'settings.get': q(() => settings),
    },
  };
}
