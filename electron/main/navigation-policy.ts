import { isOwnPage } from './page-address.ts';

/** No window is ever opened by a page. */
export const windowOpenAnswer = { action: 'deny' } as const;

/** Navigation, redirects and frames stay on our own page. */
export function mayNavigate(address: string): boolean {
  return isOwnPage(address);
}
