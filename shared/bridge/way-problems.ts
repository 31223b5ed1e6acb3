/** What stands in the way to the server; each has words of its own on the screens, since each has another remedy. */
export const obstacles = [
  /** A web page or a redirect answered: a network that wants a sign-in first, or another address. */
  'portal',
  /** The company's proxy refuses. */
  'proxy',
  'certificate-expired',
  /** Not valid yet: mostly the clock of this computer. */
  'certificate-early',
  /** Of another server. */
  'certificate-host',
  'certificate-self-signed',
  /** Whoever signed it is not trusted. */
  'certificate-unknown',
  /** Nothing newer than TLS 1.1. */
  'tls-old',
] as const;
export type Obstacle = (typeof obstacles)[number];

/** Why nothing usable comes from the server, as far as the way is to blame. */
export const wayProblems = ['unreachable', 'not-zuoxi', ...obstacles] as const;
export type WayProblem = (typeof wayProblems)[number];
