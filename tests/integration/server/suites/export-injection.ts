import { fc } from '../../../support/fast-check.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany } from '../company.ts';
import type { Device } from '../device.ts';
import { asked, rowsOf } from './exports.ts';

export function exportInjectionSuite(store: () => Store): void {
  describe('export of what a spreadsheet would run (R20)', () => {
    let company: Company;
    let ann: Device;
    let lea: Device;
    let ada: Device;
    beforeEach(async () => {
      company = await foundCompany(store());
      [ann, lea, ada] = [await company.device('ann'), await company.device('lea'), await company.device('ada')];
    });
    afterEach(() => company.close());

    it.each([
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '\n=1',
      ' =1',
      '\u3000=1',
      '\u200b=1',
      '\ufeff@x',
      '＝1+1',
      '＋1',
      '－1',
      '＠x',
      '﹦1',
      '−1',
      '⩵1',
      "=cmd|' /C calc'!A0",
      '=HYPERLINK("https://x.example","y")',
    ])('makes %j harmless', async (value) => {
      // Custom values are kept as they were typed; other text is trimmed.
      const { field } = await ada.operate('fields.put', { id: null, name: '=名称', type: 'text', options: [], required: false });
      company.clock.pass(1);
      const { ticketId } = await company.newTicket(ann, { custom: { [field.id]: value } });
      const { text } = await lea.download(asked({ fields: [{ custom: field.id }], select: { by: 'ids', ids: [ticketId] } }));
      expect(rowsOf(text)).toEqual([["'=名称"], [`'${value}`]]);
    });

    it('gives back every text, and no cell that starts like a formula, whatever was typed (R20)', async () => {
      const nasty = fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        '＝',
        '＋',
        '－',
        '＠',
        '\t',
        '\r',
        '\n',
        ' ',
        '\u3000',
        '\u200b',
        "'",
        '"',
        ',',
        ';',
        '1',
        'A',
        '中',
      );
      const text = fc
        .oneof(
          fc.array(nasty, { maxLength: 12 }).map((a) => a.join('')),
          fc.string({ unit: 'grapheme', maxLength: 30 }),
        )
        .filter((t) => !t.includes('\0'));
      const { field } = await ada.operate('fields.put', { id: null, name: '片区', type: 'text', options: [], required: false });
      company.clock.pass(1);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ name: text, description: text, address: text }), { minLength: 1, maxLength: 12 }),
          async (rows) => {
            const ids: string[] = [];
            for (const { name, description, address } of rows) {
              const customer = { name: `${name}x`.slice(0, 60), phones: [], address: address.slice(0, 200) };
              ids.push((await company.newTicket(ann, { description, customer, custom: { [field.id]: description } })).ticketId);
            }
            const { text: file } = await lea.download(
              asked({ fields: ['description', 'customer', 'address', { custom: field.id }], select: { by: 'ids', ids } }),
            );
            const cells = rowsOf(file).slice(1);
            const truth = await company.truth();
            for (const [i, id] of ids.entries()) {
              const of = truth.tickets.find((t) => t.row.id === id)!.row;
              const who = truth.customers.find((c) => c.row.id === of.customerId)!.row;
              for (const [k, meant] of [of.description, who.name, who.address, String(of.custom[field.id])].entries()) {
                const cell = cells[i]![k]!;
                expect([meant, `'${meant}`]).toContain(cell);
                expect(cell.normalize('NFKC').replace(/^[\s\u200b]+/, '')).not.toMatch(/^[=+\-@]/);
                expect(cell).not.toMatch(/^[\t\r\n]/);
              }
            }
          },
        ),
        { numRuns: 25 },
      );
    });
  });
}
