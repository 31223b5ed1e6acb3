import { StorageError } from '../db/storage-error.ts';

/** Runs what nobody waits for. A fault of the disk has been told where it was met; from here it would end the process. */
export async function calmly(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
}
