import '../guard.ts';
import { coreContract, shellContract } from '../../shared/bridge/contract.ts';
import type { Port } from '../../shared/bridge/port.ts';
import { serve } from '../../shared/bridge/rpc.ts';
import { memoryCore } from './memory-core.ts';
import { memoryShell } from './memory-shell.ts';

const asked = new URLSearchParams(location.search);

const portOf = (channel: MessagePort): Port => ({
  post: (message) => channel.postMessage(message),
  onMessage(listener) {
    channel.onmessage = (event) => listener(event.data);
  },
  onClose: (listener) => channel.addEventListener('close', listener, { once: true }),
  close: () => channel.close(),
});

const report = (event: { readonly name: string; readonly error?: unknown }): void => {
  if (event.error !== undefined) console.error(event.name, event.error);
};
const core = memoryCore(asked);
let corePort: MessagePort | undefined;
window.addEventListener('message', (event: MessageEvent<{ name?: string } | null>) => {
  if (event.data?.name === 'core') corePort = event.ports[0];
});

function connectCore(): void {
  const channel = new MessageChannel();
  serve(coreContract, core, portOf(channel.port1), { now: Date.now, checkOutput: true, report });
  window.postMessage({ type: 'zuoxi:port', name: 'core' }, '*', [channel.port2]);
}

Object.assign(window, {
  zuoxi: {
    requestPorts() {
      connectCore();
      const channel = new MessageChannel();
      serve(shellContract, memoryShell(asked), portOf(channel.port1), { now: Date.now, checkOutput: true, report });
      window.postMessage({ type: 'zuoxi:port', name: 'shell' }, '*', [channel.port2]);
    },
  },
  /** For trying what a restart of the core looks like. */
  previewCore: {
    // Electron raises this event when the other end is gone; a plain browser does not.
    lose: () => corePort?.dispatchEvent(new Event('close')),
    back: connectCore,
    poke: core.poke,
  },
});

await import('../main.tsx');
