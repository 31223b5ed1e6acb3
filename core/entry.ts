import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { v7 } from 'uuid';
import { z } from 'zod';
import { hostContract } from '../shared/bridge/host-contract.ts';
import { createFramedChannel, type FrameTransport } from '../shared/bridge/framed-ports.ts';
import { createClient } from '../shared/bridge/rpc.ts';
import type { Logger } from '../shared/lib/logger.ts';
import { type Core, createCore } from './create-core.ts';
import type { Host } from './ports.ts';
import { systemClock, systemTimers } from './system-timers.ts';
import { directNetwork, type Network } from './transport/agents.ts';
import { createHttpTransport } from './transport/http-transport.ts';

const startOptions = z.object({
  dataDir: z.string().min(1),
  presetServer: z.string().nullable(),
  checkOutput: z.boolean(),
  version: z.string().optional(),
});
/** Comes as a message: a proxy may want a password, and arguments can be read by everybody on the computer. */
const networkMessage = z.object({
  network: z.object({ ca: z.string().nullable(), proxy: z.string().nullable(), noProxy: z.array(z.string()) }),
});

export interface HostingProcess extends FrameTransport<never> {
  exit(): void;
}

/**
 * Runs the core in a process that a shell has started. The shell says how the network is reached, if not directly, opens a
 * port for the host and then ports for whatever asks; `{ stop: true }` ends it in order.
 * @param argument JSON of the start options.
 */
export function runCore(argument: string, by: HostingProcess): void {
  const options = startOptions.parse(JSON.parse(argument));
  const host = createClient(hostContract);
  let core: Core | null = null;
  let network: Network = directNetwork;
  let frames: (message: unknown, handed?: Parameters<Core['serve']>[0]) => void = () => {};
  by.onMessage((message, handed) => {
    if (isStop(message)) {
      void (core?.stop() ?? Promise.resolve()).finally(() => {
        by.send({ stopped: true });
        by.exit();
      });
    } else if (isNetwork(message)) network = networkMessage.parse(message).network;
    else frames(message, handed);
  });
  const channel = createFramedChannel<never>({ send: (m) => by.send(m), onMessage: (listener) => (frames = listener) });
  const waiting: Parameters<Core['serve']>[0][] = [];
  channel.onPort((port, role) => {
    if (role !== 'host') {
      if (core === null) waiting.push(port);
      else core.serve(port);
      return;
    }
    host.attach(port);
    core ??= createCore({
      ...options,
      host,
      transport: createHttpTransport({ network, ...(options.version !== undefined && { client: options.version }) }),
      clock: systemClock,
      timers: systemTimers,
      ids: v7,
      machine: { system: process.platform, name: hostname().slice(0, 60) },
      random: () => randomInt(2 ** 32) / 2 ** 32,
      zone,
      logger: hostLogger(host),
    });
    for (const p of waiting.splice(0)) core.serve(p);
  });
  by.send({ ready: true });
  // The first use of Intl loads its data, some ms; meanwhile the shell makes the port for the host.
  zone();
}

// Asked each time: an agent may travel, and the process learns of a changed zone by itself.
const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const isStop = (message: unknown): boolean => typeof message === 'object' && message !== null && 'stop' in message && message.stop === true;

const isNetwork = (message: unknown): boolean => typeof message === 'object' && message !== null && 'network' in message;

/** The host writes the log. A line that cannot be handed over is lost; the log must never hold up the work. */
function hostLogger(host: Host): Logger {
  const write =
    (level: 'info' | 'warn' | 'error'): Logger['info'] =>
    (event, fields = {}) => {
      host.call('log.write', { level, event, fields: { ...fields } }).catch(() => {});
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
