import { z } from 'zod';
import { type Port, RelayPort } from './port.ts';

export const portRoles = ['window', 'shell', 'host'] as const;
export type PortRole = (typeof portRoles)[number];

/**
 * One message of a logical port. `port` is positive in frames of the side that opened it and negative in the other's
 * answers, so both sides may open ports without agreeing on numbers.
 */
const frame = z.object({
  port: z.int().refine((n) => n !== 0),
  open: z.literal(true).optional(),
  close: z.literal(true).optional(),
  data: z.unknown().optional(),
  role: z.enum(portRoles).optional(),
});

/** The channel below: between main and the core. `T` is a real port that it can hand over, where it can. */
export interface FrameTransport<T> {
  send(message: unknown, handOver?: T): void;
  /** `handed` comes with the message that carried it. Messages that are no frames may pass here too. */
  onMessage(listener: (message: unknown, handed?: Port) => void): void;
}

export interface FramedChannel<T> {
  openPort(role: PortRole): Port;
  /** Gives the other side a real port instead of a framed one. */
  handOver(role: PortRole, port: T): void;
  /** Ports that the other side opened, also those from before the listener was set. */
  onPort(listener: (port: Port, role: PortRole) => void): void;
  /** The channel is gone: every port is closed, and said to be. */
  close(): void;
}

/** Many ports over one channel. */
export function createFramedChannel<T = never>(transport: FrameTransport<T>): FramedChannel<T> {
  const ports = new Map<number, RelayPort>();
  const early: [Port, PortRole][] = [];
  let arrived: ((port: Port, role: PortRole) => void) | null = null;
  let open = true;
  let next = 1;

  const make = (id: number): RelayPort => {
    const port = new RelayPort(
      (data) => transport.send({ port: id, data }),
      () => {
        if (ports.delete(id)) transport.send({ port: id, close: true });
      },
    );
    ports.set(id, port);
    return port;
  };

  transport.onMessage((raw, handed) => {
    if (!open) return;
    const parsed = frame.safeParse(raw);
    if (!parsed.success) return;
    const id = -parsed.data.port;
    if (parsed.data.open) {
      if (id > 0 || ports.has(id) || parsed.data.role === undefined) return;
      const port = handed ?? make(id);
      if (arrived === null) early.push([port, parsed.data.role]);
      else arrived(port, parsed.data.role);
      return;
    }
    const port = ports.get(id);
    if (port === undefined) return;
    if (parsed.data.close) {
      ports.delete(id);
      port.hangUp();
    } else {
      port.deliver(parsed.data.data);
    }
  });

  return {
    openPort(role) {
      if (!open) return closedPort();
      const id = next++;
      const port = make(id);
      transport.send({ port: id, open: true, role });
      return port;
    },
    handOver(role, port) {
      if (open) transport.send({ port: next++, open: true, role }, port);
    },
    onPort(listener) {
      arrived = listener;
      for (const [port, role] of early.splice(0)) listener(port, role);
    },
    close() {
      open = false;
      const all = [...ports.values()];
      ports.clear();
      for (const port of all) port.hangUp();
    },
  };
}

/** What Electron's MessagePortMain has, as far as it is used; shared/ knows no Electron. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export function portOfEmitter(below: EmitterPort): Port {
  const port = new RelayPort(
    (message) => below.postMessage(message),
    () => below.close(),
  );
  below.on('message', (event) => port.deliver(event.data));
  below.on('close', () => port.hangUp());
  below.start();
  return port;
}

/** Joins two ports, so that what comes in at one goes out at the other, and the end of one ends the other. */
export function joinPorts(a: Port, b: Port): void {
  a.onMessage((message) => b.post(message));
  b.onMessage((message) => a.post(message));
  a.onClose(() => b.close());
  b.onClose(() => a.close());
}

function closedPort(): Port {
  const port = new RelayPort(
    () => {},
    () => {},
  );
  port.hangUp();
  return port;
}
