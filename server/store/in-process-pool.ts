import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { callbackify } from 'node:util';
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { namingClient } from './naming-client.ts';

const TERMINATE = 'X'.charCodeAt(0);
/** The database answers within the turn of the event loop in which it was asked; after so long the next turn is let by. */
const TURN_MS = 5;
/** The first message has no letter; it begins with its length. */
const STARTUP = 0;

/**
 * PGlite's one connection, spoken to in PostgreSQL's own protocol. Its `query` crosses into the database five times a
 * statement and plans each anew; this crosses once, and names what it asks again.
 * @param letsTurnsBy whether requests, timers and live channels are served while it has much to do; without, all that hangs
 * on the database alone happens in one turn, as a virtual clock wants it
 */
export function inProcessPool(client: PGlite, letsTurnsBy: boolean): pg.Pool {
  // Whoever asks during a transaction waits for its end, as PGlite itself would make them.
  return new pg.Pool({
    max: 1,
    idleTimeoutMillis: 0,
    user: 'postgres',
    database: 'postgres',
    Client: namingClient({ stream: () => new InProcessStream(client, letsTurnsBy) as never }),
  } as pg.PoolConfig);
}

/** What the driver takes for a socket. */
class InProcessStream extends Duplex {
  readonly #client: PGlite;
  readonly #letsTurnsBy: boolean;
  #turned = performance.now();

  constructor(client: PGlite, letsTurnsBy: boolean) {
    super();
    this.#client = client;
    this.#letsTurnsBy = letsTurnsBy;
  }

  connect(): void {
    process.nextTick(() => this.emit('connect'));
  }

  // A connection that never leaves the process has neither of these.
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map((c) => c.chunk)), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  #send(bytes: Buffer, done: (error?: Error | null) => void): void {
    // The driver takes its leave; the database lives on, and is closed by whoever opened it.
    if (bytes[0] === TERMINATE) done();
    else this.#ask(bytes, done);
  }

  readonly #ask = callbackify(async (bytes: Buffer): Promise<void> => {
    if (bytes[0] === STARTUP) {
      // The driver lets go of a connection on which a statement failed. For it this is a new one; for the database it is not.
      await this.#client.exec('ROLLBACK; DEALLOCATE ALL');
      this.push(await this.#client.execProtocolRaw(bytes));
      return;
    }
    // As a stream and copied: asked for the whole, the database would keep each answer, taken apart, for ever.
    const parts: Buffer[] = [];
    await this.#client.execProtocolRawStream(bytes, { onRawData: (part) => void parts.push(Buffer.from(part)) });
    if (this.#letsTurnsBy && performance.now() - this.#turned > TURN_MS) {
      await nextTurn();
      this.#turned = performance.now();
    }
    this.push(Buffer.concat(parts));
  });
}
