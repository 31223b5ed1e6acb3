import { type KeyboardEvent, type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { v7 as uuid } from 'uuid';
import { limits } from '../../../shared/domain/commands/command.ts';
import type { Draft } from '../../hooks/use-draft.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import type { Session } from '../../hooks/use-session.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { offerPanelActions } from '../../stores/panel-actions.ts';
import { type Mode, useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { isSendKey } from '../../ui/is-send-key.ts';
import { underPopup } from '../../ui/under-popup.ts';
import { AttachButton, takePasted } from '../attachments/attach-button.tsx';
import { FileDrafts } from '../attachments/file-drafts.tsx';
import type { FileTake } from '../attachments/use-file-take.ts';
import { PhraseButton, PhraseList } from '../phrases/phrase-list.tsx';
import { CallbackForm, fromLocalText, localText, timeTrouble } from './callback-form.tsx';
import { ComposerActions, OfficeButtons } from './composer-actions.tsx';
import type { ComposerText, TicketDetail } from './composer-draft.ts';
import { DraftWord } from './draft-word.tsx';
import { isOfficeMode, officeActs } from './office-acts.ts';
import { PersonPicker } from './person-picker.tsx';
import { useMissingFields } from './use-missing-fields.ts';
import { useOfficeStart } from './use-office-start.ts';
import { useAct, useSendFiles } from './use-act.ts';
import { type ActionKind, useWill } from './use-will.ts';

export type ComposerUse = 'handling' | 'note' | 'callback' | 'office';

export interface ComposerProps {
  readonly ticket: TicketDetail;
  readonly account: NonNullable<Session['account']>;
  readonly draft: Draft<ComposerText>;
  /**
   * `note`: somebody else's ticket, an internal note is all that can be written. `callback`: done with, but still to be
   * called back. `office`: nothing can be written, but it can be claimed or given to somebody.
   */
  readonly use: ComposerUse;
  /** Files that go along with the text. */
  readonly files: FileTake;
}

/** After these the ticket is done with for now. */
const moving: readonly ActionKind[] = ['update', 'resolve', 'transfer', 'invalidate', 'release', 'withdraw', 'reviewClose', 'reviewBack'];
/** These take the text and not the edited fields: the fields go ahead in an update of their own. */
const leaving: readonly ActionKind[] = ['resolve', 'transfer', 'invalidate', 'release'];
const aboutCallback = (kind: ActionKind): boolean => kind === 'schedule' || kind === 'reschedule' || kind === 'cancelCallback';

export function Composer({ ticket, account, draft, use, files }: ComposerProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const act = useAct();
  const sendFiles = useSendFiles();
  const mode = useView((s) => s.mode);
  const setMode = useView((s) => s.setMode);
  const rest = useView((s) => s.rest);
  const added = useQuery('attachments.list', { of: 'form', id: files.form }).value ?? [];
  const mayAttach = ticket.allowed.includes('attach');
  const directory = useQuery('directory.list', {}).value;
  const [hint, setHint] = useState<ActionKind | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [toId, setToId] = useState<string | null>(null);
  const [time, setTime] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  const kind: ActionKind = use === 'note' && mode.kind === 'update' ? 'note' : mode.kind;
  const idle = (use === 'callback' || use === 'office') && mode.kind === 'update';
  const office = use === 'handling' ? [] : officeActs(ticket);
  const startOffice = useOfficeStart(ticket);
  const will = useWill(ticket, draft.value, mode, fromLocalText(time));
  const said = will(hint ?? kind);
  const number = ticket.number ?? t('list.unnumbered');
  const toName = directory?.accounts.find((a) => a.id === toId)?.name;
  const missing = useMissingFields(ticket, draft.value.changes);

  useEffect(() => {
    setFailure(null);
    setHint(null);
    setToId(null);
    setTime(mode.kind === 'reschedule' && mode.dueAt > Date.now() ? localText(mode.dueAt) : '');
    // The form of the mode takes the caret itself where it has one.
    if (mode.kind === 'resolve' || mode.kind === 'invalidate' || mode.kind === 'release' || isOfficeMode(mode.kind)) area.current?.focus();
  }, [mode]);

  const start = useCallback(
    (to: Mode['kind']) => {
      const needed = to === 'schedule' ? 'scheduleCallback' : to;
      if (to === 'reschedule' || to === 'cancelCallback' || !(ticket.allowed as readonly string[]).includes(needed)) return;
      setMode({ kind: to });
    },
    [ticket.allowed, setMode],
  );
  useEffect(() => offerPanelActions({ start, focusComposer: () => area.current?.focus(), office: startOffice }), [start, startOffice]);

  const sendFields = async (): Promise<string | null> => {
    const { changes, waiting } = draft.value;
    if (!leaving.includes(kind) || changes.length === 0) return null;
    const needed = kind === 'resolve' || kind === 'invalidate';
    // The fields must not go out for a command that will not.
    if ((needed && draft.value.note.trim() === '') || (kind === 'resolve' && missing.length > 0) || (kind === 'transfer' && toId === null))
      return null;
    const failed = await act(ticket.id, 'update', { note: '', changes: [...changes], waiting }, t('composer.what.update'));
    if (failed === null) draft.change({ changes: [] });
    return failed;
  };
  const send = async (): Promise<string | null> => {
    const { id } = ticket;
    const note = draft.value.note.trim();
    const form = `ticket:${id}`;
    const title = (what: string): string => `${what} ${number}`;
    switch (kind) {
      case 'update': {
        const { changes, waiting } = draft.value;
        if (note === '' && changes.length === 0)
          return added.length === 0 ? t('composer.need.update') : sendFiles(id, form, title(t('files.sent', { n: added.length })));
        return act(id, 'update', { note, changes: [...changes], waiting }, title(t('composer.what.update')), form);
      }
      case 'note':
        return note === '' ? t('composer.need.note') : act(id, 'note', { note }, title(t('composer.what.note')), form);
      case 'resolve':
        if (missing.length > 0) return t('custom.missing', { names: missing.map((f) => f.name).join(t('filter.or')) });
        return note === '' ? t('composer.need.resolve') : act(id, 'resolve', { report: note }, title(t('composer.what.resolve')), form);
      case 'invalidate':
        return note === ''
          ? t('composer.need.invalidate')
          : act(id, 'invalidate', { reason: note }, title(t('composer.what.invalidate')), form);
      case 'release':
        return act(id, 'release', { reason: note }, title(t('composer.what.release')), form);
      case 'transfer':
        if (toId === null) return t('composer.need.person');
        return act(id, 'transfer', { toId, reason: note }, title(t('composer.what.transfer', { name: toName ?? '' })), form);
      case 'withdraw':
        return act(id, 'withdraw', { reason: note }, title(t('leader.done_withdraw')), form);
      case 'reviewClose':
        return act(id, 'review', { verdict: 'close', note }, title(t('leader.done_reviewClose')), form);
      case 'reviewBack':
        if (note === '') return t('leader.need_reviewBack');
        return act(id, 'review', { verdict: 'back', note }, title(t('leader.done_reviewBack')), form);
      case 'reopen':
        if (note === '') return t('leader.need_reopen');
        return act(id, 'reopen', { reason: note }, title(t('leader.done_reopen')), form);
      case 'schedule': {
        const dueAt = fromLocalText(time);
        const trouble = timeTrouble(dueAt, Date.now());
        if (trouble !== null || dueAt === null) return t(`callback.${trouble ?? 'missing'}`);
        const failed = await act(
          id,
          'scheduleCallback',
          { callbackId: uuid(), dueAt, note: draft.value.callbackNote.trim() },
          t('callback.scheduled', { time: format.short(dueAt, Date.now()) }),
        );
        if (failed === null) draft.change({ callbackNote: '' });
        return failed;
      }
      case 'reschedule':
      case 'cancelCallback': {
        if (mode.kind !== 'reschedule' && mode.kind !== 'cancelCallback') return null;
        const { callbackId } = mode;
        if (mode.kind === 'cancelCallback') return act(id, 'cancelCallback', { callbackId, reason: '' }, t('callback.cancelled'));
        const dueAt = fromLocalText(time);
        const trouble = timeTrouble(dueAt, Date.now());
        if (trouble !== null || dueAt === null) return t(`callback.${trouble ?? 'missing'}`);
        return act(
          id,
          'rescheduleCallback',
          { callbackId, from: mode.dueAt, dueAt },
          t('callback.moved', { time: format.short(dueAt, Date.now()) }),
        );
      }
    }
  };

  const submit = async (): Promise<void> => {
    if (busy) return;
    if (added.some((f) => f.state === 'copying') && !aboutCallback(kind)) return setFailure(t('files.stillCopying'));
    setBusy(true);
    setFailure(null);
    const takesText = !aboutCallback(kind);
    const next = listCursor().nextAfter(ticket.id);
    if (takesText) draft.hold();
    else draft.flush();
    const failed = (await sendFields()) ?? (await send());
    setBusy(false);
    if (failed !== null) {
      setFailure(failed);
      if (takesText) draft.resume();
      return;
    }
    if (takesText) draft.sent();
    const view = useView.getState();
    view.rest();
    if (!moving.includes(kind)) return;
    view.settle();
    if (view.open?.ticketId === ticket.id) view.openTicket(next);
    listCursor().focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
    void submit();
  };

  const label =
    kind === 'note'
      ? t('composer.label.note')
      : isOfficeMode(kind)
        ? t(`leader.label_${kind}`)
        : aboutCallback(kind)
          ? ''
          : t(`composer.label.${kind as 'update'}`);
  const placeholder =
    kind === 'note'
      ? ticket.assigneeName === '' || ticket.assigneeId === account.id
        ? t('composer.placeholder.noteNobody')
        : t('composer.placeholder.note', { name: ticket.assigneeName })
      : kind === 'update'
        ? t('composer.placeholder.update')
        : // The label above says it already.
          '';
  return (
    <div ref={underPopup} className="comp" data-composer="" onKeyDown={onKeyDown}>
      {kind === 'transfer' && <PersonPicker selfId={account.id} chosenId={toId} onChoose={setToId} />}
      {(kind === 'schedule' || kind === 'reschedule') && (
        <CallbackForm
          time={time}
          note={draft.value.callbackNote}
          withNote={kind === 'schedule'}
          onTime={(value) => {
            setTime(value);
            setFailure(null);
          }}
          onNote={(callbackNote) => draft.change({ callbackNote })}
        />
      )}
      {!aboutCallback(kind) && !idle && (
        <div className="box">
          {kind !== 'update' && kind !== 'note' && (
            <label className="boxlabel meta" htmlFor="composer">
              {label}
            </label>
          )}
          <PhraseList areaRef={area} value={draft.value.note} onChange={(note) => draft.change({ note })} />
          <textarea
            ref={area}
            id="composer"
            aria-label={label}
            placeholder={placeholder}
            maxLength={limits.text}
            readOnly={busy}
            value={draft.value.note}
            data-testid="composer"
            onBlur={draft.flush}
            onPaste={(e) => takePasted(e, mayAttach ? files : null, t('files.screenshot'))}
            onChange={(e) => {
              setFailure(null);
              draft.change({ note: e.target.value });
            }}
          />
          <FileDrafts take={files} />
          <div className="tb">
            <DraftWord state={draft.state} length={draft.value.note.length} />
            <span className="grow" />
            <PhraseButton />
            {mayAttach && <AttachButton take={files} />}
            {kind === 'update' && (
              <label className="check">
                <input
                  type="checkbox"
                  checked={draft.value.waiting}
                  data-testid="composer-waiting"
                  onChange={(e) => draft.change({ waiting: e.target.checked })}
                />
                {t('composer.waiting')}
              </label>
            )}
            {mode.kind === 'update' && ticket.allowed.includes('scheduleCallback') && (
              <button
                type="button"
                className="btn sm text"
                aria-keyshortcuts="H"
                data-testid="act-callback"
                onClick={() => start('schedule')}
                onMouseEnter={() => setHint('schedule')}
                onMouseLeave={() => setHint(null)}
                onFocus={() => setHint('schedule')}
                onBlur={() => setHint(null)}
              >
                <Icon name="cal" small />
                {t('composer.schedule')} <kbd>H</kbd>
              </button>
            )}
          </div>
        </div>
      )}
      {failure !== null && (
        <p className="fail" role="alert" data-testid="action-failure">
          <Icon name="tri" small />
          {failure}
        </p>
      )}
      {idle ? (
        <div className="acts two">
          <OfficeButtons acts={office} primary={office[0] ?? null} onAct={startOffice} onHint={setHint} />
          {use === 'callback' && (
            <button type="button" className="btn act" aria-keyshortcuts="H" data-testid="act-callback" onClick={() => start('schedule')}>
              <Icon name="cal" small />
              {t('composer.schedule')} <kbd>H</kbd>
            </button>
          )}
        </div>
      ) : (
        <>
          <p className={said.grave ? 'will grave' : 'will'} id="composer-will" title={said.effect} data-testid="will">
            <b>{said.name}</b>
            {t('common.colon')}
            {said.effect}
          </p>
          <ComposerActions
            kind={kind}
            allowed={ticket.allowed}
            office={office}
            busy={busy}
            toName={toName ?? null}
            onSubmit={() => void submit()}
            onStart={start}
            onOffice={startOffice}
            onBack={() => {
              rest();
              area.current?.focus();
            }}
            onHint={setHint}
          />
        </>
      )}
    </div>
  );
}
