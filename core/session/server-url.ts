import { err, ok, type Result } from '../../shared/lib/result.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * What an agent types as an address, made into a URL. Without a scheme it is https; plain http is for this machine only,
 * because a password would travel readable.
 */
export function parseServerUrl(text: string): Result<string, 'bad-address' | 'insecure'> {
  const trimmed = text.trim();
  if (trimmed === '') return err('bad-address');
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  } catch {
    return err('bad-address');
  }
  if (url.username !== '' || url.password !== '' || url.hostname === '') return err('bad-address');
  if (url.protocol === 'http:') return loopback.has(url.hostname) ? ok(url.origin) : err('insecure');
  return url.protocol === 'https:' ? ok(url.origin) : err('bad-address');
}
