import { type KeyboardEvent, type ReactElement, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { maskPhone } from '../../../shared/domain/contacts.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useCalls } from '../../stores/calls-store.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { Icon } from '../../ui/icon.tsx';
import { AskNumber } from './ask-number.tsx';
import { CallBody } from './call-body.tsx';
import { useIncoming } from './use-incoming.ts';

/**
 * 来电弹屏. It takes no focus by itself: a call comes while somebody types, and the next letter must neither be lost nor
 * press a button here.
 */
export function CallSheet(): ReactElement | null {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const shown = useCalls((s) => s.shown);
  const close = useCalls((s) => s.close);
  const mask = useQuery('directory.list', {}).value?.parameters.maskPhones !== false;
  const sheet = useRef<HTMLElement>(null);
  useIncoming();
  const asked = useRef(false);
  useEffect(() => {
    // Who has typed the number goes on in what it brought.
    if (shown !== null && shown !== 'ask' && asked.current) sheet.current?.focus();
    asked.current = shown === 'ask';
  }, [shown]);
  if (shown === null) return null;
  const leave = (): void => {
    close();
    listCursor().focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.code !== 'Escape' || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    leave();
  };
  return (
    <section
      ref={sheet}
      className="callsheet"
      role="dialog"
      aria-label={t('calls.title')}
      tabIndex={-1}
      data-testid="call-sheet"
      onKeyDown={onKeyDown}
    >
      <header>
        <Icon name="phone" />
        <h2>{t('calls.title')}</h2>
        {shown !== 'ask' && (
          <span className="t2" role="status" data-testid="call-number">
            {mask ? maskPhone(shown.phone) : shown.phone} · {format.short(shown.at, now)}
          </span>
        )}
        <span className="grow" />
        <button type="button" className="btn icon" aria-label={t('common.close')} title={`${t('common.close')} Esc`} onClick={leave}>
          <Icon name="x" />
        </button>
      </header>
      {shown === 'ask' ? <AskNumber /> : <CallBody key={`${shown.phone} ${shown.at}`} call={shown} />}
    </section>
  );
}
