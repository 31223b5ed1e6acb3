import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { SOON, type TimeFormat, dayStart } from '../../format/time-format.ts';
import { Icon } from '../../ui/icon.tsx';

export type Urgency = 'over' | 'soon' | 'today' | 'later';

export function urgencyOf(at: number | null, now: number): Urgency | null {
  if (at === null) return null;
  if (at <= now) return 'over';
  if (at <= now + SOON) return 'soon';
  return at < dayStart(now, 1) ? 'today' : 'later';
}

export interface DueCellProps {
  readonly at: number | null;
  readonly kind: 'callback' | 'expiry' | null;
  readonly now: number;
  readonly format: TimeFormat;
}

/** 时限: word, shape and time. Near ones relative with the absolute on hover, far ones the other way round. */
export function DueCell({ at, kind, now, format }: DueCellProps): ReactElement {
  const { t } = useTranslation();
  if (at === null || kind === null) return <span className="due later t3">—</span>;
  const urgency = urgencyOf(at, now)!;
  const span = format.span(Math.abs(at - now));
  const relative = urgency === 'over' ? t(kind === 'expiry' ? 'time.expired' : 'time.overdue', { span }) : t('time.in', { span });
  const near = urgency === 'over' || urgency === 'soon';
  return (
    <span className={urgency === 'later' ? 'due later' : 'due'} title={near ? format.exact(at) : `${relative} · ${format.exact(at)}`}>
      <Icon
        small
        name={urgency === 'over' ? 'over' : urgency === 'soon' ? 'soon' : 'clock'}
        className={urgency === 'later' ? 'none' : ''}
      />
      <em>{t(`dueKind.${kind}`)}</em>
      <span className="el">{near ? relative : format.short(at, now)}</span>
    </span>
  );
}
