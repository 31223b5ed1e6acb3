import { Modal } from 'antd';
import { type KeyboardEvent, type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { attentionItem } from '../../../shared/bridge/attention-entries.ts';
import { core } from '../../bridge.ts';
import { useCaretSoon } from '../../hooks/use-caret-soon.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { isSendKey } from '../../ui/is-send-key.ts';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { type Chosen, ConflictChoice } from './conflict-choice.tsx';

type Item = z.infer<typeof attentionItem>;

/** Two people changed the same field: both values side by side, and nothing is sent before each has been chosen (SY7). */
export function ConflictDialog(): ReactElement {
  const { t } = useTranslation();
  const commandId = useView((s) => s.conflict);
  const setConflict = useView((s) => s.setConflict);
  const item = useQuery('attention.list', commandId === null ? null : {}).value?.find((each) => each.commandId === commandId);
  const close = (): void => {
    setConflict(null);
    listCursor().focus();
  };
  return (
    <Modal
      open={commandId !== null && item?.conflict != null}
      width={640}
      title={t('conflict.title')}
      footer={null}
      onCancel={close}
      destroyOnHidden
    >
      {item?.conflict != null && <ConflictForm key={item.commandId} item={item} conflict={item.conflict} onDone={close} />}
    </Modal>
  );
}

interface ConflictFormProps {
  readonly item: Item;
  readonly conflict: NonNullable<Item['conflict']>;
  onDone(): void;
}

function ConflictForm({ item, conflict, onDone }: ConflictFormProps): ReactElement {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const refusal = useRefusalSentence();
  const bridge = useBridgeSentence();
  const [chosen, setChosen] = useState<ReadonlyMap<string, Chosen>>(new Map());
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const firstChoice = useCaretSoon<HTMLInputElement>();
  const theirs = JSON.stringify(conflict.map((c) => c.theirs));
  useEffect(() => {
    // Somebody changed it once more: what was taken over from them is no longer what they have.
    setChosen((before) => {
      const kept = [...before].filter(([, c]) => c.side !== 'theirs');
      if (kept.length < before.size) setFailure(t('conflict.again'));
      return new Map(kept);
    });
  }, [theirs]);
  const left = conflict.filter((c) => !chosen.has(c.field)).length;
  const take = (side: 'mine' | 'theirs'): void => setChosen(new Map(conflict.map((c) => [c.field, { side, value: c[side] }])));
  const submit = async (): Promise<void> => {
    if (busy || left > 0) return;
    setBusy(true);
    setFailure(null);
    const choices = conflict.map((c) => ({ field: c.field, seen: c.theirs, value: chosen.get(c.field)!.value }));
    try {
      const answer = await core.call('attention.settle', { commandId: item.commandId, choices });
      if (!answer.ok) return setFailure(refusal(answer.refusal, item.names));
      show({ tone: 'ok', text: t(answer.commandId === null ? 'conflict.nothing' : 'conflict.submitted') });
      onDone();
    } catch (error) {
      setFailure(bridge(error));
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
    void submit();
  };
  return (
    <div className="clashform" onKeyDown={onKeyDown} data-testid="conflict-form">
      {item.ticketId !== null && (
        <p>
          <b>{t('conflict.about', { number: item.number ?? t('list.unnumbered'), subject: item.subject })}</b>
        </p>
      )}
      <p className="t2">{t('conflict.why')}</p>
      {conflict.map((each, index) => (
        <ConflictChoice
          key={each.field}
          conflict={each}
          firstRef={index === 0 ? firstChoice : null}
          chosen={chosen.get(each.field)}
          at={item.occurredAt}
          onChoose={(choice) => setChosen((before) => new Map(before).set(each.field, choice))}
        />
      ))}
      {item.note !== '' && <p className="along">{t('conflict.note', { text: item.note })}</p>}
      {failure !== null && (
        <p className="fail" role="alert" data-testid="conflict-failure">
          {failure}
        </p>
      )}
      <div className="clashacts">
        <button type="button" className="btn" data-testid="conflict-all-mine" onClick={() => take('mine')}>
          {t('conflict.allMine')}
        </button>
        <button type="button" className="btn" data-testid="conflict-all-theirs" onClick={() => take('theirs')}>
          {t('conflict.allTheirs')}
        </button>
        <span className="grow t3 meta">{left > 0 && t('conflict.left', { n: left })}</span>
        <button type="button" className="btn text" onClick={onDone}>
          {t('common.cancel')} <kbd>Esc</kbd>
        </button>
        <button
          type="button"
          className="btn primary"
          disabled={busy || left > 0}
          data-testid="conflict-submit"
          onClick={() => void submit()}
        >
          {t('conflict.submit')} <kbd>Ctrl ↵</kbd>
        </button>
      </div>
    </div>
  );
}
