import { flushSync } from 'react-dom';
import { subscriberNumber } from '../../../shared/domain/contacts.ts';
import { core } from '../../bridge.ts';
import { keepDraft, unsavedDraft } from '../../stores/drafts.ts';
import { useView } from '../../stores/view-store.ts';
import { newTicketDraft, type NewTicketText } from '../new-ticket/new-ticket-draft.ts';

const FORM = 'new';

/**
 * Opens the form of a new ticket with this customer in it. What was typed there before stays.
 * @returns whether something was, so that it can be said
 */
export async function startTicketFor(customer: { readonly id: string; readonly name: string; readonly phone: string }): Promise<boolean> {
  const before = await typedBefore();
  open({ ...(before ?? newTicketDraft.empty), customer, adding: false });
  return before !== null && before.subject.trim() !== '';
}

/**
 * The same for somebody new who calls. Another new customer who is being typed there is not overwritten: the form opens
 * as it was.
 * @returns `taken`: the number is in it; `kept`: so is a text of before; `other`: the number is not
 */
export async function startTicketForCaller(phone: string): Promise<'taken' | 'kept' | 'other'> {
  const before = await typedBefore();
  if (before === null || newTicketDraft.isEmpty(before)) {
    open({ ...newTicketDraft.empty, adding: true, phone });
    return 'taken';
  }
  const facts = [before.name, before.phone, before.email, before.address];
  const other = facts.some((fact) => fact.trim() !== '') && subscriberNumber(before.phone) !== subscriberNumber(phone);
  open(other ? before : { ...before, customer: null, adding: true, phone });
  return other ? 'other' : 'kept';
}

async function typedBefore(): Promise<NewTicketText | null> {
  // A form on screen has the last words in itself alone; as it goes it hands them over.
  flushSync(() => useView.getState().setCreating(false));
  const waiting = unsavedDraft(FORM);
  const text = waiting === undefined ? ((await core.read('drafts.get', { form: FORM }))?.value ?? null) : waiting;
  return text === null ? null : newTicketDraft.parse(text);
}

function open(text: NewTicketText): void {
  keepDraft(FORM, JSON.stringify(text));
  const view = useView.getState();
  view.showCustomer(null);
  view.setCreating(true);
}
