import type { ReactElement } from 'react';
import type { SettingsPage } from '../../stores/view-store.ts';

/** What an account, and an admin for all, can set. */
export function SettingsView({ page }: { readonly page: SettingsPage }): ReactElement {
  return <main className="list" data-page={page} />;
}
