import { Modal } from 'antd';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import type { Refusal } from '../../../shared/domain/commands/refusal.ts';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { type Giving, useOffice } from '../../stores/office-store.ts';
import { useToast } from '../../stores/toast-store.ts';
import { type Ticked, useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { isSendKey } from '../../ui/is-send-key.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { PeopleChoice } from './people-choice.tsx';

/** 分配: one or many tickets, and callbacks of finished ones, to one person or dealt out among several. */
export function AssignDialog(): ReactElement {
  const { t } = useTranslation();
  const giving = useOffice((s) => s.giving);
  const give = useOffice((s) => s.give);
  const close = (): void => {
    give(null);
    listCursor().focus();
  };
  const n = giving === null ? 0 : giving.open.length + giving.finished.length;
  const over = giving !== null && giving.open.length === 0;
  const first = giving?.open[0] ?? giving?.finished[0];
  const title =
    n === 1 && first !== undefined
      ? `${t(over ? 'giving.handOver' : 'giving.assign')} ${first.number ?? t('list.unnumbered')}`
      : giving !== null && giving.finished.length > 0
        ? t('giving.handOverMany', { n })
        : t('giving.assignMany', { n });
  return (
    <Modal open={giving !== null} title={title} width={560} centered footer={null} onCancel={close} destroyOnHidden>
      {giving !== null && <AssignForm giving={giving} onClose={close} />}
    </Modal>
  );
}

interface AssignFormProps {
  readonly giving: Giving;
  onClose(): void;
}

/** In turn to each, so that nobody gets more than one more than another. What its hand holds already stays there. */
function deal(tickets: readonly Ticked[], to: readonly string[]): Map<string, Ticked[]> {
  const hands = new Map<string, Ticked[]>(to.map((id) => [id, []]));
  for (const [i, ticket] of tickets.entries()) {
    const id = to[i % to.length]!;
    if (to.length === 1 || ticket.assigneeId !== id) hands.get(id)!.push(ticket);
  }
  return hands;
}

function AssignForm({ giving, onClose }: AssignFormProps): ReactElement {
  const { t } = useTranslation();
  const directory = useQuery('directory.list', {}).value;
  const show = useToast((s) => s.show);
  const tell = useOffice((s) => s.tell);
  const sentence = useBridgeSentence();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [several, setSeveral] = useState(false);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const all = [...giving.open, ...giving.finished];
  const holders = new Set(all.map((x) => x.assigneeId));
  const holderId = holders.size === 1 ? [...holders][0]! : null;
  const people = chosen.flatMap((id) => directory?.accounts.filter((a) => a.id === id) ?? []);
  const away = people.filter((p) => p.duty !== 'on');
  const only = people.length === 1 ? people[0]! : null;
  const over = giving.open.length === 0;

  const submit = async (): Promise<void> => {
    if (busy || chosen.length === 0) return;
    setBusy(true);
    setFailure(null);
    useView.getState().settle();
    const what = only === null ? t('giving.givenMany', { n: chosen.length }) : t('giving.given', { name: only.name });
    let saved = 0;
    const refused: { ticket: Ticked; refusal: Refusal }[] = [];
    const send = (kind: 'assign' | 'handOver', toId: string, tickets: readonly Ticked[]) =>
      core.call('tickets.actMany', { ticketIds: tickets.map((x) => x.id), kind, args: { toId, note: note.trim() } });
    try {
      const jobs = [
        ...[...deal(giving.open, chosen)].map((hand) => ['assign', hand] as const),
        ...[...deal(giving.finished, chosen)].map((hand) => ['handOver', hand] as const),
      ];
      for (const [kind, [toId, tickets]] of jobs) {
        if (tickets.length === 0) continue;
        const answer = await send(kind, toId, tickets);
        saved += answer.saved;
        for (const { ticketId, refusal } of answer.refused) refused.push({ ticket: tickets.find((x) => x.id === ticketId)!, refusal });
      }
    } catch (error) {
      setFailure(sentence(error));
      return setBusy(false);
    }
    useView.getState().select(new Map());
    onClose();
    if (refused.length > 0) tell({ what, saved, refused });
    else show({ tone: 'ok', text: t('bulk.saved', { n: saved, what }) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    void submit();
  };
  return (
    <div className="giving" data-testid="assign-dialog" onKeyDown={onKeyDown}>
      {all.length === 1 && <p className="t2 el">{all[0]!.subject}</p>}
      <PeopleChoice holderId={holderId} chosen={chosen} several={several} onChoose={setChosen} />
      {all.length > 1 && (
        <label className="check">
          <input
            type="checkbox"
            checked={several}
            data-testid="assign-several"
            onChange={(e) => {
              setSeveral(e.target.checked);
              setChosen(chosen.slice(0, 1));
            }}
          />
          {t('giving.several')}
        </label>
      )}
      <textarea
        className="cbnote"
        rows={2}
        aria-label={t('giving.note')}
        placeholder={t('giving.note')}
        maxLength={limits.text}
        value={note}
        data-testid="assign-note"
        onChange={(e) => setNote(e.target.value)}
      />
      <p className={away.length > 0 ? 'will warn' : 'will'} data-testid="assign-will">
        {away.length > 0 && <Icon name="tri" small />}
        {away.length === 1
          ? t('giving.offDuty', { name: away[0]!.name, duty: t(`duties.${away[0]!.duty}`) })
          : away.length > 1
            ? t('giving.offDutyMany', { names: away.map((p) => p.name).join(t('filter.or')) })
            : t(over ? 'giving.willOver' : 'giving.will')}
      </p>
      {failure !== null && (
        <p className="fail" role="alert">
          <Icon name="tri" small />
          {failure}
        </p>
      )}
      <div className="acts two end">
        <button type="button" className="btn act" onClick={onClose}>
          {t('common.cancel')} <kbd>Esc</kbd>
        </button>
        <button
          type="button"
          className="btn act primary"
          disabled={chosen.length === 0}
          aria-disabled={busy}
          data-testid="assign-confirm"
          onClick={() => void submit()}
        >
          {busy
            ? t('bulk.working')
            : only !== null
              ? t(over ? 'giving.confirmOver' : 'giving.confirm', { name: only.name })
              : chosen.length > 1
                ? t('giving.confirmMany', { n: chosen.length })
                : t('giving.choose')}{' '}
          <kbd>Ctrl ↵</kbd>
        </button>
      </div>
    </div>
  );
}
