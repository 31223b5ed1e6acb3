import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import { type Transport, TransportError } from '../ports.ts';
import { parseServerUrl } from './server-url.ts';
import { versionMisfit } from './sign-in-failure.ts';

type ProbeResult = OutputOf<CoreContract['calls']['session.probe']>;

/** Looks whether a server of ours answers at what somebody typed. */
export async function probeServer(transport: Transport, text: string): Promise<ProbeResult> {
  const url = parseServerUrl(text);
  if (!url.ok) return { ok: false, reason: url.error };
  try {
    const hello = await transport.hello(url.value);
    const misfit = versionMisfit(hello);
    if (misfit !== null) return { ok: false, reason: misfit };
    return { ok: true, url: url.value, name: hello.name, demo: hello.demo };
  } catch (error) {
    return { ok: false, reason: error instanceof TransportError ? (error.way ?? 'not-zuoxi') : 'unreachable' };
  }
}
