import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMeta } from '../../db/reads/meta.ts';
import { putRow } from '../../db/writes/rows.ts';
import { baseCustomer, colleague, holder } from '../../shared/domain/commands/decide-world.ts';
import { Computer, openDesk } from './computer.ts';
import { BrokenPromise, type Fault } from './promises.ts';

const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export interface Outcome {
  readonly seed: number;
  readonly fault: Fault | null;
  readonly message: string;
  readonly lines: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** An empty desk, made once a process and copied for each schedule. */
export function makeTemplate(): string {
  const folder = mkdtempSync(join(memory, 'zuoxi-reminders-template-'));
  const cache = openDesk(folder, 0);
  cache.transaction((db) => {
    putRow(db, 'account', holder);
    putRow(db, 'account', colleague);
    putRow(db, 'customer', baseCustomer);
    writeMeta(db, 'cursor', '1');
  });
  cache.close();
  return folder;
}

/** Plays one schedule; all of it follows from the seed. */
export async function playSchedule(template: string, seed: number): Promise<Outcome> {
  const folder = mkdtempSync(join(memory, 'zuoxi-reminders-'));
  cpSync(template, folder, { recursive: true });
  const desk = new Computer(folder, seed);
  let fault: Fault | null = null;
  let message = '';
  try {
    await desk.play();
  } catch (error) {
    fault = error instanceof BrokenPromise ? error.fault : 'other';
    message = error instanceof BrokenPromise ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    await desk.off();
    rmSync(folder, { recursive: true, force: true });
  }
  return { seed, fault, message, lines: desk.lines, counts: desk.counts };
}
