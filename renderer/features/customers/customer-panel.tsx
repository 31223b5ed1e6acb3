import type { ReactElement } from 'react';

/** A customer's card, where a ticket would stand. */
export function CustomerPanel({ customerId }: { readonly customerId: string }): ReactElement {
  return <aside className="panel" data-customer={customerId} />;
}
