import { type Transport, TransportError } from '../../core/ports.ts';
import type { Chance } from '../../server/seed/random.ts';
import { type OperationInput, type OperationOutput, operations } from '../../shared/protocol/operations.ts';
import { helloResponse, liveMessage, pullResponse, pushResponse, sessionResponse } from '../../shared/protocol/wire.ts';
import type { z } from 'zod';
import type { Counts } from './counts.ts';
import type { Answer, Fault, SimServer } from './sim-server.ts';
import type { VirtualWorld } from './virtual-world.ts';

/** How bad the way is between one device and the server. */
export interface Link {
  /** Requests reach the server. */
  up: boolean;
  /** Answers and hints reach the device. */
  down: boolean;
}

export interface Weather {
  /** Share of messages that get lost, that come twice. */
  loss: number;
  twice: number;
  /** Longest way in one direction, ms. */
  slow: number;
  /** Share of requests inside of which the server has a fault. */
  faults: number;
  /** Share of requests that the server puts off. */
  busy: number;
}

/** One run of one device's program, as the network sees it. */
export interface Sender {
  readonly name: string;
  readonly link: Link;
  /** false: its process is gone. */
  readonly alive: () => boolean;
}

/** What happens with requests beside being answered; for the invariants. */
export interface Witness {
  pushed(sender: Sender, accountId: string, commands: readonly { readonly id: string }[]): Promise<void>;
  pulled(sender: Sender, accountId: string, request: PullAsked, page: PullPage): Promise<unknown>;
  /** A page is handed to the core; `known` is what `pulled` gave back. */
  delivered(sender: Sender, request: PullAsked, page: PullPage, known: unknown): void;
  /** The same of old tickets. */
  asked(accountId: string, page: OlderPage): Promise<void>;
  fetched(sender: Sender, page: OlderPage): void;
}
export type PullAsked = Parameters<Transport['pull']>[2];
export type PullPage = Awaited<ReturnType<Transport['pull']>>;
export type OlderPage = OperationOutput<'tickets.older'>;

const TIMEOUT_MS = 15_000;

type What = 'hello' | 'signIn' | 'refresh' | 'push' | 'pull' | 'older';
const schemas: Record<What, z.ZodType> = {
  hello: helloResponse,
  signIn: sessionResponse,
  refresh: sessionResponse,
  push: pushResponse,
  pull: pullResponse,
  older: operations['tickets.older'].output,
};

/** The way between all devices and the server, on which the seed decides what gets through. */
export class SimNetwork {
  readonly #world: VirtualWorld;
  readonly #chance: Chance;
  readonly #server: SimServer;
  readonly #counts: Counts;
  readonly #witness: Witness;
  readonly #pageLimit: number;
  readonly #open = new Set<Channel>();
  readonly #waiting = new Map<string, Set<() => void>>();
  weather: Weather;
  /** Called when the server has ended in the middle of a request. */
  onServerEnd: () => void = () => {};

  constructor(options: {
    world: VirtualWorld;
    chance: Chance;
    server: SimServer;
    counts: Counts;
    witness: Witness;
    weather: Weather;
    pageLimit: number;
  }) {
    this.#world = options.world;
    this.#chance = options.chance;
    this.#server = options.server;
    this.#counts = options.counts;
    this.#witness = options.witness;
    this.#pageLimit = options.pageLimit;
    this.weather = options.weather;
  }

  transportFor(sender: Sender): Transport {
    const never = async (): Promise<never> => {
      throw new TransportError('unreachable');
    };
    return {
      hello: () => this.#request(sender, 'hello', '', {}),
      signIn: (_url, body) => this.#request(sender, 'signIn', '', body),
      refresh: (_url, token) => this.#request(sender, 'refresh', token, {}),
      push: (_url, token, body) => this.#request(sender, 'push', token, body),
      pull: (_url, token, body) => this.#request(sender, 'pull', token, body),
      live: (_url, token, on) => this.#live(sender, token, on),
      signOut: async () => {},
      // The only one that devices ask for here.
      operate: (_url: string, token: string, _name: string, input: OperationInput<'tickets.older'>) =>
        this.#request(sender, 'older', token, input),
      export: never,
    } as Partial<Transport> as Transport;
  }

  /** Ends all channels of hints: with `deaf` only those on which one was lost, as a connection notices in the end. */
  hangUp(which: 'all' | 'deaf'): void {
    for (const channel of [...this.#open]) if (which === 'all' || channel.deaf) channel.end();
  }

  /** A device's process has ended: whatever it waited for never comes. */
  breakOff(name: string): void {
    for (const giveUp of this.#waiting.get(name) ?? []) giveUp();
    for (const channel of [...this.#open]) if (channel.sender.name === name) channel.drop();
  }

  #delay(): number {
    return this.#chance.int(5, this.weather.slow);
  }

  #lost(open: boolean): boolean {
    const lost = !open || this.#chance.hit(this.weather.loss);
    if (lost) this.#counts.lost += 1;
    return lost;
  }

  #request<T>(sender: Sender, what: What, token: string, body: unknown): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (!sender.alive()) {
      reject(new TransportError('unreachable'));
      return promise;
    }
    let open = true;
    const close = (finish: () => void): void => {
      if (!open) return;
      open = false;
      cancel();
      waiting.delete(giveUp);
      // What was closed by a process that is gone is closed for good.
      if (sender.alive()) finish();
      else reject(new TransportError('unreachable'));
    };
    const giveUp = (): void => close(() => reject(new TransportError('unreachable')));
    const cancel = this.#world.in(TIMEOUT_MS, 'timeout', giveUp);
    const waiting = this.#waiting.get(sender.name) ?? new Set();
    this.#waiting.set(sender.name, waiting.add(giveUp));
    const json = JSON.stringify(body);
    const times = this.#chance.hit(this.weather.twice) ? 2 : 1;
    if (times === 2) this.#counts.duplicated += 1;
    for (let i = 0; i < times; i += 1) {
      // Some get on their way late: the device has given up by then and asked again.
      const late = this.#chance.hit(this.weather.loss / 3);
      if (late) this.#counts.late += 1;
      this.#world.in(this.#delay() + (late ? 14_000 + this.#chance.int(0, 8000) : 0), what, async () => {
        if (this.#lost(sender.link.up) || this.#server.down) {
          this.#world.note(`${sender.name} ${what} lost`);
          // Refused at once, or no answer at all.
          if (this.#chance.hit(0.6)) giveUp();
          return;
        }
        const answered = await this.#handle(sender, what, token, JSON.parse(json) as never);
        if (answered === null) return;
        const { answer, known } = answered;
        if (this.#lost(sender.link.down)) {
          this.#world.note(`${sender.name} ${what} answer lost`);
          return;
        }
        const text = JSON.stringify(answer);
        // Much to read and to carry, and the cache goes on meanwhile.
        const more = what === 'older' ? this.#chance.int(0, 8000) : 0;
        this.#world.in(this.#delay() + more, `${what} answer`, () => {
          if (open && sender.alive()) this.#world.note(`${sender.name} ${what} ${short(answer)}`);
          close(() => {
            const said = JSON.parse(text) as Answer;
            if (!said.ok) return reject(new TransportError('rejected', said.code, said.retryAfter ?? null));
            const parsed = schemas[what].parse(said.body) as T;
            try {
              if (what === 'pull') this.#witness.delivered(sender, body as PullAsked, parsed as PullPage, known);
              if (what === 'older') this.#witness.fetched(sender, parsed as OlderPage);
            } catch (error) {
              // The schedule ends here; who waits for the answer has to end as well.
              reject(new TransportError('unreachable'));
              throw error;
            }
            resolve(parsed);
          });
        });
      });
    }
    return promise;
  }

  async #handle(sender: Sender, what: What, token: string, body: never): Promise<{ answer: Answer; known?: unknown } | null> {
    const server = this.#server;
    if (what !== 'hello' && this.#chance.hit(this.weather.busy))
      return { answer: { ok: false, code: 'unavailable', retryAfter: this.#chance.int(1, 8) * 1000 } };
    switch (what) {
      case 'hello':
        return {
          answer: {
            ok: true,
            body: { product: 'zuoxi', name: 'sim', protocol: { oldest: 1, newest: 99 }, epoch: '', now: this.#world.now(), demo: false },
          },
        };
      case 'signIn':
        return { answer: await server.signIn((body as { staffNo: string }).staffNo) };
      case 'refresh':
        return { answer: await server.refresh(token) };
      default:
    }
    const holder = await server.holder(token);
    if (typeof holder === 'string') return { answer: { ok: false, code: holder } };
    if (what === 'pull') {
      const answer = await server.pull(holder, body, this.#pageLimit);
      if (!answer.ok) return { answer };
      return { answer, known: await this.#witness.pulled(sender, holder.id, body, pullResponse.parse(answer.body)) };
    }
    if (what === 'older') {
      const answer = await server.older(holder, body);
      if (answer.ok) await this.#witness.asked(holder.id, answer.body as OlderPage);
      return { answer };
    }
    const { commands } = body as { commands: { id: string; kind: string }[] };
    const answer = await server.push(holder, body, this.#nextFault(commands.length));
    this.#world.note(`${sender.name} pushed ${commands.map((c) => `${c.kind}:${c.id.slice(-6)}`).join(' ')} ${short(answer)}`);
    await this.#witness.pushed(sender, holder.id, commands);
    if (answer === null) this.onServerEnd();
    return answer === null ? null : { answer };
  }

  #nextFault(commands: number): Fault | null {
    if (!this.#chance.hit(this.weather.faults)) return null;
    const kind = this.#chance.pick(['fails', 'fails', 'ends-before', 'ends-after'] as const);
    return { kind, at: commands === 1 ? 0 : this.#chance.int(0, commands) };
  }

  #live(sender: Sender, token: string, on: Parameters<Transport['live']>[2]): { close(): void } {
    const channel = new Channel(sender, on, () => this.#open.delete(channel));
    this.#open.add(channel);
    this.#world.in(this.#delay(), 'live', async () => {
      if (channel.closed) return;
      if (!sender.link.up || this.#server.down) return this.#later(() => channel.end());
      const remove = await this.#server.listen(token, {
        send: (message) => this.#hint(channel, JSON.stringify(message)),
        close: () => this.#later(() => channel.end()),
      });
      if (remove === null) return this.#later(() => channel.end());
      channel.whenClosed = remove;
      this.#later(() => channel.say(() => on.open()));
    });
    return { close: () => channel.drop() };
  }

  #later(run: () => void): void {
    this.#world.in(this.#delay(), 'hint', run);
  }

  #hint(channel: Channel, text: string): void {
    const times = this.#chance.hit(this.weather.twice) ? 2 : 1;
    for (let i = 0; i < times; i += 1) {
      if (!channel.sender.link.down || this.#chance.hit(this.weather.loss)) {
        channel.deaf = true;
        this.#counts.hintsLost += 1;
        continue;
      }
      this.#later(() => channel.say(() => channel.on.message(liveMessage.parse(JSON.parse(text)))));
    }
  }
}

/** One connection for hints. */
class Channel {
  readonly sender: Sender;
  readonly on: Parameters<Transport['live']>[2];
  readonly #forget: () => void;
  closed = false;
  deaf = false;
  whenClosed: () => void = () => {};

  constructor(sender: Sender, on: Parameters<Transport['live']>[2], forget: () => void) {
    this.sender = sender;
    this.on = on;
    this.#forget = forget;
  }

  say(what: () => void): void {
    if (!this.closed && this.sender.alive()) what();
  }

  /** The device ends it. */
  drop(): void {
    if (this.closed) return;
    this.closed = true;
    this.whenClosed();
    this.#forget();
  }

  /** The other side or the network ends it. */
  end(): void {
    if (this.closed) return;
    this.drop();
    if (this.sender.alive()) this.on.close();
  }
}

/** An answer for the trace: codes and numbers. */
function short(answer: Answer | null): string {
  if (answer === null) return 'the server ended';
  if (!answer.ok) return answer.code;
  const body = answer.body as Record<string, never>;
  if ('results' in body)
    return (body['results'] as { status: string; refusal?: { code: string } }[]).map((r) => r.refusal?.code ?? r.status).join(',');
  if ('tickets' in body) return `older ${(answer.body as OlderPage).head} ${(answer.body as OlderPage).tickets.length}`;
  if ('mode' in body) {
    const page = answer.body as PullPage;
    const { rows, evict } = page;
    const sizes = [rows.tickets, rows.customers, rows.callbacks, rows.events, rows.transfers, evict.tickets, evict.customers];
    const rest = page.after !== null || page.more ? '…' : '';
    return `${page.mode} ${page.cursor} ${sizes.map((s) => s.length).join('/')}${rest}`;
  }
  return 'ok';
}
