import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents, type WebFrameMain } from 'electron';
import { joinPorts, portOfEmitter } from '../../shared/bridge/framed-ports.ts';
import type { Port } from '../../shared/bridge/port.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import type { CoreHost, CoreLife } from './core-host.ts';
import { mayNavigate } from './navigation-policy.ts';

export interface BridgeOptions {
  readonly core: CoreHost<MessagePortMain>;
  /** Answers a window's shell port. */
  readonly serveShell: (contents: WebContents, port: Port) => void;
  readonly logger: Logger;
}

interface Client {
  readonly contents: WebContents;
  shell: MessagePortMain | null;
  core: Port | null;
  /** Requests left for this document; a page that asks without end is not answered without end. */
  left: number;
}

const requestsPerDocument = 20;

/** Gives each page of ours its two ports, and a new one to each core that follows. The only user of ipcMain. */
export function bridgePages(options: BridgeOptions): void {
  const clients = new Map<number, Client>();

  const send = (client: Client, name: 'core' | 'shell', port: MessagePortMain): void => {
    if (!client.contents.isDestroyed()) client.contents.postMessage('zuoxi:port', { name }, [port]);
  };
  const giveCore = (client: Client, life: CoreLife<MessagePortMain>): void => {
    client.core?.close();
    client.core = null;
    const { port1, port2 } = new MessageChannelMain();
    if (life.takesPorts) {
      life.handOver('window', port1);
    } else {
      client.core = portOfEmitter(port1);
      joinPorts(client.core, life.openPort('window'));
    }
    send(client, 'core', port2);
  };
  const giveShell = (client: Client): void => {
    client.shell?.close();
    const { port1, port2 } = new MessageChannelMain();
    client.shell = port1;
    options.serveShell(client.contents, portOfEmitter(port1));
    send(client, 'shell', port2);
  };
  const clientOf = (contents: WebContents): Client => {
    const known = clients.get(contents.id);
    if (known !== undefined) return known;
    const client: Client = { contents, shell: null, core: null, left: requestsPerDocument };
    clients.set(contents.id, client);
    contents.on('did-navigate', () => (client.left = requestsPerDocument));
    contents.once('destroyed', () => {
      clients.delete(contents.id);
      client.core?.close();
      client.shell?.close();
    });
    return client;
  };

  ipcMain.on('zuoxi:request-ports', (event) => {
    if (!isOwnMainFrame(event.senderFrame)) {
      options.logger.warn('ports-refused', { reason: 'sender' });
      return;
    }
    const client = clientOf(event.sender);
    if (client.left <= 0) return;
    client.left -= 1;
    giveShell(client);
    if (options.core.life !== null) giveCore(client, options.core.life);
  });
  options.core.onReady((life) => {
    for (const client of clients.values()) giveCore(client, life);
  });
}

function isOwnMainFrame(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && mayNavigate(frame.url);
}
