// What the program itself needs to know without loading the core.

/** What `--only` may name, in the order in which it is measured. `others` has no goals and is measured only when named. */
export const parts = ['first-sync', 'list', 'buckets', 'search', 'open', 'others', 'delta', 'action', 'drain'] as const;
export type Part = (typeof parts)[number];

/** The production cache, and the limit's. */
export const FILE = 'ours.db';
export const RAW_FILE = 'raw.db';

/** Two characters, and initials of two to four sounds, that no ticket has, few, many, and nearly all. */
export const words = [
  '绝无',
  '熔炉',
  '熔铁',
  '陈建',
  '退款',
  '宽带',
  '回访',
  '工程',
  '客户',
  'qzx',
  'rlcj',
  'wq',
  'kd',
  'lyq',
  'wfkj',
  'hs',
] as const;
