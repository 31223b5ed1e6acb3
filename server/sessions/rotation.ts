/** An access token is good for so long; whatever a session becomes meanwhile is seen with each request all the same. */
export const ACCESS_MS = 10 * 60_000;
/** Without any contact for so long one has to sign in again; longer than the offline lease. */
export const REFRESH_MS = 30 * 86_400_000;
/** An answer to a refresh may get lost on its way; for so long the token that was used may be used once more. */
export const GRACE_MS = 30_000;

/** What of a session says which of its refresh tokens are good; times in epoch ms. */
export interface Rotation {
  /** Rises with each rotation; tokens of this generation are good. */
  readonly generation: number;
  /** The token whose use made this generation, and when. */
  readonly rotatedHash: string | null;
  readonly rotatedAt: number | null;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
}

/**
 * What a refresh token is answered with: `rotate` a new generation, `again` another pair of the present one (the first answer
 * may have been lost), `reused` nothing, and the whole session ends: somebody holds a token that was already traded in, so
 * one of the two is a thief.
 */
export function judgeRefresh(
  session: Rotation,
  token: { readonly hash: string; readonly generation: number },
  now: number,
): 'ended' | 'rotate' | 'again' | 'reused' {
  if (session.revokedAt !== null || session.expiresAt <= now) return 'ended';
  if (token.generation === session.generation) return 'rotate';
  const lost = session.rotatedHash === token.hash && session.rotatedAt !== null && now - session.rotatedAt <= GRACE_MS;
  return lost ? 'again' : 'reused';
}

/** What a session is after a rotation. */
export const rotated = (
  session: Rotation,
  hash: string,
  now: number,
): Pick<Rotation, 'generation' | 'rotatedHash' | 'rotatedAt' | 'expiresAt'> => ({
  generation: session.generation + 1,
  rotatedHash: hash,
  rotatedAt: now,
  expiresAt: now + REFRESH_MS,
});
