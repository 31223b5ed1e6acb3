/** A two-way message channel: a MessagePort, a child process, or a pair in memory. Carries structured-clone data. */
export interface Port {
  post(message: unknown): void;
  /** One listener; what came before it was set is delivered then. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the other side is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

/** A port over any way to send: whoever holds the other end calls `deliver` and `hangUp`. */
export class RelayPort implements Port {
  #open = true;
  #hungUp = false;
  #listener: ((message: unknown) => void) | null = null;
  #closed: (() => void) | null = null;
  readonly #backlog: unknown[] = [];
  readonly #send: (message: unknown) => void;
  readonly #end: () => void;

  constructor(send: (message: unknown) => void, end: () => void) {
    this.#send = send;
    this.#end = end;
  }

  post(message: unknown): void {
    if (this.#open) this.#send(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#backlog.splice(0)) listener(message);
  }

  /** A port whose other side went before anybody listened says so at once. */
  onClose(listener: () => void): void {
    this.#closed = listener;
    if (this.#hungUp) this.#sayClosed();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#end();
  }

  deliver(message: unknown): void {
    if (!this.#open) return;
    if (this.#listener === null) this.#backlog.push(message);
    else this.#listener(message);
  }

  hangUp(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#hungUp = true;
    this.#sayClosed();
  }

  #sayClosed(): void {
    const closed = this.#closed;
    if (closed === null) return;
    this.#closed = null;
    closed();
  }
}

/** Two ports joined in memory; delivery is asynchronous and in order, as between processes. */
export function portPair(): [Port, Port] {
  const a: RelayPort = new RelayPort(
    (message) => void Promise.resolve().then(() => b.deliver(message)),
    () => b.hangUp(),
  );
  const b: RelayPort = new RelayPort(
    (message) => void Promise.resolve().then(() => a.deliver(message)),
    () => a.hangUp(),
  );
  return [a, b];
}
