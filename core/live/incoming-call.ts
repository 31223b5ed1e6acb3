import type { Clock } from '../../shared/lib/clock.ts';
import { type LiveCall, RINGS_MS } from '../../shared/protocol/wire.ts';
import type { ChangeHub } from './changes.ts';

export interface IncomingCall {
  readonly callId: string;
  readonly phone: string;
  /** By this computer's clock. */
  readonly at: number;
}

/** The last call that the server told of, until a window has taken it or it is over. In memory alone. */
export class IncomingCallBox {
  readonly #clock: Clock;
  readonly #hub: ChangeHub;
  #last: IncomingCall | null = null;
  #heard = '';

  constructor(clock: Clock, hub: ChangeHub) {
    this.#clock = clock;
    this.#hub = hub;
  }

  /** Each call once: the server tells of it again on a new connection. */
  put({ callId, phone }: LiveCall): void {
    if (callId === this.#heard) return;
    this.#heard = callId;
    this.#last = { callId, phone, at: this.#clock.now() };
    this.#hub.emit(['calls']);
  }

  taken(callId: string): void {
    if (this.#last?.callId !== callId) return;
    this.#last = null;
    this.#hub.emit(['calls']);
  }

  get current(): IncomingCall | null {
    return this.#last !== null && Math.abs(this.#clock.now() - this.#last.at) <= RINGS_MS ? this.#last : null;
  }
}
