import { isOwnPage } from './page-address.ts';

/** For request and check alike: our own page may notify, and nobody may anything else. */
export function mayUse(permission: string, address: string): boolean {
  return permission === 'notifications' && isOwnPage(address);
}
