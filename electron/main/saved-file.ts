import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** `new`: nothing has come yet; `whole`: it stands under its name; `ended`: nothing of it is left and nothing more is taken. */
export type SavedFileState = 'new' | 'writing' | 'whole' | 'ended';

/** A file on its way: what arrives gathers beside the place where it will stand, and moves there in one step. */
export interface SavedFile {
  readonly state: SavedFileState;
  /** Pieces go in as they come. @returns false when the disk would not take it; nothing is left then. */
  write(bytes: Uint8Array, end: 'no' | 'yes' | 'abort'): Promise<boolean>;
}

const suffix = '.zuoxi-part';

export function createSavedFile(target: string): SavedFile {
  let state: SavedFileState = 'new';
  let part: { readonly name: string; readonly file: FileHandle; readonly place: string } | null = null;
  // One after the other, however they are asked for.
  let last: Promise<unknown> = Promise.resolve();

  const begin = async (): Promise<NonNullable<typeof part>> => {
    // Through a link to the file that it stands for; the link stays.
    const place = await realpath(target).catch(() => target);
    await clearParts(place);
    const name = `${place}.${randomBytes(4).toString('hex')}${suffix}`;
    // Customers' data: for this user's eyes.
    return { name, file: await open(name, 'wx', 0o600), place };
  };
  const drop = async (): Promise<void> => {
    state = 'ended';
    if (part === null) return;
    await part.file.close().catch(() => undefined);
    await rm(part.name, { force: true }).catch(() => undefined);
    part = null;
  };
  const step = async (bytes: Uint8Array, end: 'no' | 'yes' | 'abort'): Promise<boolean> => {
    if (state === 'whole' || state === 'ended') return false;
    if (end === 'abort') {
      await drop();
      return true;
    }
    state = 'writing';
    try {
      part ??= await begin();
      if (bytes.length > 0) await part.file.writeFile(bytes);
      if (end === 'no') return true;
      await part.file.sync();
      await part.file.close();
      await rename(part.name, part.place);
      part = null;
      state = 'whole';
      return true;
    } catch {
      await drop();
      return false;
    }
  };
  return {
    get state() {
      return state;
    },
    write(bytes, end) {
      const mine = last.then(() => step(bytes, end));
      last = mine;
      return mine;
    },
  };
}

/** What a computer that went down in the middle has left of earlier tries at the same file. */
async function clearParts(place: string): Promise<void> {
  const start = `${path.basename(place)}.`;
  const folder = path.dirname(place);
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(start) && /^[0-9a-f]{8}$/.test(name.slice(start.length, -suffix.length)));
  await Promise.all(left.filter((name) => name.endsWith(suffix)).map((name) => rm(path.join(folder, name), { force: true })));
}
