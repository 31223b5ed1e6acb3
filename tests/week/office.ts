import { act, newTicket, openOffice } from '../support/core/desk.ts';
import { customerReplies } from '../support/core/customer-replies.ts';

// The real server and two colleagues, in a process of their own, so that its memory is not taken for the core's. It goes
// by the clock that it is told.

/** What is asked of it. `time`: from now on it is that late, and what is due is done. */
export type Wish =
  | { readonly do: 'time'; readonly now: number }
  /** The leader makes a ticket and assigns it to the agent. */
  | { readonly do: 'assign' }
  /** A colleague makes one and transfers it. */
  | { readonly do: 'transfer' }
  | { readonly do: 'reply'; readonly ticketId: string };
export type Told =
  | { readonly ready: { readonly url: string; readonly bai: string } }
  | { readonly done: number }
  | { readonly failed: string };

const tell = (told: Told): void => void process.send!(told);
const clock = { at: Number(process.env['ZUOXI_WEEK_START']), now: () => clock.at };
const office = await openOffice({ clock });
const { bai: baiAccount, lin } = office.people;
const [he, bai] = [await office.device('he', { clock }), await office.device('bai', { clock })];
let made = 0;

async function grant(wish: Wish): Promise<void> {
  if (wish.do === 'time') {
    clock.at = wish.now;
    await office.server.runDue();
    return;
  }
  if (wish.do === 'reply') return customerReplies(office.server, wish.ticketId, '还是不行，请再看一下。', clock.at);
  made += 1;
  const from = wish.do === 'assign' ? he : bai;
  const id = await newTicket(from, `同事转来的第 ${made} 张`);
  if (wish.do === 'assign') await act(from, id, 'assign', { toId: lin.id, note: '请今天处理' });
  else await act(from, id, 'transfer', { toId: lin.id, reason: '客户要找你' });
  await from.synced();
}

let turn: Promise<void> = Promise.resolve();
let done = 0;
process.on('message', (wish: Wish) => {
  turn = turn.then(() =>
    grant(wish).then(
      () => tell({ done: (done += 1) }),
      (error: unknown) => tell({ failed: String(error) }),
    ),
  );
});
process.on('disconnect', () => void office.close().finally(() => process.exit()));
tell({ ready: { url: office.server.url, bai: baiAccount.id } });
