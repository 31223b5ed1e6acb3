import { expect, test } from 'vitest';
import { changesOf, customerEditDraft, type CustomerEdit, needOf, newCustomerDraft, rebased } from './customer-draft.ts';

const base = { name: '周砚秋', phones: ['13812346021'], emails: [], address: '紫荆小区', tier: '金卡客户', ownerId: 'a' };
const edit = (patch: Partial<CustomerEdit>): CustomerEdit => ({ ...base, base, ...patch });

test('only what differs from what was seen is sent, with what was seen', () => {
  expect(changesOf(edit({}))).toEqual([]);
  expect(changesOf(edit({ name: ' 周砚秋 ', phones: ['13812346021', ' '] }))).toEqual([]);
  expect(changesOf(edit({ phones: ['13812346021', '02812345678'], ownerId: null }))).toEqual([
    { field: 'phones', from: ['13812346021'], to: ['13812346021', '02812345678'] },
    { field: 'ownerId', from: 'a', to: null },
  ]);
});

test('after a conflict the agent’s words stay, and what they did not touch follows the others', () => {
  const now = { ...base, name: '周砚秋（新）', address: '云锦片区', tier: '普通客户' };
  const again = rebased(edit({ name: '周女士', tier: '金卡客户' }), now);
  expect(again).toMatchObject({ name: '周女士', address: '云锦片区', tier: '普通客户' });
  expect(changesOf(again)).toEqual([{ field: 'name', from: '周砚秋（新）', to: '周女士' }]);
});

test('an edit without changes is no draft; one with changes comes back as it was', () => {
  expect(customerEditDraft.isEmpty(edit({}))).toBe(true);
  const changed = edit({ address: '换了地址', phones: ['13812346021', ''] });
  expect(customerEditDraft.isEmpty(changed)).toBe(false);
  expect(customerEditDraft.parse(JSON.stringify(changed))).toEqual(changed);
  expect(customerEditDraft.parse('"x"')).toBeNull();
  expect(newCustomerDraft.parse('{"name":7,"source":"pigeon","phones":["1",2]}')).toMatchObject({
    name: '',
    source: 'phone',
    phones: ['1'],
  });
});

test.each([
  [
    { ...base, name: '  ' },
    { what: 'name', index: 0 },
  ],
  [
    { ...base, phones: ['13812346021', '电话'] },
    { what: 'phone', index: 1 },
  ],
  [
    { ...base, phones: ['12'] },
    { what: 'phone', index: 0 },
  ],
  [
    { ...base, emails: ['li@'] },
    { what: 'email', index: 0 },
  ],
  [
    { ...base, phones: [' '], emails: [''] },
    { what: 'contact', index: 0 },
  ],
  [{ ...base, phones: [''], emails: ['li@example.com'] }, null],
])('%j needs %j', (facts, need) => {
  expect(needOf(facts)).toEqual(need);
});
