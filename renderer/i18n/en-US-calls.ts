import type { Messages } from './zh-CN.ts';

/** Calls and what customers answer; a part of en-US.ts. */
export const enUSCalls: Pick<Messages, 'calls' | 'reply'> = {
  calls: {
    title: 'Call',
    number: 'Number that calls',
    find: 'Find the customer',
    wrong: 'Enter a phone number of 3 to 20 digits.',
    several: '{{n}} customers have this number. Who is it?',
    others: 'Another customer',
    more: 'All about this customer',
    invalid: 'Invalid customer',
    nextCallback: 'Next callback: {{time}}',
    open: 'Open tickets',
    noOpen: 'No open tickets.',
    past: 'Earlier tickets',
    link: 'Note this call',
    linked: 'Noted',
    linkedWhat: 'the call is noted in the ticket',
    note: 'Call at {{time}} from {{phone}}',
    unknown: 'No customer on this computer has this number.',
    newCustomer: 'New customer, new ticket',
    otherTyped:
      'The new-ticket form holds another new customer who is not submitted yet; it was left as it is. Submit or clear it, then try again.',
    mayNot: 'Your account cannot create tickets; please pass this to your leader.',
  },
  reply: {
    came: 'The customer replied {{time}}: {{text}}',
    kept: 'The callback stands: {{time}}',
    wait: 'Wait until the callback',
    waits: 'waiting until the callback',
    waitNote: 'The customer has replied; waiting on until the callback: {{time}}',
  },
};
