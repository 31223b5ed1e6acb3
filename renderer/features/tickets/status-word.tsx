import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TicketStatus } from '../../../shared/domain/tickets.ts';
import { Icon } from '../../ui/icon.tsx';

const tones: Readonly<Record<TicketStatus, string>> = {
  pending: 'acc',
  processing: 'acc',
  waiting: 't3',
  resolved: 'ok',
  closed: 't3',
  released: 't3',
  suspended: 't3',
};

/** Status by shape and word. */
export function StatusWord({ status }: { readonly status: TicketStatus }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="st">
      <Icon name={status} small className={tones[status]} />
      {t(`status.${status}`)}
    </span>
  );
}
