export type SecretKind = 'os' | 'file' | 'memory';

export interface SecretFacts {
  readonly platform: string;
  readonly packaged: boolean;
  readonly testBuild: boolean;
  /** What safeStorage says of itself on Linux; '' elsewhere. */
  readonly backend: string;
  readonly available: boolean;
}

const weakBackends = ['basic_text', 'unknown', ''];

/** Where tokens and the key of the cache may lie. A release without a key store forgets them when it ends (S12, S13). */
export function chooseSecretStore(facts: SecretFacts): SecretKind {
  const strong = facts.available && !(facts.platform === 'linux' && weakBackends.includes(facts.backend));
  if (strong) return 'os';
  return facts.packaged && !facts.testBuild ? 'memory' : 'file';
}
