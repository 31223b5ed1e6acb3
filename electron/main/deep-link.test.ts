import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test } from 'vitest';
import { parseDeepLink, readArguments, registersScheme } from './deep-link.ts';

const ticketId = '0197f3c2-8a4e-7c11-9d2b-5f60a1b2c3d4';
const ticket = { kind: 'ticket', ticketId } as const;

describe('R23 what a link can say', () => {
  test.each([
    [`zuoxi://ticket/${ticketId}`, ticket],
    [`ZUOXI://TICKET/${ticketId.toUpperCase()}/`, ticket],
    ['zuoxi://call?phone=13800138000', { kind: 'call', phone: '13800138000' }],
    ['zuoxi://call/?phone=%2B86%20138-0013-8000', { kind: 'call', phone: '13800138000' }],
    ['zuoxi://call?phone=+1(415)555-0100', { kind: 'call', phone: '+14155550100' }],
    ['zuoxi://call?phone=010-6552.9988', { kind: 'call', phone: '01065529988' }],
  ])('%s', (text, link) => expect(parseDeepLink(text)).toEqual(link));

  test.each([
    '',
    'zuoxi:',
    'zuoxi://',
    'zuoxi://ticket',
    'zuoxi://ticket/',
    'zuoxi://ticket/103526',
    'zuoxi://ticket/../settings',
    `zuoxi://ticket/${ticketId}/close`,
    `zuoxi://ticket/${ticketId}?do=close`,
    `zuoxi://ticket/${ticketId}#x`,
    `zuoxi://ticket/${ticketId} --inspect`,
    `zuoxi://ticket/${ticketId}\n`,
    `zuoxi://evil@ticket/${ticketId}`,
    `zuoxi:ticket/${ticketId}`,
    `https://ticket/${ticketId}`,
    `xzuoxi://ticket/${ticketId}`,
    'zuoxi://resolve?id=1',
    'zuoxi://settings',
    'zuoxi://call',
    'zuoxi://call?phone=',
    'zuoxi://call?phone=12',
    'zuoxi://call?phone=++123456',
    'zuoxi://call?phone=123+456',
    'zuoxi://call?phone=%',
    'zuoxi://call?phone=%00123456',
    'zuoxi://call?phone=%E5%BC%A0%E4%B8%89',
    'zuoxi://call?phone=123456&note=x',
    'zuoxi://call?note=x&phone=123456',
    `zuoxi://call?phone=${'1'.repeat(21)}`,
    'zuoxi://call?phone=<script>',
  ])('and nothing else: %j', (text) => expect(parseDeepLink(text)).toBeNull());

  test('of many arguments the first good link counts; switches and files are nothing', () => {
    const argv = ['/opt/zuoxi', '--inspect=0', 'zuoxi://resolve', `zuoxi://ticket/${ticketId}`, 'zuoxi://call?phone=10086', '/etc/passwd'];
    expect(readArguments(argv)).toEqual({ link: ticket, refused: 1, hidden: false });
    expect(readArguments(['/opt/zuoxi', '--hidden'])).toEqual({ link: null, refused: 0, hidden: true });
  });

  test('only an installed app on Windows and macOS makes itself the handler', () => {
    expect(['win32', 'darwin', 'linux'].map((platform) => registersScheme(platform, true))).toEqual([true, true, false]);
    expect(['win32', 'darwin', 'linux'].some((platform) => registersScheme(platform, false))).toBe(false);
  });
});

const piece = fc.oneof(
  fc.constantFrom('zuoxi://', 'zuoxi:', 'ZUOXI://', 'ticket', 'call', '/', '?', '&', '=', '#', '%', 'phone=', '..', '@', '\\', '"', '\0'),
  fc.constantFrom('--hidden', '--inspect', '--', ' ', '+', '%2B', '%E5', '\n', '１２３', ticketId, '13800138000'),
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.string({ maxLength: 12 }),
);
const made = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
/** Close to a good one, so that many get far. */
const bent = fc
  .tuple(
    fc.constantFrom(`zuoxi://ticket/${ticketId}`, 'zuoxi://call?phone=13800138000'),
    fc.nat(60),
    fc.nat(3),
    fc.oneof(fc.string(), piece),
  )
  .map(([link, at, cut, put]) => link.slice(0, at) + put + link.slice(at + cut));
const anyLink = fc.oneof(made, bent, fc.webUrl(), fc.string({ maxLength: 400, unit: 'binary' }));

test('R23 100,000 links and lists of arguments: none throws, and each asks for one of two places or for nothing', () => {
  let good = 0;
  fc.assert(
    fc.property(fc.array(anyLink, { minLength: 1, maxLength: 4 }), (argv) => {
      const { link, refused, hidden } = readArguments(argv);
      expect(refused + (link === null ? 0 : 1)).toBeLessThanOrEqual(argv.length);
      expect(hidden).toBe(argv.includes('--hidden'));
      if (link === null) return;
      good += 1;
      const shape = link.kind === 'ticket' ? /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/ : /^\+?\d{3,20}$/;
      expect(Object.keys(link)).toHaveLength(2);
      expect(link.kind === 'ticket' ? link.ticketId : link.phone).toMatch(shape);
    }),
    { numRuns: 100_000 },
  );
  // Otherwise the arbitraries made nothing but noise.
  expect(good).toBeGreaterThan(1_000);
}, 300_000);
