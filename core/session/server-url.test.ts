import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test } from 'vitest';
import { parseServerUrl } from './server-url.ts';

describe('the address that an agent types', () => {
  test.each([
    ['desk.example.com', 'https://desk.example.com'],
    ['  desk.example.com  ', 'https://desk.example.com'],
    ['DESK.example.com', 'https://desk.example.com'],
    ['desk.example.com:8443', 'https://desk.example.com:8443'],
    ['https://desk.example.com/', 'https://desk.example.com'],
    ['https://desk.example.com:443', 'https://desk.example.com'],
    ['https://desk.example.com/login?x=1#y', 'https://desk.example.com'],
    ['HTTPS://desk.example.com', 'https://desk.example.com'],
    ['客服.example.com', 'https://xn--ubtq9x.example.com'],
    ['192.168.1.20', 'https://192.168.1.20'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s means %s', (text, url) => {
    const parsed = parseServerUrl(text);
    expect(parsed.ok && parsed.value).toBe(url);
  });

  test.each([
    ['http://desk.example.com', 'insecure'],
    ['http://192.168.1.20', 'insecure'],
    ['http://127.0.0.1.example.com', 'insecure'],
    ['http://localhost.example.com', 'insecure'],
    ['', 'bad-address'],
    ['   ', 'bad-address'],
    ['https://', 'bad-address'],
    ['ftp://desk.example.com', 'bad-address'],
    ['file:///etc/hosts', 'bad-address'],
    ['javascript://desk.example.com', 'bad-address'],
    ['https://me:secret@desk.example.com', 'bad-address'],
    ['http://localhost@desk.example.com', 'bad-address'],
    ['desk example com', 'bad-address'],
    ['desk.example.com:99999', 'bad-address'],
  ])('%j is refused as %s', (text, reason) => {
    expect(parseServerUrl(text)).toEqual({ ok: false, error: reason });
  });

  test('never throws; what it accepts is an origin that travels encrypted or stays on this machine', () => {
    const pieces = fc.constantFrom(
      'http',
      'https',
      '://',
      ':',
      '/',
      '@',
      '127.0.0.1',
      'localhost',
      '[::1]',
      'desk.example.com',
      '.',
      '\\',
      '%',
      ' ',
      '#',
      '?',
      '8080',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 8 }).map((p) => p.join('')),
    );
    let accepted = 0;
    fc.assert(
      fc.property(text, (typed) => {
        const parsed = parseServerUrl(typed);
        if (!parsed.ok) return;
        accepted += 1;
        const url = new URL(parsed.value);
        expect(url.origin).toBe(parsed.value);
        expect(url.username + url.password).toBe('');
        if (url.protocol !== 'https:') expect(['localhost', '127.0.0.1', '[::1]']).toContain(url.hostname);
        // What it gives, it takes again.
        expect(parseServerUrl(parsed.value)).toEqual(parsed);
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
