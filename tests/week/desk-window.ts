import type { Core } from '../../core/create-core.ts';
import { type CoreContract, coreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import { portPair } from '../../shared/bridge/port.ts';
import { type Client, createClient } from '../../shared/bridge/rpc.ts';
import type { ListName } from '../../shared/domain/ticket-state.ts';

type Popup = OutputOf<CoreContract['queries']['reminders.popups']>[number];

export const listOf = (list: ListName) => ({ list, due: 'all', sort: 'next', descending: false, offset: 0, limit: 50 }) as const;

/** A window as the desk opens it: it watches what stands on its screen, and gives it up when it goes. */
export class DeskWindow {
  readonly client: Client<CoreContract> = createClient(coreContract);
  popups: readonly Popup[] = [];
  readonly #close: () => void;
  #leaveList: () => void = () => {};
  #leaveTicket: () => void = () => {};

  constructor(core: Core) {
    const [near, far] = portPair();
    core.serve(far);
    this.client.attach(near);
    this.#close = () => near.close();
    const ignore = (): void => {};
    for (const name of ['session.state', 'sync.state', 'attention.list', 'tickets.counts', 'directory.list', 'searches.list'] as const)
      this.client.watch(name, {}, ignore);
    for (const name of ['reminders.tray', 'calls.incoming', 'settings.get'] as const) this.client.watch(name, {}, ignore);
    this.client.watch('reminders.counts', { scope: 'mine' }, ignore);
    this.client.watch('phrases.list', { text: '' }, ignore);
    this.client.watch('reminders.popups', {}, (popups) => {
      this.popups = popups;
    });
  }

  showList(list: ListName): void {
    this.#leaveList();
    this.#leaveList = this.client.watch('tickets.list', listOf(list), () => {});
  }

  showBucket(bucket: 'past7' | 'today' | 'next3'): void {
    this.#leaveList();
    const input = { bucket, scope: 'mine', accountId: null, kind: 'all', offset: 0, limit: 50 } as const;
    this.#leaveList = this.client.watch('reminders.bucket', input, () => {});
  }

  showTicket(ticketId: string): void {
    this.#leaveTicket();
    const stops = [
      this.client.watch('tickets.get', { ticketId, transferId: null }, () => {}),
      this.client.watch('drafts.get', { form: `ticket:${ticketId}` }, () => {}),
      this.client.watch('attachments.list', { of: 'ticket', id: ticketId }, () => {}),
    ];
    this.#leaveTicket = () => stops.forEach((stop) => stop());
  }

  /** As a window that is closed or crashes: it says goodbye to nobody. */
  close(): void {
    this.#close();
  }
}
