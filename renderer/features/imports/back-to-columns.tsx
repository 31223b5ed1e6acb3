import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { reopenImport } from './import-file.tsx';
import type { Ask } from './import-state.ts';

/** Back to the choice of columns, with the same file. */
export function BackToColumns({ ask }: { readonly ask: Ask }): ReactElement | null {
  const { t } = useTranslation();
  const again = reopenImport();
  if (again === null) return null;
  return (
    <button type="button" className="btn act" data-testid="import-back" onClick={() => void ask(again)}>
      {t('imports.back')}
    </button>
  );
}
