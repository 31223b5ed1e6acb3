import { Modal } from 'antd';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { type Asking, useOffice } from '../../stores/office-store.ts';
import { useView } from '../../stores/view-store.ts';
import { isSendKey } from '../../ui/is-send-key.ts';
import { useOfficeActs } from './use-office-acts.ts';

/** 收回 and 退回 of rows: what will happen, and why. */
export function ReasonDialog(): ReactElement {
  const { t } = useTranslation();
  const asking = useOffice((s) => s.asking);
  const ask = useOffice((s) => s.ask);
  const close = (): void => {
    ask(null);
    listCursor().focus();
  };
  const one = asking?.tickets.length === 1 ? asking.tickets[0]! : null;
  const title =
    asking === null
      ? ''
      : `${t(`leader.${asking.kind}`)} ${one === null ? t('bulk.selected', { n: asking.tickets.length }) : (one.number ?? t('list.unnumbered'))}`;
  return (
    <Modal open={asking !== null} title={title} width={440} centered footer={null} onCancel={close} destroyOnHidden>
      {asking !== null && <ReasonForm asking={asking} onClose={close} />}
    </Modal>
  );
}

function ReasonForm({ asking, onClose }: { readonly asking: Asking; onClose(): void }): ReactElement {
  const { t } = useTranslation();
  const { many } = useOfficeActs();
  const [reason, setReason] = useState('');
  const [need, setNeed] = useState(false);
  const [busy, setBusy] = useState(false);
  const { kind, tickets } = asking;
  const submit = async (): Promise<void> => {
    const text = reason.trim();
    if (busy) return;
    if (kind === 'reviewBack' && text === '') return setNeed(true);
    setBusy(true);
    const what = t(`leader.done_${kind}`);
    if (kind === 'withdraw') await many('withdraw', { reason: text }, tickets, what);
    else await many('review', { verdict: 'back', note: text }, tickets, what);
    useView.getState().select(new Map());
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    void submit();
  };
  return (
    <div className="giving" data-testid="reason-dialog" onKeyDown={onKeyDown}>
      {tickets.length === 1 && <p className="t2 el">{tickets[0]!.subject}</p>}
      <textarea
        className={need ? 'cbnote err' : 'cbnote'}
        rows={3}
        autoFocus
        aria-label={t(`leader.label_${kind}`)}
        placeholder={t(`leader.label_${kind}`)}
        maxLength={limits.text}
        value={reason}
        data-testid="reason-text"
        onChange={(e) => {
          setReason(e.target.value);
          setNeed(false);
        }}
      />
      <p className={need ? 'will danger' : 'will'}>{need ? t('leader.backNeed') : t(`leader.will_${kind}`)}</p>
      <div className="acts two end">
        <button type="button" className="btn act" onClick={onClose}>
          {t('common.cancel')} <kbd>Esc</kbd>
        </button>
        <button type="button" className="btn act primary" aria-disabled={busy} data-testid="reason-confirm" onClick={() => void submit()}>
          {busy ? t('bulk.working') : t(`leader.confirm_${kind}`)} <kbd>Ctrl ↵</kbd>
        </button>
      </div>
    </div>
  );
}
