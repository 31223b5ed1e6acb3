import type { ReactElement, ReactNode } from 'react';

export interface PageHeadProps {
  readonly title: string;
  readonly lead: string;
  /** What can be done with the whole page. */
  readonly children?: ReactNode;
}

export function PageHead({ title, lead, children }: PageHeadProps): ReactElement {
  return (
    <header className="sethead">
      <div>
        <h2>{title}</h2>
        {lead !== '' && <p className="t2">{lead}</p>}
      </div>
      <span className="grow" />
      {children}
    </header>
  );
}
