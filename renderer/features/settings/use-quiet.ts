import { useRef, useState } from 'react';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';

export type Quiet = OutputOf<CoreContract['queries']['settings.get']>['quiet'];

/**
 * 免打扰 as it was last chosen here, until the core says the same. Leaving a field and the click that leaves it are two
 * changes within a moment, and the second must not be built upon what stood before the first.
 *
 * @param save rejects when it was not kept; then what stands is shown again.
 */
export function useQuiet(standing: Quiet, save: (quiet: Quiet) => Promise<unknown>): [Quiet, (change: Partial<Quiet>) => void] {
  const wanted = useRef<Quiet | null>(null);
  const [, show] = useState<Quiet | null>(null);
  if (wanted.current !== null && JSON.stringify(wanted.current) === JSON.stringify(standing)) wanted.current = null;
  const change = (part: Partial<Quiet>): void => {
    const next = { ...(wanted.current ?? standing), ...part };
    wanted.current = next;
    show(next);
    save(next).catch(() => {
      if (wanted.current === next) wanted.current = null;
      show(null);
    });
  };
  return [wanted.current ?? standing, change];
}
