import { normal } from '../../shared/domain/search/words.ts';

/** What a column of a file can mean. */
export const importFields = [
  'name',
  'phone',
  'phone2',
  'email',
  'tier',
  'address',
  'subject',
  'description',
  'category',
  'callbackAt',
] as const;
export type ImportField = (typeof importFields)[number];

/** Our field → column of the file, from 0. */
export type Mapping = Partial<Record<ImportField, number>>;

/** Heads of the template, in its order. */
export const templateHeads: readonly (readonly [ImportField, string])[] = [
  ['name', '客户姓名'],
  ['phone', '电话'],
  ['phone2', '备用电话'],
  ['email', '邮箱'],
  ['tier', '客户分组'],
  ['address', '地址'],
  ['subject', '工单主题'],
  ['description', '工单描述'],
  ['category', '工单分类'],
  ['callbackAt', '预约回访时间'],
];

const heads: Readonly<Record<ImportField, readonly string[]>> = {
  name: ['客户姓名', '姓名', '客户名称', '客户', '名称', '联系人', 'name', 'customer', 'customer name', 'contact'],
  phone: ['电话', '手机', '手机号', '手机号码', '电话号码', '联系电话', '主电话', 'phone', 'mobile', 'tel', 'telephone'],
  phone2: ['备用电话', '电话2', '第二电话', '其他电话', '固定电话', '座机', 'phone2', 'phone 2', 'other phone'],
  email: ['邮箱', '电子邮箱', '邮件', '电子邮件', 'email', 'e-mail', 'mail'],
  tier: ['客户分组', '客户组', '分组', '等级', '客户等级', 'tier', 'group', 'customer group', 'level'],
  address: ['地址', '联系地址', '住址', 'address'],
  subject: ['工单主题', '主题', '标题', '工单标题', 'subject', 'title'],
  description: ['工单描述', '描述', '内容', '问题描述', '备注', 'description', 'details', 'remark'],
  category: ['工单分类', '分类', '类别', '类型', 'category', 'type'],
  callbackAt: ['预约回访时间', '回访时间', '预约时间', '预约回访', 'callback', 'callback time'],
};

const plain = (head: string): string => normal(head).replaceAll(/[\s*:：()（）]/g, '');

/** What the heads say; the first column that fits a field has it. */
export function guessMapping(header: readonly string[]): Mapping {
  const mapping: Mapping = {};
  const taken = new Set<number>();
  for (const field of importFields) {
    const column = header.findIndex((head, i) => !taken.has(i) && heads[field].some((known) => plain(known) === plain(head)));
    if (column < 0) continue;
    mapping[field] = column;
    taken.add(column);
  }
  return mapping;
}

/** By which a header is known again. */
export const signatureOf = (header: readonly string[]): string => header.map((head) => plain(head)).join('|');
