import type { Cache } from '../../db/open.ts';
import { getRow, putRow } from '../../db/writes/rows.ts';
import type { Account } from '../../shared/domain/people.ts';
import { Attachments } from '../attachments/attachments.ts';
import { calmly } from '../calmly.ts';
import { takeBack } from '../commands/act.ts';
import type { CoreContext } from '../context.ts';
import { Exporter } from '../exports/exporter.ts';
import { Importer } from '../imports/importer.ts';
import { ReminderScheduler } from '../reminders/scheduler.ts';
import { readSettings } from '../api/settings.ts';
import { IncomingCallBox } from '../live/incoming-call.ts';
import { type EngineOptions, SyncEngine } from '../sync/engine.ts';
import { recordResults } from '../sync/queue.ts';
import type { Tokens } from './tokens.ts';
import { UpkeepTimer } from './upkeep-timer.ts';

/** One signed-in account: its cache and all that works on it. */
export interface Desk {
  readonly cache: Cache;
  readonly engine: SyncEngine;
  readonly scheduler: ReminderScheduler;
  readonly tokens: Tokens;
  readonly importer: Importer;
  readonly exporter: Exporter;
  readonly attachments: Attachments;
  readonly incoming: IncomingCallBox;
  readonly upkeep: UpkeepTimer;
  /** Address of the server. */
  readonly url: string;
  /** As the cache has it now: role and groups may change with a pull. */
  me(): Account;
  /** The disk failed while these were being saved, and the agent was told so: should they turn up all the same, they go. */
  doubt(commandIds: readonly string[]): void;
}

interface DeskOptions extends Pick<EngineOptions, 'cache' | 'url' | 'tokens' | 'deviceId' | 'onContact' | 'onEnded'> {
  /** As the server or the profile had it last. */
  readonly account: Account;
  /** Where the files of attachments lie. */
  readonly folder: string;
  readonly onDoubt: Desk['doubt'];
  /** What `onDoubt` was told. A disk that fails while it is taken back is asked again at the next opening. */
  readonly doubtful: readonly string[];
}

/** Puts to an open cache what works on it; nothing has been started. @throws StorageError; the cache is closed then */
export function buildDesk(ctx: CoreContext, options: DeskOptions): Desk {
  const { clock, host, hub, ids, logger, random, timers, transport, zone } = ctx;
  const { account, cache, doubtful, onDoubt, tokens, url } = options;
  const me = (): Account => getRow(cache.db, 'account', account.id) ?? account;
  try {
    // Before the first page the directory is empty, and a new ticket needs somebody to stand for.
    if (getRow(cache.db, 'account', account.id) === null) cache.transaction((db) => putRow(db, 'account', account));
    takeBack(cache, doubtful, me(), ctx.clock.now());
  } catch (error) {
    cache.close();
    throw error;
  }
  const upkeep = new UpkeepTimer(cache, timers);
  const settings = () => readSettings(cache.db);
  const scheduler = new ReminderScheduler({ cache, hub, host, me, clock, timers, ids, zone, logger, settings });
  const { deviceId, onContact, onEnded } = options;
  const attachments: Attachments = new Attachments(ctx, {
    cache,
    folder: options.folder,
    tokens,
    url,
    onReady: () => engine.kick(),
    onLost: (commandId) => {
      recordResults(cache, [{ id: commandId, status: 'refused', refusal: { code: 'file-missing' } }], me(), clock.now());
      hub.emit(['outbox', 'sync', 'tickets', 'attachments']);
    },
  });
  const incoming = new IncomingCallBox(clock, hub);
  const engine: SyncEngine = new SyncEngine({
    cache,
    hub,
    transport,
    tokens,
    url,
    deviceId,
    me,
    clock,
    timers,
    random,
    logger,
    waiting: () => attachments.uploader.waiting(),
    onCall: (call) => incoming.put(call),
    onRefused: () => scheduler.refresh(),
    onReceived: (db, events) => scheduler.received(db, events),
    onApplied: () => {
      void calmly(() => attachments.sweep());
      scheduler.refresh();
    },
    onContact: () => {
      attachments.uploader.kick();
      onContact();
    },
    onEnded,
  });
  const importer = new Importer(ctx, { cache, tokens, url, me, kick: () => engine.kick() });
  const exporter = new Exporter(ctx, { tokens, url });
  return { cache, engine, scheduler, importer, exporter, attachments, incoming, upkeep, tokens, url, me, doubt: onDoubt };
}

/** Ends all that works on a cache; it can be closed when these are through. */
export function stopDesk({ attachments, engine, exporter, importer, scheduler, upkeep }: Desk): Promise<void>[] {
  importer.stop();
  upkeep.stop();
  return [engine.stop(), scheduler.stop(), exporter.stop(), attachments.stop()];
}
