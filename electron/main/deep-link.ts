import { normalPhone } from '../../shared/domain/contacts.ts';

export const linkScheme = 'zuoxi';

/** What a link can ask for: to look at something. Nothing that a link says changes anything. */
export type DeepLink =
  | { readonly kind: 'ticket'; readonly ticketId: string }
  /** As `normalPhone` writes it. */
  | { readonly kind: 'call'; readonly phone: string };

const longest = 200;
const ticketLink = /^zuoxi:\/\/ticket\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\/?$/i;
const callLink = /^zuoxi:\/\/call\/?\?phone=((?:[\d+().\- ]|%[\da-f]{2})+)$/i;
/** Digits as people and telephone switches write them. */
const phoneText = /^\+?[\d().\- ]{3,30}$/;

/** null: not one of the two links that we know, letter by letter. Never throws. */
export function parseDeepLink(text: string): DeepLink | null {
  if (text.length > longest) return null;
  const ticketId = ticketLink.exec(text)?.[1];
  if (ticketId !== undefined) return { kind: 'ticket', ticketId: ticketId.toLowerCase() };
  const written = callLink.exec(text)?.[1];
  const phone = written === undefined ? null : decoded(written);
  if (phone === null || !phoneText.test(phone)) return null;
  const normal = normalPhone(phone);
  return /^\+?\d{3,20}$/.test(normal) ? { kind: 'call', phone: normal } : null;
}

function decoded(text: string): string | null {
  try {
    // A plus is a plus here, as people write it, and not a space.
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** What a start was asked for. Whatever else stands in its arguments is nothing to us. */
export interface StartRequest {
  /** The first good link. */
  readonly link: DeepLink | null;
  /** Links that were none of ours. */
  readonly refused: number;
  /** The desktop started it at sign-in, and nobody is waiting for a window. */
  readonly hidden: boolean;
}

export function readArguments(argv: readonly string[]): StartRequest {
  let link: DeepLink | null = null;
  let refused = 0;
  for (const each of argv) {
    if (
      !each
        .slice(0, linkScheme.length + 1)
        .toLowerCase()
        .startsWith(`${linkScheme}:`)
    )
      continue;
    const parsed = parseDeepLink(each);
    if (parsed === null) refused += 1;
    else link ??= parsed;
  }
  return { link, refused, hidden: argv.includes('--hidden') };
}

/** On Linux the package's desktop file says it, and a program run from its sources is nobody's handler. */
export function registersScheme(platform: string, packaged: boolean): boolean {
  return packaged && (platform === 'win32' || platform === 'darwin');
}
