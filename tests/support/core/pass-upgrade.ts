import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** Asks `to` for the upgrade that a client asked for, and hands bytes both ways until one side ends. */
export function passUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, to: URL): void {
  const far = connect(Number(to.port), to.hostname, () => {
    const headers = request.rawHeaders.flatMap((name, i, all) => (i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : []));
    far.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    far.write(head);
    far.pipe(socket).pipe(far);
  });
  const end = (): void => void (far.destroy(), socket.destroy());
  for (const side of [far, socket]) side.on('error', end).on('close', end);
}
