import { useEffect, useState } from 'react';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { core } from '../../bridge.ts';

type Answer = OutputOf<CoreContract['calls']['session.probe']>;
export type Probe =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'found'; readonly name: string; readonly demo: boolean }
  | { readonly kind: 'failed'; readonly reason: Extract<Answer, { ok: false }>['reason'] };

const PAUSE = 600;

/** Looks whether a server answers at an address, once typing pauses, and after each of the `tries` to sign in. */
export function useProbe(url: string, connected: boolean, tries: number): Probe {
  const [probe, setProbe] = useState<Probe>({ kind: 'none' });
  useEffect(() => {
    const address = url.trim();
    setProbe({ kind: 'none' });
    if (address === '' || !connected) return undefined;
    let gone = false;
    const timer = setTimeout(() => {
      setProbe({ kind: 'asking' });
      core.call('session.probe', { url: address }).then(
        (answer) => {
          if (gone) return;
          setProbe(answer.ok ? { kind: 'found', name: answer.name, demo: answer.demo } : { kind: 'failed', reason: answer.reason });
        },
        () => {
          if (!gone) setProbe({ kind: 'none' });
        },
      );
    }, PAUSE);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [url, connected, tries]);
  return probe;
}
