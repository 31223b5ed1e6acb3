import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../../ui/segments.tsx';

export interface OnOffProps {
  readonly label: string;
  readonly value: boolean;
  readonly testId: string;
  onChange(value: boolean): void;
}

export function OnOff({ label, value, testId, onChange }: OnOffProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Segments
      label={label}
      value={value ? 'on' : 'off'}
      onChange={(to) => onChange(to === 'on')}
      options={(['on', 'off'] as const).map((v) => ({ value: v, label: t(`desktop.${v}`), testId: `${testId}-${v}` }))}
    />
  );
}
