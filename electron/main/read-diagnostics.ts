import { readdirSync, readFileSync, statSync } from 'node:fs';
import { freemem, release, totalmem } from 'node:os';
import path from 'node:path';
import type { ShellContract, CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import { type DiagnosticFacts, diagnosticsText } from './diagnostics.ts';

type SyncState = OutputOf<CoreContract['queries']['sync.state']>;
type DeviceView = OutputOf<ShellContract['queries']['shell.settings']>;

export interface DiagnosticSources {
  readonly version: string;
  readonly packaged: boolean;
  readonly dataDir: string;
  readonly logs: string;
  readonly device: () => DeviceView;
  readonly sync: () => Promise<SyncState>;
  readonly signedIn: () => boolean;
  readonly now: () => number;
}

const lastLines = 200;
const answerMs = 2_000;

/** Gathers what may be said of this desk, as text. */
export async function readDiagnostics(from: DiagnosticSources): Promise<string> {
  const { electron, chrome, node } = process.versions;
  const { startHidden, closeToTray, openAtLogin, shortcut } = from.device();
  const facts: DiagnosticFacts = {
    at: `${new Date(from.now()).toISOString()} ${new Intl.DateTimeFormat().resolvedOptions().timeZone}`,
    versions: { version: from.version, electron, chrome, node },
    system: {
      platform: process.platform,
      release: release(),
      arch: process.arch,
      packaged: from.packaged,
      memoryMb: Math.round(totalmem() / 1e6),
      freeMb: Math.round(freemem() / 1e6),
      uptimeS: Math.round(process.uptime()),
      startHidden,
      closeToTray,
      openAtLogin,
      shortcut: shortcut !== null,
    },
    core: coreFacts(await inTime(from.sync()), from.signedIn()),
    sizes: sizesBelow(from.dataDir),
    logs: { main: tail(path.join(from.logs, 'main.log')), core: tail(path.join(from.logs, 'core.log')) },
  };
  return diagnosticsText(facts);
}

/** null: the core does not answer, which is worth telling. */
async function inTime<T>(asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), answerMs);
  });
  return Promise.race([asked.catch(() => null), late]).finally(() => clearTimeout(timer));
}

function coreFacts(sync: SyncState | null, signedIn: boolean): DiagnosticFacts['core'] {
  if (sync === null) return null;
  const { connection, problem, pending, attention, lastSyncedAt, offlineSince, nextRetryAt, firstSync } = sync;
  return {
    signedIn,
    connection,
    problem,
    pending,
    attention,
    ...{ lastSyncedAt: iso(lastSyncedAt), offlineSince: iso(offlineSince), nextRetryAt: iso(nextRetryAt) },
    firstSync: firstSync === null ? null : `${firstSync.done}/${firstSync.total}`,
  };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** By the extension alone: a file's name can say whose it is. */
function sizesBelow(folder: string): Record<string, number> {
  const sizes: Record<string, number> = {};
  try {
    for (const each of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!each.isFile()) continue;
      const kind = /\.(?:db|db-wal|db-shm|spare|json|log)$/.exec(each.name)?.[0] ?? 'other';
      const size = statSync(path.join(each.parentPath, each.name), { throwIfNoEntry: false })?.size ?? 0;
      sizes[kind] = (sizes[kind] ?? 0) + size;
      sizes['files'] = (sizes['files'] ?? 0) + 1;
    }
  } catch {
    // A folder that cannot be read says so by its absence.
  }
  return sizes;
}

function tail(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lastLines);
  } catch {
    return [];
  }
}
