import { createPublicKey, verify } from 'node:crypto';
import { signedText, type UpdateManifest } from '../../../shared/protocol/update-manifest.ts';

/** @param keys trusted public keys, base64 of SPKI; one that is no key counts for nothing */
export const isSigned = (manifest: UpdateManifest, keys: readonly string[]): boolean =>
  keys.some((key) => {
    try {
      const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
      if (publicKey.asymmetricKeyType !== 'ed25519') return false;
      return verify(null, Buffer.from(signedText(manifest)), publicKey, Buffer.from(manifest.signature, 'base64'));
    } catch {
      return false;
    }
  });
