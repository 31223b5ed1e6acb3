import { findCallers } from '../../db/reads/callers.ts';
import { countOwnCustomers } from '../../db/reads/customers.ts';
import { readMeta, writeMeta } from '../../db/reads/meta.ts';
import { countLists } from '../../db/reads/ticket-lists.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import { BridgeError } from '../../shared/bridge/errors.ts';
import type { Implementation } from '../../shared/bridge/rpc.ts';
import { defaultParameters } from '../../shared/domain/tickets.ts';
import type { CoreContext } from '../context.ts';
import { writeTemplate } from '../imports/template.ts';
import type { Topic } from '../live/changes.ts';
import { liveQuery, type Sink } from '../live/live-query.ts';
import { attachmentCalls, listFiles } from './attachments-api.ts';
import { runOperation } from '../office/run-operation.ts';
import { probeServer } from '../session/probe.ts';
import { readRecovery } from '../session/recovery.ts';
import type { Desk } from '../session/desk.ts';
import type { Session } from '../session/session.ts';
import {
  actOnRecord,
  claimCustomer,
  customerCard,
  customerTwins,
  find,
  listCustomers,
  listPhrases,
  listSearches,
  teamLoad,
  teamWork,
} from './records-api.ts';
import { attentionList, discardKept, discardRefused, keptTexts, refusedToNote, retryRefused, settleConflict } from './attention-api.ts';
import { fetchOlder } from '../sync/older.ts';
import { actOnReminder, bucketCounts, bucketPage, pauseReminders, popups, tray } from './reminders-api.ts';
import { replyToReminder } from './reply-api.ts';
import { readLedger } from './ledger-api.ts';
import { changeSettings, defaultSettings, readSettings } from './settings.ts';
import { syncQueue, syncState } from './sync-api.ts';
import {
  actOnMany,
  actOnTicket,
  createTicket,
  directory,
  wordsInUse,
  discardDraft,
  findCustomers,
  listTickets,
  markSeen,
  readDraft,
  saveDraft,
  ticketDetail,
} from './tickets-api.ts';

const officeOf = ({ engine, tokens, url }: Desk) => ({ tokens, url, kick: () => engine.kick() });

const noTickets = { pending: 0, processing: 0, resolved: 0, transferred: 0, pool: 0, all: 0, review: 0, expired: 0 };
const noCustomers = { rows: [], total: 0, counts: { mine: 0, invalid: 0, free: 0, all: 0 } };
const noDirectory = { accounts: [], groups: [], customFields: [], parameters: defaultParameters };

/** Joins the contract with what answers it. */
export function implement(ctx: CoreContext, session: Session): Implementation<CoreContract> {
  const desk = (): Desk => {
    if (session.desk === null) throw new BridgeError(session.broken ? 'DiskFault' : 'NotSignedIn');
    return session.desk;
  };
  /** Answers `empty` while nobody is signed in, and what `read` finds as soon as somebody is. */
  const live = <T>(topics: readonly Topic[], empty: T, read: (desk: Desk) => T, to: Sink<T>, ticketId?: string): (() => void) =>
    liveQuery(
      ctx.hub,
      { topics: ['session', ...topics], ...(ticketId !== undefined && { ticketId }) },
      () => (session.desk === null && !session.broken ? empty : read(desk())),
      to,
    );
  const done = {};

  return {
    calls: {
      'session.probe': ({ url }) => probeServer(ctx.transport, url),
      'session.signIn': ({ url, staffNo, password, startAnew }) => session.signIn(url, staffNo, password, startAnew),
      'session.signOut': () => session.signOut().then(() => done),
      'session.removeAccount': ({ id, lose }) => session.removal.remove(id, lose),
      'session.recoverySeen': () => {
        desk().cache.transaction((db) => writeMeta(db, 'recovery', null));
        ctx.hub.emit(['session']);
        return done;
      },
      'session.restoredSeen': () => {
        desk().cache.transaction((db) => writeMeta(db, 'restoredAt', null));
        ctx.hub.emit(['session']);
        return done;
      },
      'sync.retry': () => {
        desk().engine.kick();
        desk().attachments.uploader.kick(true);
        return done;
      },
      'tickets.act': (input) => actOnTicket(ctx, desk(), input),
      'tickets.older': (input) => fetchOlder(ctx, desk(), input),
      'tickets.actMany': (input) => actOnMany(ctx, desk(), input),
      'records.act': (input) => actOnRecord(ctx, desk(), input),
      'customers.claim': (input) => claimCustomer(ctx, desk(), input),
      'office.run': ({ operation, input }) => runOperation(ctx, officeOf(desk()), operation, input as never),
      // How each goes is told in `imports.state`.
      'imports.open': ({ file }) => {
        void desk().importer.open(file);
        return done;
      },
      'imports.encoding': ({ encoding }) => {
        void desk().importer.reread(encoding);
        return done;
      },
      'imports.check': ({ mapping }) => {
        void desk().importer.check(mapping);
        return done;
      },
      'imports.commit': (input) => {
        void desk().importer.commit(input);
        return done;
      },
      'imports.cancel': () =>
        desk()
          .importer.cancel()
          .then(() => done),
      'imports.template': ({ handle }) => writeTemplate(ctx, handle),
      'exports.start': (input) =>
        desk()
          .exporter.start(input)
          .then(() => done),
      'exports.cancel': () => {
        desk().exporter.cancel();
        return done;
      },
      ...attachmentCalls(ctx, desk),
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
      'attention.settle': ({ commandId, choices }) => settleConflict(ctx, desk(), commandId, choices),
      'attention.discardKept': ({ form }) => {
        discardKept(ctx, desk(), form);
        return done;
      },
      'drafts.save': ({ form, value }) => saveDraft(ctx, desk(), form, value),
      'drafts.discard': ({ form }) => {
        discardDraft(ctx, desk(), form);
        return done;
      },
      'reminders.act': (input) => actOnReminder(ctx, desk(), input),
      'reminders.reply': (input) => replyToReminder(ctx, desk(), input),
      'reminders.enterMyTickets': () => {
        desk().scheduler.enterMyTickets();
        return done;
      },
      'reminders.pause': ({ minutes }) => pauseReminders(ctx, desk(), minutes),
      'calls.taken': ({ callId }) => {
        session.desk?.incoming.taken(callId);
        return done;
      },
      'reminders.test': async () => ({ shown: await desk().scheduler.test() }),
      'reminders.woke': () => {
        session.desk?.scheduler.tick();
        session.desk?.engine.kick();
        return done;
      },
      'settings.set': (change) => {
        changeSettings(desk().cache, change);
        ctx.hub.emit(['settings']);
        desk().scheduler.tick();
        return done;
      },
    },
    queries: {
      'session.recovery': (_, emit, fail) => live([], null, (d) => readRecovery(d.cache), { emit, fail }),
      'session.restored': (_, emit, fail) =>
        live(
          ['sync'],
          null,
          ({ cache }) => {
            const at = readMeta(cache.db, 'restoredAt');
            return at === null ? null : { at: Number(at) };
          },
          { emit, fail },
        ),
      'session.state': (_, emit, fail) => liveQuery(ctx.hub, { topics: ['session', 'directory'] }, () => session.state, { emit, fail }),
      'session.accounts': (_, emit, fail) => liveQuery(ctx.hub, { topics: ['session', 'outbox'] }, () => session.accounts, { emit, fail }),
      'sync.state': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'sync', 'outbox'] }, () => syncState(session.desk), { emit, fail }),
      'sync.queue': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'outbox', 'sync'] }, () => syncQueue(session.desk), { emit, fail }),
      'attention.list': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'outbox', 'sync'] }, () => attentionList(session.desk), { emit, fail }),
      'attention.kept': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'outbox', 'sync'] }, () => keptTexts(session.desk), { emit, fail }),
      'tickets.counts': (_, emit, fail) =>
        live(['tickets', 'customers', 'directory'], noTickets, (d) => countLists(d.cache.db, d.me()), {
          emit,
          fail,
        }),
      'tickets.list': (input, emit, fail) =>
        live(
          ['tickets', 'outbox', 'directory', 'clock'],
          { rows: [], total: 0, more: false, due: { all: 0, overdue: 0, soon: 0, today: 0, later: 0 } },
          (d) => listTickets(ctx, d, input),
          { emit, fail },
        ),
      'tickets.get': (input, emit, fail) =>
        live(['tickets', 'directory'], null, (d) => ticketDetail(ctx, d, input), { emit, fail }, input.ticketId),
      'directory.words': (_, emit, fail) => live(['directory'], { categories: [], tiers: [] }, wordsInUse, { emit, fail }),
      'directory.list': (_, emit, fail) => live(['directory'], noDirectory, directory, { emit, fail }),
      'customers.find': ({ text }, emit, fail) => live([], [], (d) => findCustomers(d, text), { emit, fail }),
      'search.find': ({ text }, emit, fail) =>
        live(
          ['tickets', 'customers'],
          { tickets: [], ticketTotal: 0, ticketMore: false, customers: [], customerTotal: 0 },
          (d) => find(d, text),
          { emit, fail },
        ),
      'customers.list': (input, emit, fail) =>
        live(['customers', 'tickets', 'outbox', 'directory'], noCustomers, (d) => listCustomers(d, input), { emit, fail }),
      'customers.counts': (_, emit, fail) =>
        live(['customers'], { mine: 0, invalid: 0 }, (d) => countOwnCustomers(d.cache.db, d.me()), { emit, fail }),
      'customers.get': ({ customerId }, emit, fail) =>
        live(['customers', 'tickets', 'outbox', 'directory', 'clock'], null, (d) => customerCard(ctx, d, customerId), { emit, fail }),
      'customers.twins': (input, emit, fail) => live(['customers'], [], (d) => customerTwins(d, input), { emit, fail }),
      'searches.list': (_, emit, fail) => live(['personal', 'tickets', 'outbox', 'clock'], [], (d) => listSearches(ctx, d), { emit, fail }),
      'phrases.list': ({ text }, emit, fail) => live(['personal', 'outbox'], [], (d) => listPhrases(d, text), { emit, fail }),
      'team.load': ({ groupId }, emit, fail) =>
        live(['tickets', 'directory', 'clock'], [], (d) => teamLoad(ctx, d, groupId), { emit, fail }),
      'team.work': ({ accountId }, emit, fail) =>
        live(['tickets', 'directory', 'outbox', 'clock'], null, (d) => teamWork(d, accountId), { emit, fail }),
      'imports.state': (_, emit, fail) => live(['imports'], { phase: 'none' }, (d) => d.importer.state, { emit, fail }),
      'exports.state': (_, emit, fail) => live(['exports'], { phase: 'none' }, (d) => d.exporter.state, { emit, fail }),
      'attachments.list': ({ of, id }, emit, fail) =>
        live(['attachments', 'tickets', 'outbox', 'drafts', 'directory'], [], (d) => listFiles(d, of, id), { emit, fail }),
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
      'reminders.ledger': (input, emit, fail) =>
        live(['reminders', 'tickets'], { rows: [], total: 0 }, (d) => readLedger(d, input), { emit, fail }),
      'reminders.tray': (_, emit, fail) =>
        liveQuery(ctx.hub, { topics: ['session', 'tickets', 'outbox', 'clock', 'reminders'] }, () => tray(ctx, session.desk), {
          emit,
          fail,
        }),
      'calls.incoming': (_, emit, fail) => live(['calls', 'clock'], null, (d) => d.incoming.current, { emit, fail }),
      'calls.find': ({ phone }, emit, fail) =>
        live(['customers', 'tickets', 'outbox', 'drafts', 'directory'], [], (d) => findCallers(d.cache.db, phone, d.me().id), {
          emit,
          fail,
        }),
      'settings.get': (_, emit, fail) => live(['settings'], defaultSettings, (d) => readSettings(d.cache.db), { emit, fail }),
    },
  };
}
