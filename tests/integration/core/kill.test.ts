import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { callback, ticketEvent } from '../../../server/store/schema.ts';
import { newId, type Office, openOffice, PASSWORD } from '../../support/core/desk.ts';
import { type CoreProcess, startCoreProcess } from './core-process.ts';

const KILLS = 32;

let office: Office;
let dataDir: string;
let core: CoreProcess;
afterEach(async () => {
  core.child.kill('SIGKILL');
  await office.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The same kills each time, as far as two processes can have the same. */
function chances(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    return x / 2 ** 32;
  };
}

test(
  'SPEC 1 killed at any moment of a burst, the core has all that it said was saved, and each of it reaches the server once',
  { timeout: 235_000 },
  async () => {
    office = await openOffice();
    dataDir = mkdtempSync(join(tmpdir(), 'zuoxi-kill-'));
    core = await startCoreProcess({ dataDir });
    const { host } = core;
    expect(await core.client.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: PASSWORD })).toEqual({ ok: true });
    const tickets: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      const made = await core.client.call('tickets.create', {
        customerId: null,
        customer: { name: '周砚秋', phones: [] },
        subject: `工单 ${i}`,
        description: '',
        category: '',
        nature: 'problem',
        priority: 'normal',
        source: 'phone',
      });
      if (made.ok) tickets.push(made.ticketId);
    }
    expect(tickets).toHaveLength(4);

    const random = chances(20_261_118);
    const asked = new Set<string>();
    /** Command id → what was written. */
    const saved = new Map<string, string>();
    const callbacks = new Set<string>();
    const drafts = new Map<string, { saved: number; asked: number }>();
    let cutShort = 0;
    let serial = 0;

    for (let round = 0; round < KILLS; round += 1) {
      const { client } = core;
      const killAfter = 1 + Math.floor(random() * 24);
      let answered = 0;
      let reached = (): void => {};
      const enough = new Promise<void>((resolve) => (reached = resolve));
      const note = (promise: Promise<unknown>): void => {
        void promise.then(
          () => {
            answered += 1;
            if (answered >= killAfter) reached();
          },
          () => {
            cutShort += 1;
            reached();
          },
        );
      };
      for (let i = 0; i < 90; i += 1) {
        const ticketId = tickets[Math.floor(random() * tickets.length)]!;
        const text = `n-${(serial += 1)}`;
        const dice = random();
        if (dice < 0.5) {
          asked.add(text);
          note(
            client
              .call('tickets.act', { ticketId, kind: 'note', args: { note: text } })
              .then((r) => void (r.ok && saved.set(r.commandId, text))),
          );
        } else if (dice < 0.7) {
          const callbackId = newId();
          asked.add(text);
          note(
            client
              .call('tickets.act', { ticketId, kind: 'scheduleCallback', args: { callbackId, dueAt: Date.now() + 86_400_000, note: text } })
              .then((r) => {
                if (!r.ok) return;
                saved.set(r.commandId, text);
                callbacks.add(callbackId);
              }),
          );
        } else {
          const form = `ticket:${ticketId}`;
          const n = serial;
          const before = drafts.get(form) ?? { saved: 0, asked: 0 };
          drafts.set(form, { ...before, asked: n });
          note(
            client.call('drafts.save', { form, value: String(n) }).then(() => void drafts.set(form, { ...drafts.get(form)!, saved: n })),
          );
        }
      }
      await enough;
      // And then somewhere between two steps of it.
      if (random() < 0.7) await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 8)));
      await core.kill();

      core = await startCoreProcess({ dataDir, host });
      await core.until('session.state', {}, (s) => s.phase === 'ready');
      for (const [form, draft] of drafts) {
        if (draft.saved === 0) continue;
        const kept = Number((await core.client.read('drafts.get', { form }))?.value ?? -1);
        expect(kept, `draft of round ${round}`).toBeGreaterThanOrEqual(draft.saved);
        expect(kept).toBeLessThanOrEqual(draft.asked);
      }
      const here = new Set<string>();
      for (const ticketId of tickets)
        for (const e of (await core.client.read('tickets.get', { ticketId, transferId: null }))?.events ?? []) here.add(e.id);
      expect(
        [...saved.keys()].filter((id) => !here.has(id)),
        `lost in round ${round}`,
      ).toEqual([]);
    }
    // Kills that hit nothing prove nothing.
    expect(cutShort).toBeGreaterThan(KILLS * 4);
    expect(saved.size).toBeGreaterThan(KILLS * 2);

    await core.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online', 60_000);
    expect(await core.client.read('attention.list', {})).toEqual([]);
    const events = (await office.server.store.orm.select().from(ticketEvent)).filter((e) => e.command !== 'create');
    const byText = Map.groupBy(events, (e) => e.note);
    for (const [id, text] of saved)
      expect(
        byText.get(text)?.map((e) => e.id),
        text,
      ).toEqual([id]);
    // What was not answered may have been saved all the same; nothing came from nowhere, and nothing twice.
    for (const [text, list] of byText) {
      expect(asked.has(text)).toBe(true);
      expect(list).toHaveLength(1);
    }
    const rows = new Set((await office.server.store.orm.select().from(callback)).map((c) => c.id));
    expect([...callbacks].filter((id) => !rows.has(id))).toEqual([]);
  },
);
