import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** The monitor looks so often, and counts the time between two looks as delay. */
const LOOK_MS = 10;
const MEMORY_EVERY_MS = 200;
const MB = 1_048_576;

/** What one process had to do between two moments. */
export interface Load {
  /** By how much the event loop was late, ms. */
  readonly lagP99: number;
  readonly lagWorst: number;
  /** Share of the time in which the event loop had work, 0 to 1. */
  readonly busy: number;
  /** Processor time, all threads, seconds. */
  readonly cpu: number;
  readonly rss: number;
  /** The most at any look. MB, as the others. */
  readonly rssWorst: number;
  readonly heap: number;
}

/** Watches its own process. */
export class Gauge {
  readonly #delay = monitorEventLoopDelay({ resolution: LOOK_MS });
  #loop: EventLoopUtilization = performance.eventLoopUtilization();
  #cpu: NodeJS.CpuUsage = process.cpuUsage();
  #rssWorst = 0;

  constructor() {
    setInterval(() => this.#lookAtMemory(), MEMORY_EVERY_MS).unref();
  }

  /** What was before counts no more. */
  begin(): void {
    globalThis.gc?.();
    this.#rssWorst = 0;
    this.#delay.enable();
    this.#delay.reset();
    this.#loop = performance.eventLoopUtilization();
    this.#cpu = process.cpuUsage();
  }

  read(): Load {
    const { user, system } = process.cpuUsage(this.#cpu);
    const { rss, heapUsed } = process.memoryUsage();
    this.#lookAtMemory();
    const late = (ns: number): number => Math.max(0, ns / 1e6 - LOOK_MS);
    return {
      lagP99: late(this.#delay.percentile(99)),
      lagWorst: late(this.#delay.max),
      busy: performance.eventLoopUtilization(this.#loop).utilization,
      cpu: (user + system) / 1e6,
      rss: rss / MB,
      rssWorst: this.#rssWorst / MB,
      heap: heapUsed / MB,
    };
  }

  #lookAtMemory(): void {
    this.#rssWorst = Math.max(this.#rssWorst, process.memoryUsage.rss());
  }
}

/** Ms since 1970 with parts of a ms; processes of one machine agree on it. */
export const instant = (): number => performance.timeOrigin + performance.now();
