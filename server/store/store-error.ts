export type StoreProblem =
  | 'data-dir'
  | 'data-dir-in-use'
  | 'database-unreachable'
  | 'database-missing'
  | 'database-refused'
  | 'schema-newer'
  | 'schema-older'
  | 'database-damaged';

/** The database cannot be used, and why; `detail` names the folder, host or version, never a password. */
export class StoreError extends Error {
  readonly problem: StoreProblem;
  readonly detail: string;

  constructor(problem: StoreProblem, detail: string, cause?: unknown) {
    super(`${problem}: ${detail}`, { cause });
    this.name = 'StoreError';
    this.problem = problem;
    this.detail = detail;
  }
}
