import { z } from 'zod';
import { ticketFilter } from '../filter/filter.ts';
import { dutyStates } from '../people.ts';
import { listNames, sortColumns } from '../ticket-state.ts';
import { sources } from '../tickets.ts';
import { customerFacts, limits } from './command.ts';

const id = z.uuid();
const position = z.number().min(-1e9).max(1e9);

/** A changed fact with the value that the agent saw. */
const factChange = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('name'), from: z.string(), to: customerFacts.name }),
  z.strictObject({ field: z.literal('phones'), from: z.array(z.string()), to: customerFacts.phones }),
  z.strictObject({ field: z.literal('emails'), from: z.array(z.string()), to: customerFacts.emails }),
  z.strictObject({ field: z.literal('address'), from: z.string(), to: customerFacts.address }),
  z.strictObject({ field: z.literal('tier'), from: z.string(), to: customerFacts.tier }),
  /** By a leader and above. */
  z.strictObject({ field: z.literal('ownerId'), from: id.nullable(), to: id.nullable() }),
]);
export type FactChange = z.infer<typeof factChange>;

/**
 * Argument schema of every command that is not about a ticket, by kind: customers, what an account keeps for itself, duty.
 * `subjectId` of the envelope names the row; of `setDuty` the account.
 */
export const recordArgs = {
  /** Into the own hands, or (`owned` false) free for the own priority group. */
  addCustomer: z.strictObject({ ...customerFacts, source: z.enum(sources), owned: z.boolean(), unique: z.boolean() }),
  editCustomer: z.strictObject({ changes: z.array(factChange).min(1).max(6) }),
  /** A leader takes a customer out of 无效. */
  restoreCustomer: z.strictObject({ reason: z.string().trim().min(1).max(limits.text) }),
  /** Makes or changes a 常用搜索. `replaces`: one that goes in the same step, when there are as many as there may be. */
  putSearch: z.strictObject({
    name: z.string().trim().min(1).max(20),
    list: z.enum(listNames),
    text: z.string().max(100),
    filter: ticketFilter,
    sort: z.enum(sortColumns),
    descending: z.boolean(),
    position,
    replaces: id.nullable(),
  }),
  removeSearch: z.strictObject({}),
  putPhrase: z.strictObject({
    /** For everyone; by a leader and above. */
    shared: z.boolean(),
    title: z.string().trim().min(1).max(40),
    text: z.string().trim().min(1).max(2000),
    position,
  }),
  removePhrase: z.strictObject({}),
  setDuty: z.strictObject({ duty: z.enum(dutyStates) }),
} as const;

export type RecordKind = keyof typeof recordArgs;
export const recordKinds = Object.keys(recordArgs) as RecordKind[];
export type RecordArgs<K extends RecordKind> = z.infer<(typeof recordArgs)[K]>;

interface RecordCommandOf<K extends RecordKind> {
  /** UUIDv7 made by the device; the server applies each id once. */
  readonly id: string;
  readonly kind: K;
  readonly subjectId: string;
  readonly args: RecordArgs<K>;
  /** Device time, epoch ms. */
  readonly occurredAt: number;
}
/** A command about anything but a ticket. */
export type RecordCommand = { [K in RecordKind]: RecordCommandOf<K> }[RecordKind];

export const recordEnvelopes = recordKinds.map((kind) =>
  z.strictObject({ id, kind: z.literal(kind), subjectId: id, args: recordArgs[kind], occurredAt: z.int().nonnegative() }),
);
