import type { Obstacle } from '../../shared/bridge/way-problems.ts';

const byCode: Readonly<Record<string, Obstacle>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-early',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-host',
  HOSTNAME_MISMATCH: 'certificate-host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
};

/** Whatever else is wrong with a chain of certificates: no trusted signature, a revoked one, one for another use. */
const chain = /^(CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_CERT_IN_CHAIN|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|AKID_|KEYUSAGE_)/;

/** No version of TLS, or no cipher, that both know. It is a code of its own, or EPROTO with it in the message. */
const noCommonWay = /(PROTOCOL VERSION|UNSUPPORTED PROTOCOL|WRONG SSL VERSION|HANDSHAKE FAILURE)/;

/** A proxy that is well and reaches nobody: the server's trouble. */
const farAway = [502, 503, 504];

/** What a failed connection says of the way; null: no more than that it failed. */
export function obstacleOf(error: unknown): Obstacle | null {
  if (!(error instanceof Error)) return null;
  const { code = '', statusCode = 0 } = error as { code?: unknown; statusCode?: unknown };
  const name = String(code);
  if (name === 'ERR_PROXY_TUNNEL') return farAway.includes(Number(statusCode)) || statusCode === 0 ? null : 'proxy';
  if (/^(EPROTO$|ERR_SSL_)/.test(name) && noCommonWay.test(`${name} ${error.message}`.replaceAll('_', ' ').toUpperCase())) return 'tls-old';
  return byCode[name] ?? (chain.test(name) ? 'certificate-unknown' : null);
}

/** Whether an answer that is none of ours is a web page of whoever owns the network, or a way to one. */
export function isPortal(status: number, contentType: string): boolean {
  if (status === 511 || (status >= 300 && status < 400)) return true;
  return contentType.startsWith('text/html') && (status < 300 || status === 401 || status === 403);
}
