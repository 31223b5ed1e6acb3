import { TransportError, type Transport } from '../../core/ports.ts';
import { createHttpTransport } from '../../core/transport/http-transport.ts';
import { turn } from '../support/core/virtual-time.ts';

/** The real way to the server, which can be away for hours. */
export interface Network {
  readonly transport: Transport;
  away: boolean;
  /** The channel of hints breaks. @returns whether there was one */
  cut(): boolean;
  /** Once nothing is under way: virtual time must not pass while the real server thinks. */
  quiet(): Promise<void>;
}

export function openNetwork(): Network {
  const real = createHttpTransport();
  const channels = new Set<() => void>();
  let busy = 0;
  let free = (): void => {};
  const guarded =
    (send: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]) => {
      if (network.away) throw new TransportError('unreachable');
      busy += 1;
      try {
        return await send(...args);
      } finally {
        busy -= 1;
        if (busy === 0) free();
      }
    };
  const live: Transport['live'] = (url, token, on) => {
    const close = (): void => {
      channels.delete(cut);
      channel.close();
    };
    const channel = real.live(url, token, {
      ...on,
      close: () => {
        channels.delete(cut);
        on.close();
      },
    });
    const cut = (): void => {
      close();
      on.close();
    };
    channels.add(cut);
    return { close };
  };
  const network: Network = {
    transport: {
      ...(Object.fromEntries(Object.entries(real).map(([name, send]) => [name, guarded(send as never)])) as unknown as Transport),
      live,
    },
    away: false,
    cut() {
      const had = channels.size > 0;
      for (const cut of [...channels]) cut();
      return had;
    },
    async quiet() {
      await turn();
      while (busy > 0) {
        await new Promise<void>((resolve) => {
          free = resolve;
        });
        await turn();
      }
    },
  };
  return network;
}
