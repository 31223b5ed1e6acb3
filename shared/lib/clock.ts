/** Where time comes from. Milliseconds since the Unix epoch, UTC. Tests pass a virtual one. */
export interface Clock {
  now(): number;
}

/** Delayed work. A port beside the clock, so that a simulation can own time. Delays are ms, at most 60,000. */
export interface Timers {
  /** @returns cancels it. */
  after(ms: number, run: () => void): () => void;
  every(ms: number, run: () => void): () => void;
}
