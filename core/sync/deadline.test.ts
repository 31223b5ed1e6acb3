import { describe, expect, test, vi } from 'vitest';
import { VirtualTime } from '../../tests/support/core/virtual-time.ts';
import { TransportError } from '../ports.ts';
import { withDeadline } from './deadline.ts';

describe('SPEC 18 a request', () => {
  test('that says nothing is given up after its time, and is reported', async () => {
    const time = new VirtualTime(0);
    const late = vi.fn<() => void>();
    const waiting = withDeadline(time, 60_000, new Promise<never>(() => {}), late);
    const failed = expect(waiting).rejects.toEqual(new TransportError('unreachable'));
    await time.advance(59_999);
    expect(late).not.toHaveBeenCalled();
    await time.advance(1);
    await failed;
    expect(late).toHaveBeenCalledOnce();
  });

  test('that answers or fails in time is what it is, and its timer is gone', async () => {
    const time = new VirtualTime(0);
    const late = vi.fn<() => void>();
    expect(await withDeadline(time, 10, Promise.resolve(7), late)).toBe(7);
    await expect(withDeadline(time, 10, Promise.reject(new TransportError('garbage')), late)).rejects.toThrow('garbage');
    await time.advance(100);
    expect(late).not.toHaveBeenCalled();
  });
});
