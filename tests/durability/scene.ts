import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '../../shared/lib/logger.ts';
import { type Device, startDevice } from '../support/core/device.ts';
import { createFakeHost } from '../support/core/fake-host.ts';
import { receivedIn, recordedServer, type Recording } from './recorded-server.ts';

/** What a child needs to go on where a signed-in device stopped. */
export interface Template {
  readonly dataDir: string;
  readonly secrets: readonly (readonly [string, string])[];
  readonly recording: Recording;
  readonly tickets: readonly string[];
}

/** A copy of the template to work on. */
export interface Run {
  readonly dataDir: string;
  /** What the recorded server has received. */
  readonly log: string;
  /** One line for each answer 已保存: id and text. */
  readonly acks: string;
}

export function copyOf(template: Template, folder: string): Run {
  rmSync(folder, { recursive: true, force: true });
  cpSync(template.dataDir, join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'acks'), '');
  return { dataDir: join(folder, 'data'), log: join(folder, 'received'), acks: join(folder, 'acks') };
}

/** The production core on such a copy, with the recorded server. */
export const startOn = (template: Template, run: Run, logger = silentLogger, renews = false): Device =>
  startDevice({
    dataDir: run.dataDir,
    host: createFakeHost(new Map(template.secrets)),
    transport: recordedServer(template.recording, run.log, renews),
    logger,
  });

export const acksIn = (file: string): { readonly id: string; readonly text: string }[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^saved \S+ \S+$/.test(line))
    .map((line) => ({ id: line.split(' ')[1]!, text: line.split(' ')[2]! }));

/** Starts the core again and holds it to what it had said. @returns how many are missing, and how many are there twice */
export async function countLost(template: Template, run: Run): Promise<{ lost: number; doubled: number }> {
  const acks = acksIn(run.acks);
  const device = startOn(template, run);
  try {
    await device.until('session.state', {}, (s) => s.phase === 'ready');
    const here = new Map<string, string>();
    for (const ticketId of template.tickets)
      for (const event of (await device.read('tickets.get', { ticketId, transferId: null }))?.events ?? []) here.set(event.id, event.note);
    const missing = acks.filter(({ id, text }) => here.get(id) !== text).length;
    await device.until('sync.state', {}, (s) => s.connection === 'online' && s.pending === 0);
    const received = Map.groupBy(receivedIn(run.log), (r) => r.note);
    const unsent = acks.filter(({ text }) => !received.has(text)).length;
    const doubled = [...received.values()].filter((list) => list.length > 1).length;
    return { lost: Math.max(missing, unsent), doubled };
  } finally {
    await device.stop({ keep: true });
  }
}
