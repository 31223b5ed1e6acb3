import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { paths } from '../../shared/protocol/wire.ts';
import type { Holder } from '../sessions/sessions.ts';
import type { Hub } from './hub.ts';

const HEARTBEAT_MS = 15_000;
/** A client that reads so slowly is cut off; it pulls when it is back. */
const MOST_BUFFERED = 1_000_000;
const NORMAL_CLOSE = 1000;
const POLICY_CLOSE = 1008;

/** The WebSocket over which hints go out. What a client sends on it is ignored. */
export function addLiveRoute(app: FastifyInstance, hub: Hub, holderOf: (request: object) => Holder): void {
  app.get(paths.live, { websocket: true }, (socket: WebSocket, request) => {
    const holder = holderOf(request);
    let alive = true;
    const remove = hub.add({
      sessionId: holder.sessionId,
      account: holder.account,
      send(message) {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount > MOST_BUFFERED) socket.terminate();
        else socket.send(JSON.stringify(message));
      },
      close: () => socket.close(POLICY_CLOSE, 'session ended'),
    });
    const beat = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, HEARTBEAT_MS);
    socket.on('pong', () => {
      alive = true;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(beat);
      remove();
    });
    // The session may have ended between the check and now. Only this one: hundreds may come at once.
    void hub.checkOwnSessions(holder.sessionId).catch(() => socket.close(NORMAL_CLOSE));
  });
}
