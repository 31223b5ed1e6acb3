/** A two-way message channel: a MessagePort, a child process, or a pair in memory. Carries structured-clone data. */
export interface Port {
  post(message: unknown): void;
  /** One listener; what came before it was set is delivered then. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the other side is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

class MemoryPort implements Port {
  peer: MemoryPort | null = null;
  #open = true;
  #listener: ((message: unknown) => void) | null = null;
  #closed: (() => void) | null = null;
  readonly #backlog: unknown[] = [];

  post(message: unknown): void {
    if (this.#open) void Promise.resolve().then(() => this.peer?.deliver(message));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#backlog.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    this.#closed = listener;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.peer?.hangUp();
  }

  deliver(message: unknown): void {
    if (!this.#open) return;
    if (this.#listener === null) this.#backlog.push(message);
    else this.#listener(message);
  }

  hangUp(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closed?.();
  }
}

/** Two ports joined in memory; delivery is asynchronous and in order, as between processes. */
export function portPair(): [Port, Port] {
  const a = new MemoryPort();
  const b = new MemoryPort();
  a.peer = b;
  b.peer = a;
  return [a, b];
}
