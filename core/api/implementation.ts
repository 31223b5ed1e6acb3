import { countLists } from '../../db/reads/ticket-lists.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import { BridgeError } from '../../shared/bridge/errors.ts';
import type { Implementation } from '../../shared/bridge/rpc.ts';
import type { CoreContext } from '../context.ts';
import { liveQuery, type Sink, type Topic } from '../live/changes.ts';
import type { Desk, Session } from '../session/session.ts';
import { actOnReminder, bucketCounts, bucketPage, popups, tray } from './reminders-api.ts';
import { changeSettings, defaultSettings, readSettings } from './settings.ts';
import { attentionList, discardRefused, refusedToNote, retryRefused, syncQueue, syncState } from './sync-api.ts';
import {
  actOnTicket,
  createTicket,
  directory,
  discardDraft,
  findCustomers,
  listTickets,
  markSeen,
  readDraft,
  saveDraft,
  ticketDetail,
} from './tickets-api.ts';

/** Joins the contract with what answers it. */
export function implement(ctx: CoreContext, session: Session): Implementation<CoreContract> {
  const desk = (): Desk => {
    if (session.desk === null) throw new BridgeError('NotSignedIn');
    return session.desk;
  };
  /** Answers `empty` while nobody is signed in, and what `read` finds as soon as somebody is. */
  const live = <T>(topics: readonly Topic[], empty: T, read: (desk: Desk) => T, to: Sink<T>, ticketId?: string): (() => void) =>
    liveQuery(
      ctx.hub,
      { topics: ['session', ...topics], ...(ticketId !== undefined && { ticketId }) },
      () => (session.desk === null ? empty : read(session.desk)),
      to,
    );
  const done = {};

  return {
    calls: {
      'session.probe': ({ url }) => session.probe(url),
      'session.signIn': ({ url, staffNo, password }) => session.signIn(url, staffNo, password),
      'session.signOut': () => session.signOut().then(() => done),
      'sync.retry': () => {
        desk().engine.kick();
        return done;
      },
      'tickets.act': (input) => actOnTicket(ctx, desk(), input),
      'tickets.create': (input) => createTicket(ctx, desk(), input),
      'tickets.seen': ({ ticketId }) => {
        markSeen(ctx, desk(), ticketId);
        return done;
      },
      'attention.retry': ({ commandId }) => retryRefused(ctx, desk(), commandId),
      'attention.toNote': ({ commandId }) => refusedToNote(ctx, desk(), commandId),
      'attention.discard': ({ commandId }) => {
        discardRefused(ctx, desk(), commandId);
        return done;
      },
      'drafts.save': ({ form, value }) => saveDraft(ctx, desk(), form, value),
      'drafts.discard': ({ form }) => {
        discardDraft(ctx, desk(), form);
        return done;
      },
      'reminders.act': (input) => actOnReminder(ctx, desk(), input),
      'reminders.enterMyTickets': () => {
        desk().scheduler.enterMyTickets();
        return done;
      },
      'settings.set': (change) => {
        changeSettings(desk().cache, change);
        ctx.hub.emit(['settings']);
        return done;
      },
    },
    queries: {
      'session.state': (_, emit, fail) => liveQuery(ctx.hub, { topics: ['session', 'directory'] }, () => session.state, { emit, fail }),
      'sync.state': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'sync', 'outbox'] }, () => syncState(session.desk), { emit, fail }),
      'sync.queue': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'outbox', 'sync'] }, () => syncQueue(session.desk), { emit, fail }),
      'attention.list': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'outbox', 'sync'] }, () => attentionList(session.desk), { emit, fail }),
      'tickets.counts': (_, emit, fail) =>
        live(['tickets'], { pending: 0, processing: 0, resolved: 0, transferred: 0, all: 0 }, (d) => countLists(d.cache.db, d.me()), {
          emit,
          fail,
        }),
      'tickets.list': (input, emit, fail) =>
        live(
          ['tickets', 'outbox', 'directory', 'clock'],
          { rows: [], total: 0, due: { all: 0, overdue: 0, soon: 0, today: 0, later: 0 }, asOf: null },
          (d) => listTickets(ctx, d, input),
          { emit, fail },
        ),
      'tickets.get': (input, emit, fail) =>
        live(['tickets', 'directory'], null, (d) => ticketDetail(ctx, d, input), { emit, fail }, input.ticketId),
      'directory.list': (_, emit, fail) => live(['directory'], { accounts: [], groups: [], categories: [] }, directory, { emit, fail }),
      'customers.find': ({ text }, emit, fail) => live([], [], (d) => findCustomers(d, text), { emit, fail }),
      'drafts.get': ({ form }, emit, fail) => live(['drafts'], null, (d) => readDraft(d, form), { emit, fail }),
      'reminders.counts': ({ scope }, emit, fail) => {
        const zero = { total: 0, overdue: 0 };
        const empty = { past30: zero, past7: zero, yesterday: zero, today: zero, next3: zero, next7: zero };
        return live(['tickets', 'directory', 'clock'], empty, (d) => bucketCounts(ctx, d, scope), { emit, fail });
      },
      'reminders.bucket': (input, emit, fail) =>
        live(
          ['tickets', 'outbox', 'directory', 'clock'],
          { from: 0, to: 0, rows: [], total: 0, counts: { all: 0, callback: 0, expiry: 0 }, people: [] },
          (d) => bucketPage(ctx, d, input),
          { emit, fail },
        ),
      'reminders.popups': (_, emit, fail) => live(['reminders', 'tickets'], [], (d) => popups(ctx, d), { emit, fail }),
      'reminders.tray': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'tickets', 'outbox', 'clock'] }, () => tray(ctx, session.desk), { emit, fail }),
      'settings.get': (_, emit, fail) => live(['settings'], defaultSettings, (d) => readSettings(d.cache.db), { emit, fail }),
    },
  };
}
