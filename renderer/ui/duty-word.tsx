import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Duty } from '../../shared/domain/people.ts';

/** 值班状态 by shape and word. */
export function DutyWord({ duty }: { readonly duty: Duty }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className={`dutyword ${duty}`}>
      <i aria-hidden="true" />
      {t(`duties.${duty}`)}
    </span>
  );
}
