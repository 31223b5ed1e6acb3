/** What a release is signed with comes from the environment and from nowhere else (docs/release.md). */
const secrets = {
  all: [
    ['ZUOXI_UPDATE_KEY', 'PEM of the Ed25519 key that signs updates'],
    ['ZUOXI_UPDATE_PUBLIC_KEYS', 'public keys that the app trusts, base64, separated by commas'],
  ],
  win32: [
    ['WIN_CSC_LINK', 'certificate that signs for Windows (file, or base64 of a PFX)'],
    ['WIN_CSC_KEY_PASSWORD', 'its password'],
  ],
  darwin: [
    ['CSC_LINK', 'Developer ID certificate (file, or base64 of a P12)'],
    ['CSC_KEY_PASSWORD', 'its password'],
    ['APPLE_API_KEY', 'key of App Store Connect that notarises (file)'],
    ['APPLE_API_KEY_ID', 'its id'],
    ['APPLE_API_ISSUER', 'its issuer'],
  ],
  linux: [],
} as const satisfies Record<string, readonly (readonly [name: string, what: string])[]>;

export type PackagePlatform = 'win32' | 'darwin' | 'linux';

/** @returns a line for each secret that a release for this platform lacks; empty: it may be built */
export function missingSecrets(platform: PackagePlatform, env: Readonly<Record<string, string | undefined>>): string[] {
  return [...secrets.all, ...secrets[platform]].filter(([name]) => !env[name]).map(([name, what]) => `${name}: ${what}`);
}
