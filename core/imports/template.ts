import { stringify } from 'csv-stringify/sync';
import type { CoreContext } from '../context.ts';
import { templateHeads } from './columns.ts';

const example = [
  '周砚秋',
  '13812346021',
  '025-83000000',
  'zhou@example.com',
  '金卡客户',
  '南京市建邺区',
  '晚间频繁掉线',
  '',
  '宽带',
  '2026-12-01 14:30',
];

/** Writes the table to fill in, as CSV that Excel opens in Chinese. */
export async function writeTemplate(ctx: CoreContext, handle: string): Promise<{ ok: boolean }> {
  const text = stringify([templateHeads.map(([, head]) => head), example], { bom: true, record_delimiter: 'windows' });
  return ctx.host.call('files.write', { handle, bytes: new TextEncoder().encode(text), end: 'yes' });
}
