import { type EmitterPort, portOfEmitter } from '../shared/bridge/framed-ports.ts';
import { runCore } from './entry.ts';

/** What Electron puts into a utility process, as far as it is used here: the core knows no Electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly EmitterPort[] }) => void): unknown;
}

const parent = (process as unknown as { readonly parentPort: ParentPort }).parentPort;
runCore(process.argv[2] ?? '', {
  send: (message) => parent.postMessage(message),
  onMessage: (listener) =>
    void parent.on('message', ({ data, ports }) => listener(data, ports[0] === undefined ? undefined : portOfEmitter(ports[0]))),
  exit: () => process.exit(0),
});
