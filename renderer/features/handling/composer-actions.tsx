import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandKind } from '../../../shared/domain/commands/command.ts';
import type { Mode } from '../../stores/view-store.ts';
import { isOfficeMode, type OfficeAct, officeKeys } from './office-acts.ts';
import type { ActionKind } from './use-will.ts';

export interface ComposerActionsProps {
  readonly kind: ActionKind;
  readonly allowed: readonly CommandKind[];
  /** What leaders may do with it, and 领取. */
  readonly office: readonly OfficeAct[];
  readonly busy: boolean;
  readonly toName: string | null;
  onSubmit(): void;
  onStart(kind: Mode['kind']): void;
  onOffice(act: OfficeAct): void;
  onBack(): void;
  /** Which action the line above should speak of. */
  onHint(kind: ActionKind | null): void;
}

const others = [
  { kind: 'resolve', key: 'W' },
  { kind: 'transfer', key: 'Z' },
  { kind: 'invalidate', key: 'X' },
  { kind: 'release', key: 'S' },
] as const;

/** At rest the five actions; once one is chosen, its one confirmation and the way back. */
export function ComposerActions(props: ComposerActionsProps): ReactElement {
  const { kind, allowed, office, busy, toName, onSubmit, onStart, onOffice, onBack, onHint } = props;
  const { t } = useTranslation();
  const hints = (of: ActionKind): object => ({
    onMouseEnter: () => onHint(of),
    onMouseLeave: () => onHint(null),
    onFocus: () => onHint(of),
    onBlur: () => onHint(null),
  });
  if (kind === 'note') {
    // What the ticket waits for comes first: a look at what is finished, a hand for what lies in the pool.
    const first = office.find((act) => act === 'claim' || act === 'reviewClose');
    return (
      <div className="acts two" role="group" aria-label={t('leader.label')}>
        <OfficeButtons acts={office} primary={first ?? null} onAct={onOffice} onHint={onHint} />
        <span className="grow" />
        <button
          type="button"
          className={first === undefined && office.length === 0 ? 'btn act primary' : 'btn act'}
          data-testid="act-note"
          aria-disabled={busy}
          onClick={onSubmit}
          {...hints('note')}
        >
          {t('composer.sendNote')} <kbd>Ctrl ↵</kbd>
        </button>
      </div>
    );
  }
  if (kind === 'update') {
    return (
      <div className="acts" role="group" aria-label={t('keys.ticket')}>
        <button
          type="button"
          className="btn act primary"
          aria-describedby="composer-will"
          data-testid="act-update"
          aria-keyshortcuts="Control+Enter"
          aria-disabled={busy}
          onClick={onSubmit}
          {...hints('update')}
        >
          {t('composer.update')} <kbd>Ctrl ↵</kbd>
        </button>
        {others.map((o) => (
          <button
            key={o.kind}
            type="button"
            className="btn act"
            aria-describedby="composer-will"
            data-testid={`act-${o.kind}`}
            aria-keyshortcuts={o.key}
            title={`${t(`composer.${o.kind}`)} ${o.key}`}
            disabled={!allowed.includes(o.kind)}
            onClick={() => onStart(o.kind)}
            {...hints(o.kind)}
          >
            {t(`composer.${o.kind}`)} <kbd>{o.key}</kbd>
          </button>
        ))}
      </div>
    );
  }
  const words = isOfficeMode(kind)
    ? t(`leader.confirm_${kind}`)
    : kind === 'transfer'
      ? toName === null
        ? t('composer.confirm.transferNobody')
        : t('composer.confirm.transfer', { name: toName })
      : t(`composer.confirm.${kind}`);
  return (
    <div className="acts two">
      <button
        type="button"
        className="btn act primary"
        aria-describedby="composer-will"
        data-testid="confirm"
        aria-disabled={busy}
        onClick={onSubmit}
      >
        {words} <kbd>Ctrl ↵</kbd>
      </button>
      <button type="button" className="btn act" data-testid="back" onClick={onBack}>
        {t('composer.back')} <kbd>Esc</kbd>
      </button>
    </div>
  );
}

export interface OfficeButtonsProps {
  readonly acts: readonly OfficeAct[];
  readonly primary: OfficeAct | null;
  onAct(act: OfficeAct): void;
  onHint(kind: ActionKind | null): void;
}

export function OfficeButtons({ acts, primary, onAct, onHint }: OfficeButtonsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {acts.map((act) => (
        <button
          key={act}
          type="button"
          className={act === primary ? 'btn act primary' : 'btn act'}
          aria-keyshortcuts={officeKeys[act]}
          data-testid={`office-${act}`}
          onClick={() => onAct(act)}
          onMouseEnter={() => onHint(isOfficeMode(act) ? act : null)}
          onMouseLeave={() => onHint(null)}
        >
          {t(`leader.${act}`)} <kbd>{officeKeys[act]}</kbd>
        </button>
      ))}
    </>
  );
}
