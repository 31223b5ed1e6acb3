import type { ReactElement } from 'react';

/** 组员: who has how much. */
export function TeamView(): ReactElement {
  return <main className="list" />;
}
