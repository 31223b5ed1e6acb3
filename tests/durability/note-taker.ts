import { appendFileSync, readFileSync } from 'node:fs';
import { type Run, startOn, type Template } from './scene.ts';

// A child of the harnesses: the production core, which saves notes one after the other, says of each when it is saved, and
// syncs after every few. Argument: a JSON file with what it works on.

export interface Task {
  readonly template: Template;
  readonly run: Run;
  readonly notes: number;
  /** Waits for the server after this many. */
  readonly perSync: number;
  /** Of the texts, so that those of two runs differ. */
  readonly prefix: string;
}

const task = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Task;
const { notes, perSync, prefix, run, template } = task;
const device = startOn(template, run);
await device.until('session.state', {}, (s) => s.phase === 'ready');
for (let i = 0; i < notes; i += 1) {
  const ticketId = template.tickets[i % template.tickets.length]!;
  const text = `${prefix}-${i}`;
  appendFileSync(run.acks, `begin ${text}\n`);
  try {
    const form = `ticket:${ticketId}`;
    if (i % 3 === 0) await device.call('drafts.save', { form, value: JSON.stringify({ note: text }) });
    const answer = await device.call('tickets.act', { ticketId, kind: 'note', args: { note: `${text}` }, draft: form });
    if (answer.ok) appendFileSync(run.acks, `saved ${answer.commandId} ${text}\n`);
    else appendFileSync(run.acks, `refused ${text} ${answer.refusal.code}\n`);
  } catch (error) {
    appendFileSync(run.acks, `failed ${text} ${error instanceof Error ? error.message : ''}\n`);
  }
  if (i % perSync !== perSync - 1) continue;
  await device.until('sync.state', {}, (s) => s.connection === 'online' && s.pending === 0).catch(() => null);
  appendFileSync(run.acks, `synced ${text}\n`);
}
await device.stop({ keep: true });
