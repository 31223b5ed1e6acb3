import { z } from 'zod';
import { attachmentLimits } from '../domain/attachments.ts';
import { refusalSchema } from '../domain/commands/refusal.ts';
import {
  accountRow,
  attachmentRow,
  callbackRow,
  customerRow,
  customFieldRow,
  eventRow,
  groupRow,
  parametersRow,
  phraseRow,
  searchRow,
  ticketRow,
  transferRow,
} from './rows.ts';

/** Versions of the app, semantic, in headers: what the client is, and, in each answer of a server that has set one, the lowest that it takes. */
export const versionHeaders = { client: 'zuoxi-client', lowest: 'zuoxi-lowest-client' } as const;

/** Paths of the HTTP interface; `live` is a WebSocket. All but `hello`, `signIn` and `refresh` need `Authorization: Bearer`. */
export const paths = {
  hello: '/v1/hello',
  signIn: '/v1/sessions',
  refresh: '/v1/sessions/refresh',
  /** DELETE ends the session and its refresh tokens. */
  signOut: '/v1/sessions/current',
  push: '/v1/push',
  pull: '/v1/pull',
  live: '/v1/live',
  /** POST to this with the operation's name behind it; see `operations.ts`. */
  operations: '/v1/operations',
  /** POST; answers with CSV, streamed. */
  export: '/v1/export',
  /** POST begins or goes on with a file; PUT and GET `…/ID/bytes?offset=N` carry its pieces, at most `CHUNK` bytes each. */
  attachments: '/v1/attachments',
} as const;

export const errorCodes = [
  'bad-credentials',
  'account-disabled',
  'unauthorized',
  /**
   * Only of a refresh, and only with a token that this device was given: all that lies there of this account is to be
   * destroyed. Since version 3; older clients read `unauthorized`.
   */
  'device-erased',
  /** The account's role may not do this. */
  'forbidden',
  /** The thing meant is not there, or not as it was. */
  'not-possible',
  'throttled',
  'protocol-unsupported',
  'bad-request',
  'too-large',
  'unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];
/** Body of every answer with a status of 400 or more. `Retry-After` (seconds) accompanies 429 and 503. */
export const errorBody = z.object({ error: z.object({ code: z.enum(errorCodes), message: z.string() }) });

export const helloResponse = z.object({
  product: z.literal('zuoxi'),
  /** The company's name, for the sign-in screen. */
  name: z.string(),
  protocol: z.object({ oldest: z.int(), newest: z.int() }),
  epoch: z.string(),
  /** Server time, epoch ms. */
  now: z.int(),
  demo: z.boolean(),
});

export const signInRequest = z.strictObject({
  protocol: z.int(),
  staffNo: z.string().trim().min(1).max(40),
  password: z.string().min(1).max(256),
  deviceId: z.string().min(8).max(64),
  /** What a person knows the device by: its operating system and its name in the network. Since version 3. */
  device: z.strictObject({ system: z.string().max(20), name: z.string().max(60) }).optional(),
});
export const refreshRequest = z.strictObject({ protocol: z.int(), refreshToken: z.string().min(16).max(256) });
export const sessionResponse = z.object({
  accessToken: z.string(),
  /** Milliseconds from now; at most 600,000. */
  accessExpiresIn: z.int().positive(),
  refreshToken: z.string(),
  account: accountRow,
  epoch: z.string(),
  now: z.int(),
});

/**
 * The furthest place in the feed of which the server ever told this device in its epoch, in a page or in an answer to a
 * command, and the mark that stood there. A database that has another mark there, or has not come so far, is older than it
 * was (SY14). Since version 3.
 */
const known = { seen: z.int().nonnegative().optional(), mark: z.int().nonnegative().nullable().optional() };

/** A command as it travels: validated one by one, so that one bad command does not refuse its neighbours. */
export const pushRequest = z.strictObject({
  protocol: z.int(),
  /** Of the device's rows. If the server's is another, it decides nothing and names its own: the device has to pull first. */
  epoch: z.string().nullable().optional(),
  ...known,
  deviceId: z.string().min(8).max(64),
  commands: z.array(z.unknown()).min(1).max(500),
});
export const pushResult = z.discriminatedUnion('status', [
  /** `seq`: place in the change feed at which its effect stands; `mark`: of that place, if it has one. */
  z.object({ id: z.string(), status: z.literal('applied'), seq: z.int(), mark: z.int().nullable().optional() }),
  z.object({ id: z.string(), status: z.literal('refused'), refusal: refusalSchema }),
  /** Not decided (the server had a fault); to be sent again. */
  z.object({ id: z.string(), status: z.literal('failed') }),
]);
export const pushResponse = z.object({ epoch: z.string(), now: z.int(), results: z.array(pushResult) });

/**
 * One page of rows. Without `cursor` a snapshot is read page by page (`after` from the last answer); its answers carry
 * the cursor from which deltas go on. With `cursor` the changes behind it are read.
 */
export const pullRequest = z.strictObject({
  protocol: z.int(),
  epoch: z.string().nullable(),
  view: z.string().nullable(),
  cursor: z.int().nonnegative().nullable(),
  /** Opaque place in a snapshot; null starts one. */
  after: z.string().max(200).nullable(),
  limit: z.int().min(1).max(1000),
  ...known,
});
export const pullResponse = z.object({
  /** Changes when the server was restored from a backup; then everything is read again. */
  epoch: z.string(),
  /** Names what the account may see; changes with its role and groups; then everything is read again. */
  view: z.string(),
  now: z.int(),
  /** `reset`: cursor, epoch or view no longer hold; start a snapshot. No rows then. */
  mode: z.enum(['snapshot', 'delta', 'reset']),
  /** Deltas go on from here. In a snapshot the same on every page. */
  cursor: z.int(),
  /** Of the change at the cursor: a random number. null: the feed does not reach there. */
  mark: z.int().nullable(),
  /**
   * How far the feed had come when the page was read, and the mark there: its rows are as at that moment, also where the
   * cursor is behind it. Older servers do not say.
   */
  head: z.object({ seq: z.int(), mark: z.int().nullable() }).optional(),
  /** Snapshot: where the next page starts. null: this was the last one. */
  after: z.string().nullable(),
  /** Delta: more changes are waiting. */
  more: z.boolean(),
  /** Snapshot: how many tickets there are in all. */
  total: z.int().nullable(),
  rows: z.object({
    accounts: z.array(accountRow),
    /** All of them, or in a delta none if none changed: one that was removed is missing. */
    groups: z.array(groupRow),
    parameters: parametersRow.nullable(),
    customers: z.array(customerRow),
    tickets: z.array(ticketRow),
    callbacks: z.array(callbackRow),
    events: z.array(eventRow),
    transfers: z.array(transferRow),
    /** All of each ticket that is here; servers before version 3 have none. */
    attachments: z.array(attachmentRow).default([]),
    /** Small sets that come whole: they replace what the device has. null: unchanged. */
    customFields: z.array(customFieldRow).nullable(),
    /** The account's own. */
    searches: z.array(searchRow).nullable(),
    /** The account's own and the shared ones. */
    phrases: z.array(phraseRow).nullable(),
  }),
  /** Rows that left the account's view or were erased: to be removed from the device with all that hangs on them. */
  evict: z.object({ tickets: z.array(z.string()), customers: z.array(z.string()) }),
});

/** Announces a file for a ticket, or asks how much of it has arrived. Repeating it changes nothing. */
export const uploadRequest = z.strictObject({
  protocol: z.int(),
  id: z.uuid(),
  ticketId: z.uuid(),
  name: z.string().min(1).max(attachmentLimits.name),
  size: z.int().min(1).max(attachmentLimits.size),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
/** Of a file and of each piece: the next piece starts at `received`. `whole`: all bytes are there and their hash is right. */
export const uploadResponse = z.object({ received: z.int().nonnegative(), whole: z.boolean() });

/** A call that is older is history: a window that opens now is late. */
export const RINGS_MS = 60_000;

/** Somebody calls this agent, says the telephone switch. `at`: by the server's clock. */
export const liveCall = z.object({
  type: z.literal('call'),
  callId: z.string().max(100),
  phone: z.string().max(40),
  at: z.int().nonnegative(),
});
export type LiveCall = z.infer<typeof liveCall>;

/** Server to client; a hint and nothing more: state moves by pull alone. What is not known is passed over. */
export const liveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('changed'), head: z.int() }),
  liveCall,
  /** The session ended: `disabled` or `signed-out`. */
  z.object({ type: z.literal('ended'), reason: z.enum(['disabled', 'signed-out']) }),
]);

export type HelloResponse = z.infer<typeof helloResponse>;
export type SignInRequest = z.infer<typeof signInRequest>;
export type SessionResponse = z.infer<typeof sessionResponse>;
export type PushRequest = z.infer<typeof pushRequest>;
export type PushResult = z.infer<typeof pushResult>;
export type PushResponse = z.infer<typeof pushResponse>;
export type PullRequest = z.infer<typeof pullRequest>;
export type PullResponse = z.infer<typeof pullResponse>;
export type UploadRequest = z.infer<typeof uploadRequest>;
export type UploadResponse = z.infer<typeof uploadResponse>;
export type LiveMessage = z.infer<typeof liveMessage>;
