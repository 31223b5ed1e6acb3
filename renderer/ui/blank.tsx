import type { ReactElement } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-sprite.tsx';

/** Nothing here, and what to do next. */
export function Blank({ icon, words }: { readonly icon: IconName; readonly words: readonly [string, string] }): ReactElement {
  return (
    <div className="blank" role="status" data-testid="empty">
      <Icon name={icon} />
      <h2>{words[0]}</h2>
      <p>{words[1]}</p>
    </div>
  );
}
