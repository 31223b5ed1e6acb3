import { mayAdminister, mayAssign, mayCreate, mayWidenReminders, seesOthersTickets } from '../../shared/domain/permissions.ts';
import { readParameters } from '../../db/reads/decision-state.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import { countByState } from '../sync/queue.ts';
import type { CachePlaces } from './cache-places.ts';
import type { Desk } from './desk.ts';
import type { Profile } from './profile.ts';

export type SessionState = OutputOf<CoreContract['queries']['session.state']>;
export type StoredAccount = OutputOf<CoreContract['queries']['session.accounts']>[number];

interface Now extends Pick<SessionState, 'phase' | 'presetServer' | 'reason' | 'secrets'> {
  readonly profile: Profile;
  readonly desk: Desk | null;
  /** Whose desk is open, or cannot be opened at the moment. */
  readonly account: Account | null;
}

/** What every screen asks first: who is signed in, what this account may, and if nobody is, why. */
export function describeSession({ account, desk, presetServer, phase, profile, reason, secrets }: Now): SessionState {
  const { erased, last } = profile;
  const server = last ?? erased;
  return {
    phase,
    server: server === null || server.url === '' ? null : { url: server.url, name: server.serverName },
    presetServer,
    lastStaffNo: last?.account.staffNo ?? null,
    account: account === null ? null : { ...account, groupIds: [...account.groupIds] },
    seesOthers: account !== null && seesOthersTickets(account),
    mayWiden: account !== null && mayWidenReminders(account),
    mayAssign: account !== null && mayAssign(account),
    mayAdminister: account !== null && mayAdminister(account),
    mayCreate: account !== null && desk !== null && mayCreate(account, readParameters(desk.cache.db)),
    secrets,
    reason,
    erased: erased?.ordered ? { staffNo: erased.staffNo, waiting: erased.waiting } : null,
    demo: server?.demo ?? false,
  };
}

/** The accounts of which something lies here. @param open of these, the one whose desk is open */
export function storedAccounts(
  { erasing, known, waiting }: Profile,
  places: CachePlaces,
  open: string | null,
  desk: Desk | null,
): StoredAccount[] {
  return Object.entries(known)
    .filter(([id]) => !erasing.includes(id) && places.hasFiles(id))
    .map(([id, { name, staffNo, url }]) => ({
      id,
      name,
      staffNo,
      url,
      waiting: id === open && desk !== null ? countByState(desk.cache.db, 'queued') : (waiting[id] ?? 0),
      current: id === open,
    }));
}
