import { expect, test } from 'vitest';
import { silentLogger } from '../../shared/lib/logger.ts';
import { createReplies, type Reply } from './replies.ts';

const reply = (text: string): Reply => ({ id: 'r-1', ticketId: 't-1', text });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('D03 what was typed while there is no core goes to the next one, in order and once; what is refused is shown', async () => {
  let answer: () => Promise<{ ok: boolean }> = () => Promise.reject(new Error('CoreUnavailable'));
  const sent: string[] = [];
  const went: string[] = [];
  const replies = createReplies({
    send: ({ text }) => {
      sent.push(text);
      return answer();
    },
    goTo: (ticketId) => void went.push(ticketId),
    logger: silentLogger,
  });
  replies.take(reply('一'));
  replies.take(reply('二'));
  await settled();
  answer = () => Promise.resolve({ ok: true });
  replies.again();
  await settled();
  replies.again();
  await settled();
  expect(sent).toEqual(['一', '二', '一', '二']);
  expect(went).toEqual([]);
  answer = () => Promise.resolve({ ok: false });
  replies.take(reply('三'));
  await settled();
  replies.again();
  await settled();
  expect(sent.at(-1)).toBe('三');
  expect(sent).toHaveLength(5);
  expect(went).toEqual(['t-1']);
});
