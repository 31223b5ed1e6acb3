import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import {
  impossibilities,
  type Impossibility,
  type OperationInput,
  type OperationName,
  type OperationOutput,
} from '../../shared/protocol/operations.ts';
import type { CoreContext } from '../context.ts';
import { TransportError } from '../ports.ts';
import type { Tokens } from '../session/tokens.ts';

type RunResult = OutputOf<CoreContract['calls']['office.run']>;
export type OfficeReason = Extract<RunResult, { ok: false }>['reason'];

/** What it takes to ask the server as the signed-in account. */
export interface Office {
  readonly tokens: Tokens;
  readonly url: string;
  /** Fetch what has changed. */
  kick(): void;
}

/** Carries out an operation on the server, now or not at all. */
export async function runOperation<N extends OperationName>(
  ctx: CoreContext,
  office: Office,
  operation: N,
  input: OperationInput<N>,
): Promise<{ ok: true; output: OperationOutput<N> } | { ok: false; reason: OfficeReason }> {
  try {
    const output = await office.tokens.authorised((token) => ctx.transport.operate(office.url, token, operation, input));
    // What it changed comes with the next pull, and should come now.
    office.kick();
    return { ok: true, output };
  } catch (error) {
    return { ok: false, reason: reasonOf(ctx, error) };
  }
}

export function reasonOf(ctx: CoreContext, error: unknown): OfficeReason {
  if (!(error instanceof TransportError)) {
    ctx.logger.error('office.fault', { error: error instanceof Error ? error.name : 'unknown' });
    return 'server-fault';
  }
  if (error.kind !== 'rejected') return 'offline';
  switch (error.code) {
    case 'unauthorized':
    case 'device-erased':
    case 'account-disabled':
      return 'sign-in-needed';
    case 'forbidden':
      return 'forbidden';
    case 'not-possible':
      return isImpossibility(error.detail) ? error.detail : 'server-fault';
    default:
      return 'server-fault';
  }
}

const isImpossibility = (text: string | null): text is Impossibility => (impossibilities as readonly (string | null)[]).includes(text);
