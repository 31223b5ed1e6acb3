/** Where time comes from. Milliseconds since the Unix epoch, UTC. Tests pass a virtual one. */
export interface Clock {
  now(): number;
}
