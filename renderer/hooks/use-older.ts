import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { InputOf, OutputOf } from '../../shared/bridge/define.ts';
import { core } from '../bridge.ts';

type Contract = CoreContract['calls']['tickets.older'];
export type OlderSelect = InputOf<Contract>['select'];
type Failure = Extract<OutputOf<Contract>, { ok: false }>['reason'];

export interface Older {
  /** `done`: the server has no more of them. */
  readonly state: 'idle' | 'fetching' | 'more' | 'done';
  /** How many came since the question was asked. */
  readonly found: number;
  readonly failure: Failure | null;
  fetch(): void;
}

/** Old tickets of a list, a search or a customer, fetched from the server when the agent asks (SY9); another question starts anew. */
export function useOlder(select: OlderSelect): Older {
  const key = JSON.stringify(select);
  const current = useRef(key);
  const [{ state, found, behind, failure }, set] = useState<Held>(idle);
  useEffect(() => {
    current.current = key;
    set(idle);
  }, [key]);
  const fetch = useCallback(() => {
    set((before) => ({ ...before, state: 'fetching', failure: null }));
    const mine = (next: (before: Held) => Held): void => {
      if (current.current === key) set(next);
    };
    core.call('tickets.older', { select: JSON.parse(key) as OlderSelect, behind }).then(
      (answer) =>
        mine((before) =>
          answer.ok
            ? { state: answer.next === null ? 'done' : 'more', found: before.found + answer.found, behind: answer.next, failure: null }
            : { ...before, state: before.behind === null ? 'idle' : 'more', failure: answer.reason },
        ),
      () => mine((before) => ({ ...before, state: before.behind === null ? 'idle' : 'more', failure: 'server-fault' })),
    );
  }, [key, behind]);
  return useMemo(() => ({ state, found, failure, fetch }), [state, found, failure, fetch]);
}

interface Held extends Omit<Older, 'fetch'> {
  readonly behind: InputOf<Contract>['behind'];
}
const idle: Held = { state: 'idle', found: 0, behind: null, failure: null };
