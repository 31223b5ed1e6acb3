export interface BuildFacts {
  readonly packaged: boolean;
  /** A packaged build that is never published; its version ends in `-test`. */
  readonly testBuild: boolean;
}

export function buildFacts(packaged: boolean, version: string): BuildFacts {
  return { packaged, testBuild: packaged && version.endsWith('-test') };
}

/** Variables of a developer's shell; what is published does not look at them. */
export function developerSetting(
  facts: BuildFacts,
  env: Readonly<Record<string, string | undefined>>,
  name: `ZUOXI_${string}`,
): string | undefined {
  return facts.packaged && !facts.testBuild ? undefined : env[name] || undefined;
}
