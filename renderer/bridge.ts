import type { CoreContract, ShellContract } from '../shared/bridge/contract.ts';
import type { Port } from '../shared/bridge/port.ts';
import { createClient } from '../shared/bridge/rpc.ts';

declare global {
  interface Window {
    /** Put there by the preload. Answers with one message per port. */
    readonly zuoxi?: { requestPorts(): void };
  }
}

export const core = createClient<CoreContract>();
export const shell = createClient<ShellContract>();

function portOf(channel: MessagePort): Port {
  return {
    post: (message) => channel.postMessage(message),
    onMessage(listener) {
      channel.onmessage = (event) => listener(event.data);
    },
    onClose(listener) {
      channel.addEventListener('close', listener, { once: true });
    },
    close: () => channel.close(),
  };
}

/** Joins the clients to whatever ports come, now and after a restart of the core. */
export function connectBridge(): void {
  window.addEventListener('message', (event: MessageEvent<{ type?: unknown; name?: unknown } | null>) => {
    const channel = event.ports[0];
    if (event.source !== window || channel === undefined || event.data?.type !== 'zuoxi:port') return;
    if (event.data.name === 'core') core.attach(portOf(channel));
    else if (event.data.name === 'shell') shell.attach(portOf(channel));
  });
  window.zuoxi?.requestPorts();
}
