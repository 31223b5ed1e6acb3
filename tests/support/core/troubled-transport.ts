import { TransportError, type Transport } from '../../../core/ports.ts';
import { createHttpTransport } from '../../../core/transport/http-transport.ts';

type Request =
  | 'hello'
  | 'signIn'
  | 'refresh'
  | 'signOut'
  | 'push'
  | 'pull'
  | 'operate'
  | 'export'
  | 'beginUpload'
  | 'uploadPiece'
  | 'downloadPiece';

export interface Trouble {
  /** Asked after the server has answered: true loses the answer. */
  lose: (request: Request) => boolean;
  /** Asked before: true and it is sent twice, the second answer counts. */
  repeat: (request: Request) => boolean;
  /** true: no way to the server at all. */
  offline: boolean;
  /** true: no hint comes through, though the channel looks open. */
  deaf: boolean;
}

/** The real way to the server, over which answers get lost when the test says so. */
export function troubledTransport(): { transport: Transport; trouble: Trouble; counts: Map<string, number> } {
  const real = createHttpTransport();
  const trouble: Trouble = { lose: () => false, repeat: () => false, offline: false, deaf: false };
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

  const through = async <T>(request: Request, send: () => Promise<T>): Promise<T> => {
    if (trouble.offline) throw new TransportError('unreachable');
    count(request);
    let answer = await send();
    if (trouble.repeat(request)) {
      count(`${request} repeated`);
      answer = await send();
    }
    if (trouble.lose(request)) {
      count(`${request} lost`);
      throw new TransportError('unreachable');
    }
    return answer;
  };
  const transport: Transport = {
    hello: (...a) => through('hello', () => real.hello(...a)),
    signIn: (...a) => through('signIn', () => real.signIn(...a)),
    refresh: (...a) => through('refresh', () => real.refresh(...a)),
    signOut: (...a) => through('signOut', () => real.signOut(...a)),
    push: (...a) => through('push', () => real.push(...a)),
    pull: (...a) => through('pull', () => real.pull(...a)),
    operate: (...a) => through('operate', () => real.operate(...a)),
    export: (...a) => through('export', () => real.export(...a)),
    beginUpload: (...a) => through('beginUpload', () => real.beginUpload(...a)),
    uploadPiece: (...a) => through('uploadPiece', () => real.uploadPiece(...a)),
    downloadPiece: (...a) => through('downloadPiece', () => real.downloadPiece(...a)),
    live: (url, token, on) =>
      real.live(url, token, {
        open: () => on.open(),
        message: (m) => {
          if (!trouble.deaf && !trouble.offline) on.message(m);
        },
        close: () => on.close(),
      }),
  };
  return { transport, trouble, counts };
}
