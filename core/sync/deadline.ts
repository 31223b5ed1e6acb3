import type { Timers } from '../../shared/lib/clock.ts';
import { TransportError } from '../ports.ts';

/**
 * Ends the wait for a request that neither answers nor fails, so that a cycle always goes on. What comes later is
 * ignored: a command is sent again under its own id, a page is asked for again.
 * @param ms by the timers' clock @throws TransportError `unreachable` after `ms`; whatever the request throws
 */
export function withDeadline<T>(timers: Timers, ms: number, request: Promise<T>, onLate: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => {
      onLate();
      reject(new TransportError('unreachable'));
    });
    request.finally(cancel).then(resolve, reject);
  });
}
