import type { z } from 'zod';
import {
  attachmentsOf,
  filesOfForm,
  keptFiles,
  localFile,
  type LocalFile,
  type NamedFile,
  type WaitingAttach,
  waitingAttaches,
} from '../../db/reads/attachments.ts';
import { nameOf } from '../../db/reads/ticket-detail.ts';
import type { Reader } from '../../db/reader.ts';
import { getRow } from '../../db/writes/rows.ts';
import type { fileView } from '../../shared/bridge/attachment-entries.ts';
import type { Attachment } from '../../shared/domain/attachments.ts';
import { isLeaderOf } from '../../shared/domain/permissions.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { Attachments } from './attachments.ts';

type FileView = z.infer<typeof fileView>;
export type ListOf = 'ticket' | 'form' | 'command' | 'kept';

interface Desk {
  readonly cache: { readonly db: Reader };
  readonly attachments: Attachments;
  me(): Account;
}

/** Files as the screens show them: what stands in the cache, and how far what is under way has got. */
export function listFiles(desk: Desk, of: ListOf, id: string): FileView[] {
  const { db } = desk.cache;
  switch (of) {
    case 'form':
      return filesOfForm(db, id).map((file) => ofForm(desk, file));
    case 'kept':
      return keptFiles(db).map((file) => ofForm(desk, file));
    case 'command': {
      const attach = waitingAttaches(db).find((a) => a.commandId === id);
      return attach === undefined ? [] : attach.files.map((file) => ofCommand(desk, attach, file));
    }
    case 'ticket': {
      const attaches = waitingAttaches(db).filter((a) => a.ticketId === id);
      const commandOf = new Map(attaches.flatMap((a) => a.files.map((f) => [f.id, a] as const)));
      const rows = attachmentsOf(db, id).map((row) => ofTicket(desk, row, commandOf.get(row.id)));
      const shown = new Set(rows.map((r) => r.id));
      const failed = attaches.filter((a) => a.state === 'refused');
      return [...rows, ...failed.flatMap((a) => a.files.filter((f) => !shown.has(f.id)).map((f) => ofCommand(desk, a, f)))];
    }
  }
}

const blank = {
  eventId: null,
  done: 0,
  refusal: null,
  commandId: null,
  form: null,
  here: false,
  loading: false,
  partly: false,
  loadFailure: null,
  picture: false,
  byName: '',
  mayRemove: false,
} as const;

const onDisk = (file: LocalFile | null) => ({
  here: file?.state === 'ready',
  partly: file?.state === 'loading',
  picture: file?.state === 'ready' && file.width !== null,
});

function ofForm({ attachments }: Desk, file: LocalFile): FileView {
  const copying = file.state === 'copying';
  const { id, name, size, type, form } = file;
  const done = copying ? attachments.intake.progress(id) : size;
  return { ...blank, ...onDisk(file), id, name, size, type, form, state: copying ? 'copying' : 'draft', done };
}

function ofCommand({ cache, attachments }: Desk, attach: WaitingAttach, { id, name, size, type }: NamedFile): FileView {
  const sent = attachments.uploader.progress(id);
  const state = attach.state === 'refused' ? 'failed' : attach.state === 'acked' ? 'synced' : sent === null ? 'waiting' : 'uploading';
  const { commandId, refusal } = attach;
  return { ...blank, ...onDisk(localFile(cache.db, id)), id, name, size, type, state, done: sent ?? 0, commandId, refusal };
}

function ofTicket(desk: Desk, row: Attachment, attach: WaitingAttach | undefined): FileView {
  const { db } = desk.cache;
  const { downloader } = desk.attachments;
  const me = desk.me();
  const received = downloader.progress(row.id);
  const local = localFile(db, row.id);
  const ticket = getRow(db, 'ticket', row.ticketId);
  const base: FileView =
    attach === undefined
      ? { ...blank, ...onDisk(local), id: row.id, name: row.name, size: row.size, type: row.type, state: 'synced', done: received ?? 0 }
      : ofCommand(desk, attach, row);
  return {
    ...base,
    eventId: row.eventId,
    loading: received !== null,
    loadFailure: downloader.failure(row.id),
    byName: nameOf(db, row.createdBy),
    mayRemove: ticket !== null && (row.createdBy === me.id || isLeaderOf(me, ticket.groupId)),
  };
}
