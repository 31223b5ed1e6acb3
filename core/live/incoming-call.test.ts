import { expect, test } from 'vitest';
import { ChangeHub } from './changes.ts';
import { IncomingCallBox } from './incoming-call.ts';

test('a call that was taken is not shown again when the server tells of it on a new connection; the next one is', () => {
  const box = new IncomingCallBox({ now: () => 5 }, new ChangeHub());
  const first = { type: 'call', callId: 'one', phone: '13800000000', at: 1 } as const;
  box.put(first);
  expect(box.current).toEqual({ callId: 'one', phone: '13800000000', at: 5 });
  box.taken('other');
  expect(box.current).not.toBeNull();
  box.taken('one');
  box.put(first);
  expect(box.current).toBeNull();
  box.put({ ...first, callId: 'two' });
  expect(box.current).toMatchObject({ callId: 'two' });
});
