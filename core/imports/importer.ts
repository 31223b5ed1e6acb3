import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
export type ImportState = OutputOf<CoreContract['queries']['imports.state']>;
export class Importer {
  state: ImportState = { phase: 'none' };
  constructor(_a: unknown, _b: unknown) {}
  async open(_: unknown): Promise<void> {}
  async reread(_: unknown): Promise<void> {}
  async check(_: unknown): Promise<void> {}
  async commit(_: unknown): Promise<void> {}
  async cancel(): Promise<void> {}
}
