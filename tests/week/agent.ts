import type { Core } from '../../core/create-core.ts';
import type { CommandArgs, CommandKind } from '../../shared/domain/commands/index.ts';
import type { FakeHost } from '../support/core/fake-host.ts';
import { dueParts } from '../../db/reads/due.ts';
import { sortColumns } from '../../shared/domain/ticket-state.ts';
import { newId } from '../support/core/desk.ts';
import { someBytes } from '../support/core/files.ts';
import type { chancesFrom } from '../durability/arguments.ts';
import { DeskWindow, listOf } from './desk-window.ts';

type Chances = ReturnType<typeof chancesFrom>;

/** So many tickets an agent keeps in hand; what is beyond is finished first. */
const IN_HAND = 12;

/** What an agent does at the desk, as far as it lies in the windows. */
export class Agent {
  /** Saved, and refused. */
  done = 0;
  refused = 0;
  /** Saved commands by simulated day. */
  readonly commands: number[] = [];
  #day = 0;
  window: DeskWindow | null = null;
  #tickets = 0;
  readonly #core: Core;
  readonly #host: FakeHost;
  readonly #colleague: string;
  readonly #chances: Chances;
  readonly #now: () => number;

  constructor(core: Core, host: FakeHost, colleague: string, chances: Chances, now: () => number) {
    this.#core = core;
    this.#host = host;
    this.#colleague = colleague;
    this.#chances = chances;
    this.#now = now;
  }

  begin(day: number): void {
    this.#day = day;
    this.commands[day] = 0;
  }

  openWindow(): DeskWindow {
    this.window?.close();
    this.window = new DeskWindow(this.#core);
    this.window.showList('processing');
    return this.window;
  }

  closeWindow(): void {
    this.window?.close();
    this.window = null;
  }

  /** A second window, looked into and closed. */
  async glance(): Promise<void> {
    const second = new DeskWindow(this.#core);
    second.showBucket('today');
    second.showTicket((await this.#any()) ?? newId());
    await second.client.read('tickets.counts', {});
    second.close();
  }

  /** Goes through 需要处理: what a colleague was quicker with is let go. */
  async clearAttention(): Promise<void> {
    const { client } = this.window ?? this.openWindow();
    for (const { commandId } of await client.read('attention.list', {})) await client.call('attention.discard', { commandId });
  }

  /** One of my open tickets; null: I have none. */
  async #any(): Promise<string | null> {
    const mine = await this.#mine();
    return mine.length === 0 ? null : this.#chances.pick(mine);
  }

  async #mine(): Promise<string[]> {
    const { client } = this.window!;
    const lists = [await client.read('tickets.list', listOf('pending')), await client.read('tickets.list', listOf('processing'))];
    return lists.flatMap((l) => l.rows.map((r) => r.id));
  }

  #count(result: { readonly ok: boolean }): void {
    if (result.ok) {
      this.done += 1;
      this.commands[this.#day]! += 1;
    } else this.refused += 1;
  }

  async #act<K extends CommandKind>(ticketId: string, kind: K, args: CommandArgs<K>, draft?: string): Promise<void> {
    this.#count(await this.window!.client.call('tickets.act', { ticketId, kind, args, ...(draft !== undefined && { draft }) }));
  }

  /** One thing among those that fill a day. */
  async work(): Promise<void> {
    const window = this.window ?? this.openWindow();
    const { client } = window;
    await this.#answerPopups(window);
    const mine = await this.#mine();
    if (mine.length < 4) return this.#newTicket();
    const id = this.#chances.pick(mine);
    const form = `ticket:${id}`;
    window.showTicket(id);
    if (mine.length > IN_HAND) {
      await client.call('drafts.save', { form, value: JSON.stringify({ text: '已经更换光猫' }) });
      return this.#act(id, 'resolve', { report: '更换光猫后恢复，客户已确认。' }, form);
    }
    switch (this.#chances.below(11)) {
      case 0:
        return this.#newTicket();
      case 1:
      case 2:
        await client.call('drafts.save', { form, value: JSON.stringify({ text: '客户说晚上才在家' }) });
        await client.call('drafts.save', { form, value: JSON.stringify({ text: '客户说晚上八点后才在家' }) });
        return this.#act(id, 'note', { note: '客户说晚上八点后才在家。' }, form);
      case 3:
      case 4:
      case 5: {
        const dueAt = this.#now() + (2 + this.#chances.below(60)) * 60_000;
        return this.#act(id, 'scheduleCallback', { callbackId: newId(), dueAt, note: '问是否恢复' });
      }
      case 6:
        return this.#act(id, 'transfer', { toId: this.#colleague, reason: '离你近' });
      case 7:
        // In many orders, more in a day than statements are kept: each is one of its own.
        for (let i = 0; i < 40; i += 1) {
          const list = listOf(this.#chances.pick(['pending', 'processing', 'resolved', 'transferred', 'pool'] as const));
          const order = {
            sort: this.#chances.pick(sortColumns),
            descending: this.#chances.below(2) === 0,
            due: this.#chances.pick(dueParts),
          };
          await client.read('tickets.list', { ...list, ...order });
        }
        window.showBucket(this.#chances.pick(['past7', 'today', 'next3'] as const));
        await client.read('reminders.ledger', { kind: 'all', outcome: 'all', offset: 0, limit: 50 });
        return;
      case 8: {
        // Each search is a text of its own.
        const text = `${this.#chances.pick(['掉线', '光猫', '退款', '周砚秋'])} ${this.#chances.below(1_000_000)}`;
        await client.read('search.find', { text });
        await client.read('customers.list', { view: 'mine', text, sort: 'name', descending: false, offset: 0, limit: 50 });
        return;
      }
      case 9:
        await client.call('drafts.save', { form, value: JSON.stringify({ text: '先写着' }) });
        await client.call('drafts.discard', { form });
        window.showList('processing');
        return;
      default: {
        const subjectId = newId();
        const phrase = {
          shared: false,
          title: `晚些再打 ${this.#chances.below(1_000_000)}`,
          text: '您好，我们晚些再联系您。',
          position: 1,
        };
        this.#count(await client.call('records.act', { kind: 'putPhrase', subjectId, args: phrase }));
        this.#count(await client.call('records.act', { kind: 'removePhrase', subjectId, args: {} }));
      }
    }
  }

  async #newTicket(): Promise<void> {
    this.#tickets += 1;
    this.#count(
      await this.window!.client.call('tickets.create', {
        customerId: null,
        customer: { name: `周砚秋 ${this.#tickets}`, phones: [`138${String(10_000_000 + this.#chances.below(89_999_999))}`] },
        subject: `晚间频繁掉线 ${this.#tickets}`,
        description: '千兆测速不到 100M',
        category: '宽带 · 掉线',
        priority: 'high',
        nature: 'problem',
        source: 'phone',
      }),
    );
  }

  async #answerPopups(window: DeskWindow): Promise<void> {
    for (const { count, id, kind } of window.popups) {
      const action =
        kind === 'callback' && count === 1 ? this.#chances.pick(['contacted', 'contacted', 'snooze', 'open'] as const) : 'open';
      this.#count(await window.client.call('reminders.act', { id, action }));
    }
  }

  /** A file goes with a note. */
  async attach(): Promise<void> {
    const id = await this.#any();
    if (id === null) return;
    const form = `ticket:${id}`;
    const { refused } = await this.window!.client.call('attachments.addPicked', {
      form,
      files: [this.#host.pick('回执.dat', someBytes(2_000))],
    });
    if (refused.length > 0) throw new Error(`a file was refused: ${refused[0]!.why}`);
    await this.#act(id, 'note', { note: '见附件。' }, form);
  }

  /** Somebody whose customer may write back. */
  someTicket(): Promise<string | null> {
    return this.#any();
  }
}
