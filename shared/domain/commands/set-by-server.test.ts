import { expect, test } from 'vitest';
import { bent, dice, fitting, looseObjects } from '../../../tests/support/hostile-inputs.ts';
import { commandSchema } from './any-command.ts';
import { ticketEnvelopes } from './command.ts';
import { recordEnvelopes } from './record-command.ts';

// What a push cannot say: who did it, who somebody is, when the server heard of it, what a ticket's state is (S20).

const envelopes = [...ticketEnvelopes, ...recordEnvelopes];
const ROUNDS = 40;

/** Columns of tickets, customers, events and accounts that only the server sets. */
const serversOwn = [
  ...[
    'actorId',
    'accountId',
    'createdBy',
    'author',
    'deviceId',
    'role',
    'groupIds',
    'priorityGroupId',
    'disabled',
    'staffNo',
    'passwordHash',
  ],
  ...['receivedAt', 'createdAt', 'updatedAt', 'deletedAt', 'resolvedAt', 'closedAt', 'invalidAt', 'dutySince', 'nextAt'],
  ...[
    'status',
    'state',
    'number',
    'version',
    'seq',
    'audience',
    'expiredFrom',
    'invalid',
    'invalidBy',
    'releasedBy',
    'invalidReleases',
    'snoozes',
  ],
] as const;

const kindOf = (envelope: (typeof envelopes)[number]): string => envelope.shape.kind.value;

test('S20 no command has a place for anything that its schema does not name', () => {
  expect(envelopes.length).toBeGreaterThan(25);
  for (const envelope of envelopes) expect(looseObjects(envelope, kindOf(envelope))).toEqual([]);
});

test('S20 author, role, times, state and whatever else is the server’s own is refused beside every command and in its arguments', () => {
  let tried = 0;
  for (const [i, envelope] of envelopes.entries()) {
    const d = dice(4000 + i);
    for (let round = 0; round < ROUNDS; round += 1) {
      const good = fitting(envelope, d) as { readonly args: object };
      // What it refuses by itself (an update that changes nothing) proves nothing about a key more.
      if (!commandSchema.safeParse(good).success) continue;
      for (const key of serversOwn) {
        tried += 2;
        expect(commandSchema.safeParse({ ...good, [key]: 'x' }).success, `${kindOf(envelope)} ${key}`).toBe(false);
        expect(commandSchema.safeParse({ ...good, args: { ...good.args, [key]: 'x' } }).success, `${kindOf(envelope)} args.${key}`).toBe(
          false,
        );
      }
    }
  }
  expect(tried).toBeGreaterThan(20_000);
});

test('S20 a bent command is refused, or says no more than its schema lets it', () => {
  for (const [i, envelope] of envelopes.entries()) {
    const d = dice(9000 + i);
    for (let round = 0; round < ROUNDS; round += 1) {
      const parsed = commandSchema.safeParse(bent(fitting(envelope, d), d));
      if (!parsed.success) continue;
      expect(Object.keys(parsed.data).every((key) => ['id', 'kind', 'ticketId', 'subjectId', 'args', 'occurredAt'].includes(key))).toBe(
        true,
      );
    }
  }
});
