import path from 'node:path';

export interface CoreStart {
  readonly dataDir: string;
  /** Address that the agent need not type. */
  readonly presetServer: string | null;
  /** Checks also what the core sends out. */
  readonly checkOutput: boolean;
  /** Of the app. */
  readonly version: string;
}

export type CoreRuntime = { readonly kind: 'utility' } | { readonly kind: 'node'; readonly executable: string };

export interface RuntimeFacts {
  /** Node-API version of Electron's own Node. */
  readonly napi: number;
  readonly packaged: boolean;
  readonly testBuild: boolean;
  /** `ZUOXI_NODE`; heeded only where nothing is packaged. */
  readonly node: string | undefined;
  readonly resources: string;
  readonly platform: string;
}

const napiOfSqlite = 10;

/** Inside Electron wherever its Node can load SQLite; a release has no other way. */
export function chooseCoreRuntime(facts: RuntimeFacts): CoreRuntime {
  if (facts.napi >= napiOfSqlite) return { kind: 'utility' };
  if (!facts.packaged && facts.node) return { kind: 'node', executable: facts.node };
  if (facts.packaged && facts.testBuild) {
    return { kind: 'node', executable: path.join(facts.resources, 'node', facts.platform === 'win32' ? 'node.exe' : 'bin/node') };
  }
  return { kind: 'utility' };
}

/** Plain Node reads no asar, so the core lies beside it. */
export function coreFile(folder: string, runtime: CoreRuntime): string {
  const outside = folder.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');
  return path.join(outside, runtime.kind === 'node' ? 'core-node.cjs' : 'core-utility.cjs');
}
