import type { ReactElement } from 'react';
import type { CustomerView } from '../../stores/view-store.ts';

/** 用户资源. */
export function CustomersView({ view }: { readonly view: CustomerView }): ReactElement {
  return <main className="list" data-view={view} />;
}
