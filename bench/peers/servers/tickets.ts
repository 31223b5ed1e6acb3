import { changeSome, makeTickets, type SampleTicket } from '../data.ts';

/** All tickets of a server, with the place of the last change in its feed. */
export class Tickets {
  readonly all: readonly SampleTicket[];
  seq: number;
  #pushed = new Set<string>();
  /** How often something was pushed. */
  requests = 0;

  constructor(size: number) {
    this.all = makeTickets(size);
    this.seq = size;
  }

  change(round: number): SampleTicket[] {
    const changed = changeSome(this.all, round, this.seq + 1);
    this.seq += changed.length;
    return changed;
  }

  /** @returns false if it was here already: each counts once */
  take(id: string): boolean {
    if (this.#pushed.has(id)) return false;
    this.#pushed.add(id);
    return true;
  }

  get pushed(): number {
    return this.#pushed.size;
  }

  stats(): string {
    return JSON.stringify({ pushed: this.pushed, requests: this.requests });
  }
}

/** What a client has to see of a round of changes. */
export const sampleOf = (changed: readonly SampleTicket[]): string => {
  const { id, updatedAt } = changed.at(-1)!;
  return JSON.stringify({ sample: { id, updatedAt } });
};
