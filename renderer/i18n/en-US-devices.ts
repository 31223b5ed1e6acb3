import type { Messages } from './zh-CN.ts';

/** Devices, remote sign-out, removing an account; a part of en-US.ts. */
export const enUSDevices: Pick<Messages, 'devices' | 'removal'> = {
  devices: {
    lead: 'Computers on which your account is signed in. If you do not know one, sign it out and change your password at once; if one is lost or stolen, ask an admin to erase it.',
    leadOf:
      'Computers on which {{name}} is signed in. “Sign out” keeps the data there; “Sign out and erase” deletes it, for a lost or stolen computer.',
    unnamed: 'A computer that gave no name',
    system: { win32: 'Windows', darwin: 'macOS', linux: 'Linux' },
    current: 'This computer',
    out: 'Signed out, data kept',
    ordered: 'To be erased',
    told: 'Has received the order to erase',
    first: 'First sign-in {{at}}',
    last: 'Last contact {{at}}',
    empty: 'Not signed in anywhere now.',
    offline: 'Offline now: other computers can be seen and signed out with the network.',
    signOut: 'Sign out',
    signOutSure: 'Really sign out?',
    signedOut: '“{{device}}” is signed out. Its data is kept and goes on after signing in.',
    erase: 'Sign out and erase…',
    ofPerson: 'Devices',
    title: 'Devices of {{name}}',
    eraseTitle: 'Sign out “{{device}}” and erase its data?',
    eraseWhat:
      'The tickets, customers, files and unfinished texts of {{name}} on that computer are deleted, their key first, and cannot be brought back. Actions that were not synced are lost, too.',
    eraseWhen:
      'It happens when that computer next reaches the server. Until then nothing can be called back: without a network its data stays there, and can be opened for {{n}} days.',
    eraseUntil:
      'The tickets on the server are not touched. Whoever signs in on that computer with the password ends the order: if the password may be known, reset it first.',
    eraseConfirm: 'Sign out and erase',
    erased: 'Ordered: “{{device}}” is erased when it next reaches the server.',
    back: 'Back',
    here: 'This computer',
    remove: 'Remove this account from this computer',
    removeNote: 'Signs out and deletes all data of this account on this computer. For when you change computers or leave.',
    removeAction: 'Remove…',
  },
  removal: {
    link: 'Remove an account from this computer',
    title: 'Remove an account from this computer',
    lead: 'These accounts have encrypted data on this computer.',
    pick: 'Remove…',
    of: 'Remove “{{name}} ({{staffNo}})”?',
    what: 'The tickets, customers, files and unfinished texts of this account on this computer are deleted and cannot be brought back. The server and other accounts are not touched.',
    none: 'No actions are waiting to be synced.',
    waiting: 'Actions that have not reached the server and will be gone: {{n}}.',
    agree: 'I know that these will be lost: {{n}}',
    more: 'There are more unsynced actions than a moment ago. Please look again.',
    confirm: 'Remove',
    waits: 'Not synced: {{n}}',
    erased: 'By order of an admin, all data of staff number {{staffNo}} on this computer has been deleted.',
    erasedWaiting: 'Unsynced actions that went with it and are not on the server: {{n}}.',
    erasedAgain: 'Sign in again to go on, or ask an admin.',
  },
};
