import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';

/** How requests leave this computer; the company's administrators decide it, nobody else. */
export interface Network {
  /** PEM certificates of the company's own authorities, trusted beside those that come with Node. */
  readonly ca: string | null;
  /** `http://[user:password@]host:port`; https and wss go through it by CONNECT. */
  readonly proxy: string | null;
  /** Hosts that are reached without it: a name, `.suffix`, `*.suffix`, an IPv4 address or `first-last` of them; each with `:port` or without. */
  readonly noProxy: readonly string[];
}

export const directNetwork: Network = { ca: null, proxy: null, noProxy: [] };

export interface Agents {
  of(url: URL): http.Agent;
}

/** For an unused connection, for the answer of a proxy to CONNECT, and for a handshake. */
const IDLE_MS = 15_000;

/**
 * Connections for requests and for the live channel alike. All that decides whom to trust is said here, so that no variable
 * of whoever started the process has a say (NODE_EXTRA_CA_CERTS, NODE_TLS_REJECT_UNAUTHORIZED, HTTPS_PROXY …).
 */
export function createAgents({ ca, proxy, noProxy }: Network): Agents {
  // For this computer alone (`parseServerUrl`): never through a proxy.
  const plain = new http.Agent({ keepAlive: true, timeout: IDLE_MS });
  let secure: https.Agent | null = null;
  return {
    of: ({ protocol }) =>
      protocol === 'https:' || protocol === 'wss:'
        ? (secure ??= new https.Agent({
            keepAlive: true,
            timeout: IDLE_MS,
            rejectUnauthorized: true,
            // Made once: it takes some ms to read all authorities.
            secureContext: tls.createSecureContext({
              ca: ca === null ? [...tls.rootCertificates] : [...tls.rootCertificates, ca],
              minVersion: 'TLSv1.2',
            }),
            ...(proxy !== null && { proxyEnv: { HTTPS_PROXY: proxy, NO_PROXY: noProxy.join(',') } }),
          }))
        : plain,
  };
}
