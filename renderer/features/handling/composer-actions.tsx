import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandKind } from '../../../shared/domain/commands/command.ts';
import type { Mode } from '../../stores/view-store.ts';
import type { ActionKind } from './use-will.ts';

export interface ComposerActionsProps {
  readonly kind: ActionKind;
  readonly allowed: readonly CommandKind[];
  readonly busy: boolean;
  readonly toName: string | null;
  onSubmit(): void;
  onStart(kind: Mode['kind']): void;
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
export function ComposerActions({ kind, allowed, busy, toName, onSubmit, onStart, onBack, onHint }: ComposerActionsProps): ReactElement {
  const { t } = useTranslation();
  const hints = (of: ActionKind): object => ({
    onMouseEnter: () => onHint(of),
    onMouseLeave: () => onHint(null),
    onFocus: () => onHint(of),
    onBlur: () => onHint(null),
  });
  if (kind === 'note') {
    return (
      <div className="acts two">
        <button type="button" className="btn act primary" data-testid="act-note" aria-disabled={busy} onClick={onSubmit}>
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
  const words =
    kind === 'transfer'
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
