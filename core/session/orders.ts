import type { CoreContext } from '../context.ts';
import { type Transport, TransportError } from '../ports.ts';
import { refreshName } from './cache-places.ts';

/** The one answer on which data is destroyed; it counts only as the answer to a refresh. */
export const ordersErasure = (error: unknown): boolean =>
  error instanceof TransportError && error.kind === 'rejected' && error.code === 'device-erased';

/**
 * Asks for an account whose desk is not open – locked, or another's is – whether it is to be erased here.
 * @returns the token that was shown, if so. @throws if the key store fails
 */
export async function askForOrder({ host, transport }: CoreContext, url: string, cache: string): Promise<string | null> {
  const name = refreshName(cache);
  const { value } = await host.call('secrets.get', { name });
  if (value === null) return null;
  let next: string;
  try {
    next = (await transport.refresh(url, value)).refreshToken;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return ordersErasure(error) ? value : null;
  }
  // Whoever signed in meanwhile has a newer one.
  if ((await host.call('secrets.get', { name })).value === value) await host.call('secrets.set', { name, value: next });
  return null;
}

/** Ends a session of which nothing is left here; the server may be out of reach. */
export function endSession(transport: Transport, url: string, token: string): void {
  void transport
    .refresh(url, token)
    .then((session) => transport.signOut(url, session.accessToken))
    .catch(() => {});
}
