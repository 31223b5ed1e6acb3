import { z } from 'zod';

/** Of this load's style-src; empty where the page is not served by the app. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="zuoxi-nonce"]')?.content ?? '';

interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}
declare global {
  interface Window {
    readonly trustedTypes?: PolicyFactory;
  }
}

/** Whatever reaches innerHTML must be free of markup: component libraries put style text there, nothing else may. */
function refuseMarkup(text: string): string {
  if (text.includes('<')) throw new TypeError('markup is not allowed here');
  return text;
}

/** Has to run before any library does. */
export function installGuard(): void {
  window.trustedTypes?.createPolicy('default', { createHTML: refuseMarkup });
  // zod would otherwise try `new Function`, which the page's policy forbids and reports.
  z.config({ jitless: true });
  // The scroll locker of antd's dialogs and its icons make style elements without the nonce that the rest of it is given.
  const create = document.createElement.bind(document);
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (element instanceof HTMLStyleElement && nonce !== '') element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}

installGuard();
