import type { ReactElement } from 'react';
import { Icon } from '../../ui/icon.tsx';

/** Why something did not happen, where it did not happen. */
export function FailureLine({ why }: { readonly why: string | null }): ReactElement | null {
  if (why === null) return null;
  return (
    <p className="fail" role="alert" data-testid="settings-failure">
      <Icon name="tri" small />
      {why}
    </p>
  );
}
