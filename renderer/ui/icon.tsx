import type { ReactElement } from 'react';
import type { IconName } from './icon-sprite.tsx';

export interface IconProps {
  readonly name: IconName;
  readonly small?: boolean;
  readonly className?: string;
}

/** A picture beside a word that says the same; hidden from screen readers for that reason. */
export function Icon({ name, small, className }: IconProps): ReactElement {
  return (
    <svg className={`i${small ? ' s' : ''}${className ? ` ${className}` : ''}`} aria-hidden="true" focusable="false">
      <use href={`#i-${name}`} />
    </svg>
  );
}
