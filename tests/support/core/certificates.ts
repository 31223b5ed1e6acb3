import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

const DAY = 86_400_000;

/** PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Leaf {
  /** Name that it is for. */
  readonly host: string;
  /** ms since 1970; by default from yesterday until tomorrow. */
  readonly from?: number;
  readonly until?: number;
}

/** Signs certificates for tests; nothing of it lies in a file that would expire. */
export interface Authority {
  /** Its own certificate, PEM. */
  readonly ca: string;
  sign(leaf: Leaf): Certificate;
}

type Key = { readonly pem: string; readonly secret: forge.pki.rsa.PrivateKey; readonly open: forge.pki.PublicKey };

/** RSA by Node, which is quicker at it. */
function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { pem: privateKey, secret: forge.pki.privateKeyFromPem(privateKey), open: forge.pki.publicKeyFromPem(publicKey) };
}

function make(subject: string, issuer: string, key: Key, signer: Key, isAuthority: boolean, { host, from, until }: Leaf): string {
  const made = forge.pki.createCertificate();
  made.publicKey = key.open;
  made.serialNumber = `01${randomBytes(8).toString('hex')}`;
  made.validity.notBefore = new Date(from ?? Date.now() - DAY);
  made.validity.notAfter = new Date(until ?? Date.now() + DAY);
  made.setSubject([{ name: 'commonName', value: subject }]);
  made.setIssuer([{ name: 'commonName', value: issuer }]);
  made.setExtensions([
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    ...(isAuthority ? [{ name: 'keyUsage', keyCertSign: true, critical: true }] : [{ name: 'extKeyUsage', serverAuth: true }]),
    ...(isAuthority ? [] : [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }]),
  ]);
  made.sign(signer.secret, forge.md.sha256.create());
  return forge.pki.certificateToPem(made);
}

export function createAuthority(name: string): Authority {
  const own = newKey();
  const leafKey = newKey();
  return {
    ca: make(name, name, own, own, true, { host: name }),
    sign: (leaf) => ({ key: leafKey.pem, cert: make(leaf.host, name, leafKey, own, false, leaf) }),
  };
}

/** What a server makes for itself when nobody else signs. */
export function selfSigned(host: string): Certificate {
  const key = newKey();
  return { key: key.pem, cert: make(host, host, key, key, false, { host }) };
}
