import { expect, test } from 'vitest';
import { mayNavigate } from '../../electron/main/navigation-policy.ts';
import { pageFile } from '../../electron/main/page-files.ts';
import { mayUse } from '../../electron/main/permission-policy.ts';
import { fc } from '../support/fast-check.ts';

// S5: nothing is opened outside of the app. The source has no caller (source-checks.test.ts), so what is left to decide is where
// a page may go, which is asked here.

const pieces = [
  ...[
    'app:',
    'APP:',
    'app://',
    'app:///',
    'app:\\\\',
    'desk',
    'DESK',
    'desk.',
    'desk%2e',
    'desk:80',
    'dеsk',
    'ｄｅｓｋ',
    'evil.example',
    'desk.evil.example',
  ],
  ...[
    'http:',
    'https://',
    'mailto:',
    'tel:',
    'file:///',
    'javascript:',
    'data:text/html,',
    'blob:',
    'view-source:',
    'zuoxi://',
    'ms-settings:',
  ],
  ...[
    '/',
    '\\',
    '//',
    '@',
    ':',
    '?',
    '#',
    '..',
    '%2f',
    '%00',
    '\0',
    '\t',
    '\n',
    ' ',
    '\u200b',
    '\u202e',
    'index.html',
    'user:pass@',
    '[::1]',
    '.',
  ],
];
const address = fc.oneof(
  fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6, unit: 'binary' })), { maxLength: 9 }).map((all) => all.join('')),
  // Close to our own, so that many get far.
  fc
    .tuple(fc.constantFrom('app://desk/index.html', 'app://desk/'), fc.nat(21), fc.nat(2), fc.constantFrom(...pieces))
    .map(([own, at, cut, put]) => own.slice(0, at) + put + own.slice(at + cut)),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);

test('S4 S5 100,000 addresses: none throws, and what is not app://desk/ leads nowhere, is no file and gets no permission', () => {
  let own = 0;
  fc.assert(
    fc.property(address, (each) => {
      const may = mayNavigate(each);
      const file = pageFile('/opt/zuoxi/renderer', each);
      if (!may) {
        expect(file).toBeNull();
        expect(mayUse('notifications', each)).toBe(false);
        return;
      }
      own += 1;
      // As the page's own text says it, and not by the parts that the policy looks at.
      expect(new URL(each).href).toMatch(/^app:\/\/desk([/?#]|$)/);
      expect(file?.file ?? '/opt/zuoxi/renderer/').toMatch(/^\/opt\/zuoxi\/renderer\/(?!.*(^|\/)\.\.(\/|$))/);
    }),
    { numRuns: 100_000 },
  );
  // Otherwise there was nothing but noise.
  expect(own).toBeGreaterThan(1_000);
}, 120_000);
