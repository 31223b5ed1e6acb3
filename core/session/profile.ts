import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Account } from '../../shared/domain/people.ts';
import { accountRow } from '../../shared/protocol/rows.ts';
import { cacheName } from './cache-places.ts';
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
  /** Whose caches may lie here, by their names. */
  known: z.record(z.string(), z.object({ url: z.string(), accountId: z.string(), staffNo: z.string(), name: z.string() })).default({}),
  /** Caches that are being destroyed, by their names: nothing of them is opened any more. */
  erasing: z.array(z.string()).default([]),
  /** What was erased here last, until somebody signs in. `ordered`: from afar, not by whoever sat here. */
  erased: z
    .object({ url: z.string(), serverName: z.string(), demo: z.boolean(), staffNo: z.string(), waiting: z.int(), ordered: z.boolean() })
    .nullable()
    .default(null),
});
export type Profile = z.infer<typeof profileSchema>;

interface SignedIn {
  readonly url: string;
  readonly hello: { readonly name: string; readonly demo: boolean };
  readonly account: Account;
  readonly now: number;
  readonly offlineLeaseDays: number;
}

export class ProfileStore {
  readonly #path: string;
  #profile: Profile;

  constructor(dataDir: string, makeId: () => string) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.#path = join(dataDir, 'profile.json');
    this.#profile = { deviceId: makeId(), last: null, waiting: {}, known: {}, erasing: [], erased: null };
    if (existsSync(this.#path)) {
      try {
        this.#profile = profileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
      } catch {
        // Damaged: the databases beside it are kept, and signing in finds them again by their names.
        renameSync(this.#path, `${this.#path}.damaged`);
      }
    }
    if (!existsSync(this.#path)) this.#write();
    // Of a version that knew the last account alone.
    const { known, last } = this.#profile;
    if (last === null) return;
    const { id: accountId, name, staffNo } = last.account;
    this.#profile.known = { [cacheName(last.url, accountId)]: { url: last.url, accountId, staffNo, name }, ...known };
  }

  get value(): Profile {
    return this.#profile;
  }

  /** @param name of the account's cache */
  signedIn(name: string, { account, hello, now, offlineLeaseDays, url }: SignedIn): void {
    const { id: accountId, name: person, staffNo } = account;
    this.update({
      last: {
        url,
        serverName: hello.name,
        demo: hello.demo,
        account: { ...account, groupIds: [...account.groupIds] },
        lastContactAt: now,
        offlineLeaseDays,
        signedOut: false,
      },
      known: { ...this.#profile.known, [name]: { url, accountId, staffNo, name: person } },
      erased: null,
    });
  }

  update(change: Partial<Profile>): void {
    this.#profile = { ...this.#profile, ...change };
    this.#write();
  }

  #write(): void {
    writeWhole(this.#path, JSON.stringify(this.#profile));
  }
}
