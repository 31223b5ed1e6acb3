export const bridgeErrorCodes = [
  'CoreUnavailable',
  'BadInput',
  'TooLarge',
  'RateLimited',
  'UnknownMethod',
  'NotSignedIn',
  'DiskFull',
  'DiskFault',
  'Damaged',
  'Failed',
] as const;
export type BridgeErrorCode = (typeof bridgeErrorCodes)[number];

/** A bridge call that was not answered; what the user typed is untouched. */
export class BridgeError extends Error {
  readonly code: BridgeErrorCode;
  constructor(code: BridgeErrorCode, message: string = code) {
    super(message);
    this.name = 'BridgeError';
    this.code = code;
  }
}
