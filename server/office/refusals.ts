import type { Impossibility } from '../../shared/protocol/operations.ts';

/** An operation that is allowed and well formed, and still cannot be carried out. Nothing was changed. */
export class NotPossible extends Error {
  readonly why: Impossibility;

  constructor(why: Impossibility) {
    super(why);
    this.name = 'NotPossible';
    this.why = why;
  }
}

/** The account's role, as it is now, does not allow it. */
export class NotAllowed extends Error {
  constructor() {
    super('not allowed');
    this.name = 'NotAllowed';
  }
}

/** Too many tries; `waitMs` from now. */
export class Throttled extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('throttled');
    this.name = 'Throttled';
    this.waitMs = waitMs;
  }
}
