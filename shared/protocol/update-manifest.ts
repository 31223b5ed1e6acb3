import { z } from 'zod';

// What a feed says of the newest version: electron-builder's `latest*.yml`, with our own signature in it (S25).

/** A file beside the manifest; an address elsewhere is none. */
const fileName = z
  .string()
  .max(200)
  .regex(/^[\w.-]+$/);
/** base64 of 64 bytes; the last character has bits that mean nothing, and has to have them zero. */
const oneSpelling = /^[A-Za-z0-9+/]{85}[AQgw]==$/;
const sha512 = z.string().regex(oneSpelling);
const version = z
  .string()
  .max(60)
  .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/);

/** Strict: whatever the updater might act on has to be known here, and signed. */
export const updateManifest = z.strictObject({
  version,
  files: z
    .array(
      z.strictObject({
        url: fileName,
        sha512,
        size: z.int().positive(),
        blockMapSize: z.int().positive().optional(),
        isAdminRightsRequired: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(20),
  path: fileName,
  sha512,
  /** ISO 8601. */
  releaseDate: z.iso.datetime(),
  /** So many of a hundred accounts get it, 0–100; all, if it is missing. */
  stagingPercentage: z.int().min(0).max(100).optional(),
  /** ISO 8601; from then on the app restarts into it by itself, as soon as nothing is unsaved. */
  deadline: z.iso.datetime().optional(),
  /** Ed25519 over `signedText`. */
  signature: z.string().regex(oneSpelling),
});
export type UpdateManifest = z.infer<typeof updateManifest>;

/** What is signed: all of a manifest but its signature, with its keys in order. */
export function signedText(manifest: Readonly<Record<string, unknown>>): string {
  const { signature: _, ...rest } = manifest;
  return `zuoxi-update-1\n${JSON.stringify(sorted(rest))}`;
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
};
