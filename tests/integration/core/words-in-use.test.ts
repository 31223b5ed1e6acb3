import { afterAll, beforeAll, expect, test } from 'vitest';
import { newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import type { Device } from '../../support/core/device.ts';

let office: Office;
let lin: Device;
beforeAll(async () => {
  office = await openOffice();
  lin = await office.device('lin');
});
afterAll(() => office.close());

test('X04 a form offers the categories and tiers that are in use when it opens, those of this minute, too', async () => {
  expect(await lin.read('directory.words', {})).toEqual({ categories: [], tiers: [] });
  await newTicket(lin, '光猫红灯', { category: '宽带 · 光猫', customer: { name: '周砚秋', phones: ['13812346021'], tier: '金卡' } });
  const id = await newTicket(lin, '没有分类', { category: '', customer: { name: '邱修远', phones: ['13812346022'] } });
  expect(await lin.read('directory.words', {})).toEqual({ categories: ['宽带 · 光猫'], tiers: ['金卡'] });
  await numbered(lin, id);
  expect(await lin.read('directory.words', {})).toEqual({ categories: ['宽带 · 光猫'], tiers: ['金卡'] });
});
