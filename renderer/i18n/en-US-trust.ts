import type { Messages } from './zh-CN.ts';

type Trust = Pick<Messages, 'conflict' | 'kept' | 'older'>;

export const enUSTrust: Trust = {
  conflict: {
    title: 'Changed on both sides',
    about: '{{number}} {{subject}}',
    why: 'Somebody changed it before your change arrived. Both are kept; choose for each field, then submit.',
    choose: 'Compare and choose',
    mine: 'Mine',
    theirs: 'Current',
    own: 'Write another',
    me: 'Me · {{time}}',
    by: '{{name}} · {{time}}',
    byUnknown: 'Changed by somebody else',
    before: 'What I saw then: {{value}}',
    note: 'Note that goes along: {{text}}',
    allMine: 'All mine',
    allTheirs: 'All current',
    left: '{{n}} left to choose',
    submit: 'Submit choices',
    submitted: 'Submitted as you chose',
    nothing: 'All current values kept, nothing to submit',
    again: 'It was changed again just now; please look once more.',
  },
  kept: {
    title: 'Kept for you',
    ticket: 'Ticket {{number}} is no longer with you. What you had not submitted is kept; pass it on to whoever has it now.',
    ticketUnknown: 'This ticket is no longer with you. What you had not submitted is kept; pass it on to whoever has it now.',
    customer: 'This customer is no longer with you. The changes that you had not submitted are kept; pass them on to whoever has them now.',
    gone: 'no longer with you',
    discard: 'Not needed',
    discarded: 'Deleted',
  },
  older: {
    note: 'This computer keeps tickets resolved in the last {{n}} days',
    fetch: 'Find older ones on the server',
    more: 'Find still older ones',
    found: '{{n}} found and listed above',
    none: 'The server has no older ones',
    fetching: 'Looking…',
    palette: 'Find older “{{text}}” on the server',
    failed: {
      offline: 'The server cannot be reached; older tickets cannot be found now.',
      forbidden: 'Your account may not look for older tickets.',
      protocol: 'The versions of the server and this client differ; older tickets cannot be found now.',
      'server-fault': 'The server had a fault; please try again later.',
      'sign-in-needed': 'Please sign in again first.',
      'not-ready': 'The first sync is under way; then it can be done.',
    },
  },
};
