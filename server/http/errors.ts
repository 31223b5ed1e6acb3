import type { ErrorCode } from '../../shared/protocol/wire.ts';

const statuses: Readonly<Record<ErrorCode, number>> = {
  'bad-credentials': 401,
  'account-disabled': 403,
  unauthorized: 401,
  'device-erased': 401,
  forbidden: 403,
  'not-possible': 409,
  throttled: 429,
  'protocol-unsupported': 426,
  'bad-request': 400,
  'too-large': 413,
  unavailable: 503,
  internal: 500,
};

const messages: Readonly<Record<ErrorCode, string>> = {
  'bad-credentials': 'Staff number or password is wrong.',
  'account-disabled': 'This account is disabled.',
  unauthorized: 'Sign in first.',
  'device-erased': 'This device was signed out, and what it keeps of this account is to be erased.',
  forbidden: 'This is not for your role.',
  'not-possible': 'That is not possible.',
  throttled: 'Too many tries; wait a while.',
  'protocol-unsupported': 'This version of the client is not supported by the server.',
  'bad-request': 'The request is not understood.',
  'too-large': 'The request is too large.',
  unavailable: 'The server is not available right now.',
  internal: 'The server had a fault.',
};

/** An answer of 400 or more. `detail` names fields, never values; `message` stands in place of the usual words. */
export class HttpError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryAfter: number | null;

  constructor(code: ErrorCode, options: { detail?: string; message?: string; status?: number; retryAfterMs?: number } = {}) {
    super(options.message ?? (options.detail === undefined ? messages[code] : `${messages[code]} (${options.detail})`));
    this.name = 'HttpError';
    this.code = code;
    this.status = options.status ?? statuses[code];
    this.retryAfter = options.retryAfterMs === undefined ? null : Math.max(1, Math.ceil(options.retryAfterMs / 1000));
  }
}
