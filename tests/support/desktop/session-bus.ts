import * as dbus from 'dbus-next';

export async function connectBus(busAddress: string): Promise<dbus.MessageBus> {
  const bus = dbus.sessionBus({ busAddress });
  const ready = Promise.withResolvers<void>();
  bus.once('connect', () => ready.resolve());
  // Stays attached: when the bus ends before its clients, an error without a listener ends the test run.
  bus.on('error', (error) => ready.reject(new Error(`The session bus is out of reach: ${String(error)}`)));
  await ready.promise;
  return bus;
}

/** Takes a well-known name, and refuses to wait in line for it. */
export async function ownName(bus: dbus.MessageBus, name: string): Promise<void> {
  const reply = await bus.requestName(name, dbus.NameFlag.DO_NOT_QUEUE);
  if (reply === dbus.RequestNameReply.PRIMARY_OWNER) return;
  bus.disconnect();
  throw new Error(`Another program already answers for ${name} on this bus.`);
}

export async function callBus(
  bus: dbus.MessageBus,
  target: { destination: string; path: string; interface: string; member: string },
  signature: string,
  body: unknown[],
): Promise<unknown[]> {
  return (await bus.call(new dbus.Message({ ...target, signature, body })))?.body ?? [];
}

/** Takes the type wrappers off a value that came over the bus, at every depth. */
export function plainBusValue(value: unknown): unknown {
  if (value instanceof dbus.Variant) return plainBusValue(value.value);
  if (Array.isArray(value)) return value.map(plainBusValue);
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainBusValue(inner)]));
  }
  return value;
}
