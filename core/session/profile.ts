import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { accountRow } from '../../shared/protocol/rows.ts';
import { writeWhole } from '../write-whole.ts';

/** What a start without network needs before a database can be opened. Holds no secret and no customer. */
const profileSchema = z.object({
  deviceId: z.string(),
  last: z
    .object({
      url: z.string(),
      serverName: z.string(),
      demo: z.boolean(),
      account: accountRow,
      /** Device time of the last answer from the server; the lease runs from it. */
      lastContactAt: z.number(),
      offlineLeaseDays: z.number(),
      signedOut: z.boolean(),
    })
    .nullable(),
  /** How many commands wait in each cache, by its name: said when the cache itself can no longer be read. */
  waiting: z.record(z.string(), z.int()).default({}),
});
export type Profile = z.infer<typeof profileSchema>;

export class ProfileStore {
  readonly #path: string;
  #profile: Profile;

  constructor(dataDir: string, makeId: () => string) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.#path = join(dataDir, 'profile.json');
    this.#profile = { deviceId: makeId(), last: null, waiting: {} };
    if (existsSync(this.#path)) {
      try {
        this.#profile = profileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
      } catch {
        // Damaged: the databases beside it are kept, and signing in finds them again by their names.
        renameSync(this.#path, `${this.#path}.damaged`);
      }
    }
    if (!existsSync(this.#path)) this.#write();
  }

  get value(): Profile {
    return this.#profile;
  }

  update(change: Partial<Profile>): void {
    this.#profile = { ...this.#profile, ...change };
    this.#write();
  }

  #write(): void {
    writeWhole(this.#path, JSON.stringify(this.#profile));
  }
}
