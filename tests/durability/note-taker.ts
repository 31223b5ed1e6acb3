import { appendFileSync, readFileSync } from 'node:fs';
import { BridgeError } from '../../shared/bridge/errors.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { type Run, startOn, type Template } from './scene.ts';

// A child of the harnesses: the production core, which saves notes one after the other, says of each when it is saved, and
// syncs after every few. Argument: a JSON file with what it works on.

export interface Task {
  readonly template: Template;
  readonly run: Run;
  readonly notes: number;
  /** Waits for the server after this many. */
  readonly perSync: number;
  /** Between two notes, so that pages come in between. */
  readonly pauseMs?: number;
  /** The server has all read anew, again and again. */
  readonly renews?: boolean;
  /** Of the texts, so that those of two runs differ. */
  readonly prefix: string;
}

async function main(): Promise<void> {
  const task = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Task;
  const { notes, pauseMs = 0, perSync, prefix, renews, run, template } = task;
  const logger: Logger = {
    info: () => {},
    warn: () => {},
    error: (event, fields) => appendFileSync(run.acks, `log ${event} ${JSON.stringify(fields)}\n`),
  };
  const device = startOn(template, run, logger, renews);
  const { phase, reason } = await device.until('session.state', {}, (s) => s.phase !== 'starting');
  appendFileSync(run.acks, `opened ${phase} ${reason}\n`);
  if (phase !== 'ready') process.exit(3);
  for (let i = 0; i < notes; i += 1) {
    const ticketId = template.tickets[i % template.tickets.length]!;
    const text = `${prefix}-${i}`;
    appendFileSync(run.acks, `begin ${text}\n`);
    // An agent who is told that it is not saved presses the button again.
    for (let attempt = 0; attempt < 60; attempt += 1)
      try {
        const form = `ticket:${ticketId}`;
        if (i % 3 === 0) await device.call('drafts.save', { form, value: JSON.stringify({ note: text }) });
        const answer = await device.call('tickets.act', { ticketId, kind: 'note', args: { note: text }, draft: form });
        appendFileSync(run.acks, answer.ok ? `saved ${answer.commandId} ${text}\n` : `refused ${text} ${answer.refusal.code}\n`);
        if (answer.ok) break;
        // The cache is being filled anew after a recovery.
        await new Promise((resolve) => setTimeout(resolve, 25));
      } catch (error) {
        appendFileSync(run.acks, `failed ${text} ${error instanceof BridgeError ? error.code : String(error)}\n`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (i % perSync !== perSync - 1) continue;
    await device.until('sync.state', {}, (s) => s.connection === 'online' && s.pending === 0).catch(() => null);
    appendFileSync(run.acks, `synced ${text}\n`);
  }
  await device.stop({ keep: true });
}

void main();
