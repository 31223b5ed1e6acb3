/**
 * What of whoever started the app must not reach the core, by name: settings of Node (NODE_OPTIONS, NODE_EXTRA_CA_CERTS,
 * NODE_TLS_REJECT_UNAUTHORIZED, NODE_DEBUG, which prints what is sent, and all others), of OpenSSL (SSL_CERT_FILE,
 * OPENSSL_CONF, which can load code, SSLKEYLOGFILE), proxies (HTTPS_PROXY, ALL_PROXY …) and Electron's own.
 */
const refused = /^(NODE_|SSL|OPENSSL|ELECTRON_)|_PROXY$/i;

/** The environment of the core's process. The transport heeds none of these either; what is not there cannot be forgotten. */
export function coreEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((each): each is [string, string] => each[1] !== undefined && !refused.test(each[0])),
  );
}
