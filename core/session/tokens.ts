import type { Clock } from '../../shared/lib/clock.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import type { SessionResponse } from '../../shared/protocol/wire.ts';
import type { Host, Transport } from '../ports.ts';
import { TransportError } from '../ports.ts';
import { KeyStoreError } from './cache-places.ts';
import { ordersErasure } from './orders.ts';

/** The access token lives in memory alone; the refresh token in the host's key store. */
export class Tokens {
  readonly #host: Host;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #url: string;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #onErased: (token: string) => void;
  #access: { token: string; until: number } | null = null;
  /** What the key store would not take; the session lives on with it until this process ends. */
  #unsaved: string | null = null;
  /** What the key store holds, as far as is known. */
  #saved: string | null = null;
  #refreshing: Promise<string> | null = null;

  /** @param options `onErased`: the server ordered to erase, and this refresh token lies in the key store */
  constructor(options: {
    host: Host;
    transport: Transport;
    clock: Clock;
    url: string;
    name: string;
    logger: Logger;
    onErased: (token: string) => void;
  }) {
    this.#host = options.host;
    this.#transport = options.transport;
    this.#clock = options.clock;
    this.#url = options.url;
    this.#name = options.name;
    this.#logger = options.logger;
    this.#onErased = options.onErased;
  }

  /** @throws KeyStoreError if the refresh token could not be kept; the session is usable all the same */
  async accept(session: SessionResponse): Promise<void> {
    // Renewed a minute early, so that a request does not start with a token about to end.
    this.#access = { token: session.accessToken, until: this.#clock.now() + Math.max(1000, session.accessExpiresIn - 60_000) };
    this.#unsaved = session.refreshToken;
    try {
      await this.#host.call('secrets.set', { name: this.#name, value: session.refreshToken });
    } catch {
      throw new KeyStoreError();
    }
    this.#saved = session.refreshToken;
    this.#unsaved = null;
  }

  get current(): string | null {
    return this.#access?.token ?? null;
  }

  /** A token that the server should accept. @throws TransportError; `rejected`/`unauthorized` when the session is over. */
  access(): Promise<string> {
    // A clock set back must not keep an old token for years: it is at most ten minutes' worth ahead.
    const left = this.#access === null ? 0 : this.#access.until - this.#clock.now();
    if (this.#access !== null && left > 0 && left <= 600_000) return Promise.resolve(this.#access.token);
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** The server did not accept the present access token. */
  expire(): void {
    this.#access = null;
  }

  /** Runs a request with a token; one that is refused is renewed once. @throws TransportError */
  async authorised<T>(run: (token: string) => Promise<T>): Promise<T> {
    try {
      return await run(await this.access());
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'unauthorized' || this.current === null) throw error;
      this.expire();
      return run(await this.access());
    }
  }

  async forget(): Promise<void> {
    this.#access = null;
    this.#unsaved = null;
    await this.#host.call('secrets.delete', { name: this.#name });
  }

  async #refresh(): Promise<string> {
    const value = this.#unsaved ?? (this.#saved = (await this.#host.call('secrets.get', { name: this.#name })).value);
    if (value === null) throw new TransportError('rejected', 'unauthorized');
    let session: SessionResponse;
    try {
      session = await this.#transport.refresh(this.#url, value);
    } catch (error) {
      if (ordersErasure(error)) this.#onErased(this.#saved ?? value);
      throw error;
    }
    try {
      await this.accept(session);
    } catch (error) {
      // Shown twice, the old token would end the session for good; so it goes on with the new one, which is tried to be
      // kept again with the next.
      this.#logger.error('token.unsaved', { error: error instanceof Error ? error.name : 'unknown' });
    }
    return session.accessToken;
  }
}
