import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { pageScheme } from './page-address.ts';
import { pageFile } from './page-files.ts';

/** Has to be called before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the page's own files, and only from their folder. */
export function servePage(folder: string): void {
  protocol.handle(pageScheme, async (request) => {
    const found = request.method === 'GET' ? pageFile(folder, request.url) : null;
    const content = found === null ? null : await readFile(found.file).catch(() => null);
    if (found === null || content === null) return new Response(null, { status: 404, headers: { 'X-Content-Type-Options': 'nosniff' } });
    const nonce = randomBytes(18).toString('base64');
    const isDocument = found.mimeType.startsWith('text/html');
    return new Response(isDocument ? content.toString('utf8').replaceAll('__NONCE__', nonce) : new Uint8Array(content), {
      headers: {
        'Content-Type': found.mimeType,
        'Content-Security-Policy': contentSecurityPolicy(nonce),
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Referrer-Policy': 'no-referrer',
        ...(isDocument && { 'Cache-Control': 'no-store' }),
      },
    });
  });
}
