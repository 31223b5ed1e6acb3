import type { CustomField } from '../../shared/domain/custom-fields.ts';
import type { CustomValue } from '../../shared/domain/tickets.ts';
import type { Chance } from './random.ts';
import { areas } from './texts.ts';

const SINCE = Date.UTC(2026, 0, 5);

const make = (n: number, name: string, type: CustomField['type'], options: readonly string[] = []): CustomField => ({
  id: `019b8f00-0000-7000-8000-${String(n).padStart(12, '0')}`,
  name,
  type,
  options,
  required: false,
  position: n,
  removedAt: null,
  updatedAt: SINCE,
});

/** One of each type. */
export const demoFields: readonly CustomField[] = [
  make(1, '片区', 'single', areas),
  make(2, '光猫型号', 'text'),
  make(3, '上门时段', 'text'),
  make(4, '上门日期', 'date'),
  make(5, '涉及业务', 'multiple', ['宽带', '电视', '手机', '家电', '燃气', '固话']),
  make(6, '下行速率 (Mbps)', 'number'),
  make(7, '备用电话', 'phone'),
  make(8, '客户在家', 'yesNo'),
  make(9, '现场说明', 'longText'),
];

/** The definition of that name. @throws Error if there is none: the demo's script is wrong then */
export function demoField(name: string): CustomField {
  const found = demoFields.find((f) => f.name === name);
  if (found === undefined) throw new Error(`demo: no field ${name}`);
  return found;
}

/** A value for what a topic says nothing about; null: nothing was asked. */
export function anyValue(field: CustomField, chance: Chance, at: number): CustomValue {
  switch (field.type) {
    case 'date':
      return new Date(at + chance.int(1, 6) * 86_400_000).toISOString().slice(0, 10);
    case 'multiple':
      return field.options.filter(() => chance.hit(0.3));
    case 'number':
      return chance.int(12, 940);
    case 'phone':
      return `139${String(chance.int(0, 99_999_999)).padStart(8, '0')}`;
    case 'yesNo':
      return chance.hit(0.7);
    case 'longText':
      return chance.pick(['楼道弱电箱在 2 层，钥匙在物业。', '客户家有老人，敲门请多等一会儿。', '单元门禁坏，到楼下请打电话。']);
    default:
      return null;
  }
}
