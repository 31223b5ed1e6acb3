import WebSocket from 'ws';

type Params = Readonly<Record<string, unknown>>;
type Listener = (params: Params, sessionId: string | undefined) => void;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/**
 * Chromium's own protocol, without a driver between: a driver holds the app back at its start until it has looked at
 * everything.
 */
export class Devtools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: Params): void; reject(error: Error): void }>();
  readonly #listeners = new Map<string, Listener>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse((data as Buffer).toString()) as Message));
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const each of this.#waiting.values()) each.reject(new Error('The app has closed its connection.'));
      this.#waiting.clear();
    });
  }

  static async connect(address: string): Promise<Devtools> {
    const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: 1 << 30 });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new Devtools(socket);
  }

  /** The one listener of an event. */
  on(method: string, listener: Listener): void {
    this.#listeners.set(method, listener);
  }

  /** @throws Error as Chromium says it, or that the app is gone */
  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  #take({ error, id, method, params = {}, result = {}, sessionId }: Message): void {
    if (method !== undefined) this.#listeners.get(method)?.(params, sessionId);
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
