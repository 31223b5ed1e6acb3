import { createHash } from 'node:crypto';
import { type UpdateManifest, updateManifest } from '../../../shared/protocol/update-manifest.ts';
import { isSigned } from './is-signed.ts';
import { isNewer } from './versions.ts';

export type UpdateRefusal = 'malformed' | 'not-signed' | 'older';

export type UpdateDecision =
  | { readonly kind: 'take'; readonly manifest: UpdateManifest }
  /** It is what runs here, or this account's turn has not come. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly why: UpdateRefusal };

export interface UpdateFacts {
  readonly current: string;
  readonly keys: readonly string[];
  /** Who is signed in: a staged version comes to the same people on each of their computers. null: nobody, who waits for the end. */
  readonly accountId: string | null;
  /** The server takes no older client than this; then nobody waits for a turn. */
  readonly tooOld: boolean;
}

/** Whether a feed's answer is an update for this desk. Nothing of it is believed before its signature has been checked. */
export function decideUpdate(answer: unknown, { accountId, current, keys, tooOld }: UpdateFacts): UpdateDecision {
  const parsed = updateManifest.safeParse(answer);
  if (!parsed.success) return { kind: 'refused', why: 'malformed' };
  const manifest = parsed.data;
  if (!isSigned(manifest, keys)) return { kind: 'refused', why: 'not-signed' };
  if (manifest.version === current) return { kind: 'nothing' };
  // A signed manifest of last year is still signed: whoever holds the feed must not lead back to its holes.
  if (!isNewer(manifest.version, current)) return { kind: 'refused', why: 'older' };
  if (!tooOld && !hasTurn(accountId, manifest)) return { kind: 'nothing' };
  return { kind: 'take', manifest };
}

/** By the account and the version, so that it is not always the same people who try first. */
function hasTurn(accountId: string | null, { stagingPercentage = 100, version }: UpdateManifest): boolean {
  if (stagingPercentage >= 100) return true;
  if (accountId === null) return false;
  const share = createHash('sha256').update(`${accountId} ${version}`).digest().readUInt32BE(0) / 2 ** 32;
  return share * 100 < stagingPercentage;
}
