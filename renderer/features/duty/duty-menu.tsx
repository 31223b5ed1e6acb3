import type { ReactElement } from 'react';

/** On duty, on a break, or off; and 下班. */
export function DutyMenu(): ReactElement {
  return <span />;
}
