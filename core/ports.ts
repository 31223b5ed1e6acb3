import type { Client } from '../shared/bridge/rpc.ts';
import type { ExportRequest, OperationInput, OperationName, OperationOutput } from '../shared/protocol/operations.ts';
import type { HostContract } from '../shared/bridge/host-contract.ts';
import type { Obstacle, WayProblem } from '../shared/bridge/way-problems.ts';
import type {
  ErrorCode,
  HelloResponse,
  LiveMessage,
  PullRequest,
  PullResponse,
  PushRequest,
  PushResponse,
  SessionResponse,
  SignInRequest,
  UploadRequest,
  UploadResponse,
} from '../shared/protocol/wire.ts';

/**
 * Why a request brought nothing usable. `unreachable`: no answer; `garbage`: an answer that is not ours (a captive
 * portal, a proxy's page); `rejected`: the server said no.
 */
export class TransportError extends Error {
  readonly kind: 'unreachable' | 'garbage' | 'rejected';
  readonly code: ErrorCode | null;
  /** Milliseconds that the server asked to wait. */
  readonly retryAfter: number | null;
  /** What the server said beside the code: which impossibility, for `not-possible`. */
  readonly detail: string | null;
  /** What stands in the way, if that is known. */
  readonly obstacle: Obstacle | null;
  constructor(
    kind: TransportError['kind'],
    code: ErrorCode | null = null,
    retryAfter: number | null = null,
    detail: string | null = null,
    obstacle: Obstacle | null = null,
  ) {
    super([kind, code ?? obstacle].filter((each) => each !== null).join(': '));
    this.name = 'TransportError';
    this.kind = kind;
    this.code = code;
    this.retryAfter = retryAfter;
    this.detail = detail;
    this.obstacle = obstacle;
  }

  /** What to say of the way to the server; null: the server itself has answered. */
  get way(): WayProblem | null {
    if (this.kind === 'rejected') return null;
    return this.obstacle ?? (this.kind === 'unreachable' ? 'unreachable' : 'not-zuoxi');
  }
}

export interface ExportSink {
  readonly signal: AbortSignal;
  /** How many rows will come; null: not said. */
  start(total: number | null): void;
  write(bytes: Uint8Array): Promise<void>;
}

/** The way to a server. Every answer has been checked against the wire schemas. All methods throw `TransportError`. */
export interface Transport {
  hello(url: string): Promise<HelloResponse>;
  signIn(url: string, request: SignInRequest): Promise<SessionResponse>;
  refresh(url: string, refreshToken: string): Promise<SessionResponse>;
  signOut(url: string, accessToken: string): Promise<void>;
  push(url: string, accessToken: string, request: PushRequest): Promise<PushResponse>;
  pull(url: string, accessToken: string, request: PullRequest): Promise<PullResponse>;
  operate<N extends OperationName>(url: string, accessToken: string, name: N, input: OperationInput<N>): Promise<OperationOutput<N>>;
  /** Streams a CSV. `write` is awaited, so that the server sends no faster than the disk takes it. @returns rows in all */
  export(url: string, accessToken: string, request: ExportRequest, on: ExportSink): Promise<void>;
  /** Announces a file, or asks how much of it is there. */
  beginUpload(url: string, accessToken: string, request: UploadRequest): Promise<UploadResponse>;
  /** One piece of it, from `start`. */
  uploadPiece(
    url: string,
    accessToken: string,
    id: string,
    start: number,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<UploadResponse>;
  /** The piece of an attachment that starts there, and how long the whole is. */
  downloadPiece(
    url: string,
    accessToken: string,
    id: string,
    start: number,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array; readonly size: number }>;
  /** Opens the channel of hints. `close` is called once, also when it never opened. */
  live(url: string, accessToken: string, on: { open(): void; message(m: LiveMessage): void; close(): void }): { close(): void };
}

/** Key store and native notifications, in whatever process hosts the core. */
export type Host = Pick<Client<HostContract>, 'call'>;
