/**
 * Who may do what, written by hand from the table of people and the table of commands of the domain; nothing here is
 * computed by the code that it checks. One row for each command and operation, one column for each actor, one letter for
 * each scope, in the order of `scopes`.
 *
 * `away` is what the actor had and transferred to somebody of another group. `deleted` is the actor's own that was deleted;
 * where nothing can be deleted (customers, searches), something that is not there.
 */
export const actors = ['none', 'agent', 'leader', 'qa', 'admin', 'disabled'] as const;
export type Actor = (typeof actors)[number];
export const scopes = ['own', 'same', 'other', 'unassigned', 'away', 'deleted'] as const;
export type Scope = (typeof scopes)[number];

/** What each letter stands for. */
export const letters: Readonly<Record<string, string>> = {
  '+': 'done',
  '0': 'unauthorized',
  x: 'account-disabled',
  f: 'forbidden',
  '-': 'not-found',
  '!': 'not-allowed',
  '@': 'not-assignee',
  s: 'wrong-state',
  m: 'customer-missing',
  o: 'customer-owned',
  v: 'customer-valid',
  k: 'id-taken',
  S: 'self',
  g: 'group-missing',
  u: 'group-in-use',
  // Reading.
  y: 'seen',
  t: 'as it was when given away',
  n: 'unseen',
};

/** Commands, pushed over HTTP. */
const commands = `
                     none   agent  leader qa     admin  disabled
  create             000000 +mm+++ ++m+++ ++++++ ++++++ xxxxxx
  claimCustomer      000000 +mm+om +om+om +oo+om +oo+om xxxxxx
  claim              000000 s--+s- ss-+s- sss+s- sss+s- xxxxxx
  assign             000000 !--!!- ++-+!- +++++- +++++- xxxxxx
  withdraw           000000 !--!!- ++-s!- +++s+- +++s+- xxxxxx
  handOver           000000 !--!!- ++-s!- +++s+- +++s+- xxxxxx
  update             000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  note               000000 +--++- ++-++- +++++- +++++- xxxxxx
  resolve            000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  transfer           000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  release            000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  invalidate         000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  expire             000000 !!!!!! !!!!!! !!!!!! !!!!!! xxxxxx
  reopen             000000 !--s!- ++-s!- +++s+- +++s+- xxxxxx
  review             000000 !--!!- ++-s!- +++s+- +++s+- xxxxxx
  autoClose          000000 !!!!!! !!!!!! !!!!!! !!!!!! xxxxxx
  customerReply      000000 !!!!!! !!!!!! !!!!!! !!!!!! xxxxxx
  scheduleCallback   000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  rescheduleCallback 000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  completeCallback   000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  cancelCallback     000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  attach             000000 +--@@- +@-@@- +@@@@- +@@@@- xxxxxx
  removeAttachment   000000 +--!!- ++-+!- +++++- +++++- xxxxxx
  undo               000000 +!-ss- +!-ss- +!!ss- +!!ss- xxxxxx
  addCustomer        000000 kkkkk+ kkkkk+ kkkkk+ kkkkk+ xxxxxx
  editCustomer       000000 +--!!- ++-++- +++++- +++++- xxxxxx
  restoreCustomer    000000 !--!!- ++-v+- +++v+- +++v+- xxxxxx
  putSearch          000000 +!!+++ +!!+++ +!!+++ +!!+++ xxxxxx
  removeSearch       000000 +----- +----- +----- +----- xxxxxx
  putPhrase          000000 +!!!++ +!!+++ +!!+++ +!!+++ xxxxxx
  removePhrase       000000 +--!-- +--+-- +--+-- +--+-- xxxxxx
  setDuty            000000 +!!!!! +!!!!! +!!!!! +!!!!! xxxxxx
`;

/**
 * Operations over HTTP. Of people: the actor, a colleague, one of another group, nobody, one of another group, one who is
 * disabled. Of groups: own, own, another, none, another, one that was removed. Of fields: one in use, and one that is not there.
 */
const operations = `
                         none   agent  leader qa     admin  disabled
  staff.list             000000 ffffff ++++++ ++++++ ++++++ xxxxxx
  staff.add              000000 ffffff ffffff ffffff +++g+g xxxxxx
  staff.change           000000 ffffff ffffff ffffff +++-++ xxxxxx
  staff.resetPassword    000000 ffffff ffffff ffffff +++-++ xxxxxx
  staff.disable          000000 ffffff ffffff ffffff S++-++ xxxxxx
  staff.enable           000000 ffffff ffffff ffffff +++-++ xxxxxx
  account.changePassword 000000 ++++++ ++++++ ++++++ ++++++ xxxxxx
  account.devices        000000 ++++++ ++++++ ++++++ ++++++ xxxxxx
  account.signOutDevice  000000 +----- +----- +----- +----- xxxxxx
  staff.devices          000000 ffffff ffffff ffffff +++-++ xxxxxx
  staff.signOutDevice    000000 ffffff ffffff ffffff +++-++ xxxxxx
  groups.add             000000 ffffff ffffff ffffff ++++++ xxxxxx
  groups.rename          000000 ffffff ffffff ffffff +++-+- xxxxxx
  groups.remove          000000 ffffff ffffff ffffff uuu-u- xxxxxx
  parameters.preview     000000 ffffff ffffff ffffff ++++++ xxxxxx
  parameters.set         000000 ffffff ffffff ffffff ++++++ xxxxxx
  fields.put             000000 ffffff ffffff ffffff +++-+- xxxxxx
  fields.retire          000000 ffffff ffffff ffffff +++-+- xxxxxx
  fields.order           000000 ffffff ffffff ffffff +++-+- xxxxxx
  import.stage           000000 ffffff ++++++ ++++++ ++++++ xxxxxx
  import.commit          000000 ffffff ++gggg +++g+g +++g+g xxxxxx
  import.discard         000000 ffffff ++++++ ++++++ ++++++ xxxxxx
  audit.list             000000 ffffff ffffff ffffff ++++++ xxxxxx
  tickets.older          000000 ++++++ ++++++ ++++++ ++++++ xxxxxx
`;

/** Tickets, as they come by each way on which one can come. A deleted one lies in the trash of the group's leaders. */
const reads = `
              none   agent  leader qa     admin  disabled
  sync        000000 ynnytn yynyty yyyyyy yyyyyy xxxxxx
  live        000000 ynnynn yynynn yyyyyn yyyyyn xxxxxx
  export      000000 ffffff yynynn yyyyyn yyyyyn xxxxxx
  older       000000 ynnynn yynynn yyyyyn yyyyyn xxxxxx
  file        000000 ynnynn yynyny yyyyyy yyyyyy xxxxxx
`;

export type Row = Readonly<Record<Actor, Readonly<Record<Scope, string>>>>;

/** A table by its rows. @throws Error for a row that lacks a cell or has one that stands for nothing */
function read(text: string): ReadonlyMap<string, Row> {
  const [head, ...lines] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  if (head!.join() !== actors.join()) throw new Error('the columns are not the actors');
  return new Map(
    lines.map(([name, ...columns]) => {
      if (columns.length !== actors.length) throw new Error(`${name}: ${columns.length} columns`);
      const cells = columns.map((column, i) => {
        if (column.length !== scopes.length) throw new Error(`${name} of ${actors[i]}: ${column.length} scopes`);
        return Object.fromEntries(
          scopes.map((scope, k) => {
            const meaning = letters[column[k]!];
            if (meaning === undefined) throw new Error(`${name} of ${actors[i]}: ${column[k]}`);
            return [scope, meaning];
          }),
        );
      });
      return [name!, Object.fromEntries(actors.map((actor, i) => [actor, cells[i]])) as Row];
    }),
  );
}

export const tables = { commands: read(commands), operations: read(operations), reads: read(reads) };
