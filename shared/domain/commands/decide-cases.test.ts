import { describe, expect, it } from 'vitest';
import type { CommandKind } from './command.ts';
import { actors, argsFor, type ActorName, commandOf, NOW, stateOf, type StateName, stateNames } from './decide-world.ts';
import { decide } from './decide.ts';

/**
 * Who may do what in which state. Written out from the design's table of commands, not computed.
 * Columns: pending processing waiting resolved closed released suspended deleted.
 * + carried out; nf not-found, na not-allowed, as not-assignee, ws wrong-state.
 * holder: the assignee (of a released ticket: a member of its group). colleague: an agent of the same group.
 * stranger: an agent of another group. leader: of this group. outside: leader of another. disabled: the holder's account, disabled.
 */
const everywhere: Partial<Record<ActorName, string>> = {
  stranger: 'nf nf nf nf nf nf nf nf',
  outside: 'nf nf nf nf nf nf nf nf',
  disabled: 'na na na na na na na na',
};

const handling: Record<string, string> = {
  holder: '+  +  +  ws ws as ws nf',
  colleague: 'nf nf nf nf nf as nf nf',
  leader: 'as as as as as as as nf',
  qa: 'as as as as as as as nf',
  admin: 'as as as as as as as nf',
  system: 'as as as as as as as nf',
  channel: 'as as as as as as as nf',
};
const callbacks: Record<string, string> = {
  holder: '+  +  +  +  +  as +  nf',
  colleague: 'nf nf nf nf nf as nf nf',
  leader: 'as as as as as as as nf',
  qa: 'as as as as as as as nf',
  admin: 'as as as as as as as nf',
  system: 'as as as as as as as nf',
  channel: 'as as as as as as as nf',
};

const table: Partial<Record<CommandKind, Record<string, string>>> = {
  claim: {
    holder: 'ws ws ws ws ws +  ws nf',
    colleague: 'nf nf nf nf nf +  nf nf',
    leader: 'ws ws ws ws ws +  ws nf',
    qa: 'ws ws ws ws ws +  ws nf',
    admin: 'ws ws ws ws ws +  ws nf',
    system: 'na na na na na na na nf',
    channel: 'na na na na na na na nf',
  },
  assign: {
    holder: 'na na na na na na na nf',
    colleague: 'nf nf nf nf nf na nf nf',
    leader: '+  +  +  ws ws +  ws nf',
    qa: '+  +  +  ws ws +  ws nf',
    admin: '+  +  +  ws ws +  ws nf',
    system: 'na na na na na na na nf',
    channel: 'na na na na na na na nf',
  },
  update: handling,
  resolve: handling,
  transfer: handling,
  release: handling,
  invalidate: handling,
  attach: handling,
  removeAttachment: {
    holder: '+  +  +  +  +  +  +  nf',
    colleague: 'nf nf nf nf nf na nf nf',
    leader: '+  +  +  +  +  +  +  nf',
    qa: '+  +  +  +  +  +  +  nf',
    admin: '+  +  +  +  +  +  +  nf',
    system: 'na na na na na na na nf',
    channel: 'na na na na na na na nf',
  },
  note: {
    holder: '+  +  +  +  +  +  +  nf',
    colleague: 'nf nf nf nf nf +  nf nf',
    leader: '+  +  +  +  +  +  +  nf',
    qa: '+  +  +  +  +  +  +  nf',
    admin: '+  +  +  +  +  +  +  nf',
    system: '+  +  +  +  +  +  +  nf',
    channel: '+  +  +  +  +  +  +  nf',
  },
  withdraw: {
    holder: 'na na na na na na na nf',
    colleague: 'nf nf nf nf nf na nf nf',
    leader: '+  +  +  ws ws ws ws nf',
    qa: '+  +  +  ws ws ws ws nf',
    admin: '+  +  +  ws ws ws ws nf',
    system: 'na na na na na na na nf',
    channel: 'na na na na na na na nf',
  },
  handOver: {
    holder: 'na na na na na na na nf',
    colleague: 'nf nf nf nf nf na nf nf',
    leader: 'ws ws ws +  +  ws ws nf',
    qa: 'ws ws ws +  +  ws ws nf',
    admin: 'ws ws ws +  +  ws ws nf',
    system: 'na na na na na na na nf',
    channel: 'na na na na na na na nf',
  },
  expire: {
    holder: 'na na na na na na na nf',
    colleague: 'nf nf nf nf nf na nf nf',
    leader: 'na na na na na na na nf',
    qa: 'na na na na na na na nf',
    admin: 'na na na na na na na nf',
    system: '+  +  +  ws ws ws ws nf',
    channel: 'na na na na na na na nf',
  },
  reopen: {
    holder: 'ws ws ws na na ws ws nf',
    colleague: 'nf nf nf nf nf ws nf nf',
    leader: 'ws ws ws +  +  ws ws nf',
    qa: 'ws ws ws +  +  ws ws nf',
    admin: 'ws ws ws +  +  ws ws nf',
    system: 'ws ws ws na na ws ws nf',
    channel: 'ws ws ws na na ws ws nf',
  },
  review: {
    holder: 'na na na na na na na nf',
    colleague: 'nf nf nf nf nf na nf nf',
    leader: 'ws ws ws +  ws ws ws nf',
    qa: 'ws ws ws +  ws ws ws nf',
    admin: 'ws ws ws +  ws ws ws nf',
    system: 'na na na na na na na nf',
    channel: 'na na na na na na na nf',
  },
  autoClose: {
    holder: 'na na na na na na na nf',
    colleague: 'nf nf nf nf nf na nf nf',
    leader: 'na na na na na na na nf',
    qa: 'na na na na na na na nf',
    admin: 'na na na na na na na nf',
    system: 'ws ws ws +  ws ws ws nf',
    channel: 'na na na na na na na nf',
  },
  customerReply: {
    holder: 'na na na na na na na nf',
    colleague: 'nf nf nf nf nf na nf nf',
    leader: 'na na na na na na na nf',
    qa: 'na na na na na na na nf',
    admin: 'na na na na na na na nf',
    system: 'na na na na na na na nf',
    channel: 'ws ws +  +  ws ws ws nf',
  },
  scheduleCallback: callbacks,
  rescheduleCallback: callbacks,
  completeCallback: callbacks,
  cancelCallback: callbacks,
};

const codes: Record<string, string> = { '+': 'ok', nf: 'not-found', na: 'not-allowed', as: 'not-assignee', ws: 'wrong-state' };

const cells = Object.entries(table).flatMap(([kind, rows]) =>
  Object.entries({ ...rows, ...everywhere }).flatMap(([actor, row]) =>
    row!
      .trim()
      .split(/\s+/)
      .map((mark, i) => ({ kind: kind as CommandKind, actor: actor as ActorName, state: stateNames[i]!, expected: codes[mark]! })),
  ),
);

describe('who may do what in which state', () => {
  it('has a cell for every command, actor and state', () => {
    expect(cells).toHaveLength(21 * 10 * 8);
    expect(cells.every((c) => c.expected !== undefined && c.state !== undefined)).toBe(true);
    for (const kind of Object.keys(table))
      for (const actor of Object.keys(actors)) expect(cells.filter((c) => c.kind === kind && c.actor === actor)).toHaveLength(8);
  });

  const groups = Map.groupBy(cells, (c) => `${c.kind} by ${c.actor}`);
  it.each([...groups.keys()])('%s', (name) => {
    for (const { kind, actor, state, expected } of groups.get(name)!) {
      const result = decide(stateOf(state as StateName), commandOf(kind, argsFor[kind]), actors[actor], NOW);
      expect([state, result.ok ? 'ok' : result.error.code]).toEqual([state, expected]);
    }
  });
});
