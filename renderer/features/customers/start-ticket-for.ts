import { core } from '../../bridge.ts';
import { keepDraft, unsavedDraft } from '../../stores/drafts.ts';
import { useView } from '../../stores/view-store.ts';
import { newTicketDraft } from '../new-ticket/new-ticket-draft.ts';

const FORM = 'new';

/**
 * Opens the form of a new ticket with this customer in it. What was typed there before stays.
 * @returns whether something was, so that it can be said
 */
export async function startTicketFor(customer: { readonly id: string; readonly name: string; readonly phone: string }): Promise<boolean> {
  const waiting = unsavedDraft(FORM);
  const text = waiting === undefined ? ((await core.read('drafts.get', { form: FORM }))?.value ?? null) : waiting;
  const before = text === null ? null : newTicketDraft.parse(text);
  keepDraft(FORM, JSON.stringify({ ...(before ?? newTicketDraft.empty), customer, adding: false }));
  const view = useView.getState();
  view.showCustomer(null);
  view.setCreating(true);
  return before !== null && before.subject.trim() !== '';
}
