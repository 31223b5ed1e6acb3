import { create } from 'zustand';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { InputOf } from '../../shared/bridge/define.ts';
import type { BucketCode } from '../../shared/domain/reminders/buckets.ts';
import type { ListName } from '../../shared/domain/ticket-state.ts';

type ListInput = InputOf<CoreContract['queries']['tickets.list']>;
type BucketInput = InputOf<CoreContract['queries']['reminders.bucket']>;
export type SortKey = ListInput['sort'];
export type DuePart = ListInput['due'];
export type Scope = BucketInput['scope'];
export type ReminderFilter = BucketInput['kind'];

export type CustomerView = InputOf<CoreContract['queries']['customers.list']>['view'];
export type SettingsPage = 'general' | 'phrases' | 'people' | 'groups' | 'parameters' | 'fields' | 'audit';

/** What the middle of the window shows. */
export type Place =
  /** `searchId`: through a 常用搜索. */
  | { readonly kind: 'list'; readonly list: ListName; readonly searchId: string | null }
  | { readonly kind: 'bucket'; readonly bucket: BucketCode }
  | { readonly kind: 'customers'; readonly view: CustomerView }
  | { readonly kind: 'team' }
  | { readonly kind: 'settings'; readonly page: SettingsPage };

export interface OpenTicket {
  readonly ticketId: string;
  /** Set for the view of 已转派. */
  readonly transferId: string | null;
}

export interface Sorting {
  readonly by: SortKey;
  readonly descending: boolean;
}

/** What the composer's button will do. `update` is the resting one. */
export type Mode =
  | { readonly kind: 'update' | 'resolve' | 'transfer' | 'invalidate' | 'release' | 'schedule' }
  | { readonly kind: 'reschedule' | 'cancelCallback'; readonly callbackId: string; readonly dueAt: number };

const resting: Mode = { kind: 'update' };

const sortings: Readonly<Record<ListName, Sorting>> = {
  // An overview: what moved last; by time it would open on callbacks of tickets long closed.
  all: { by: 'updated', descending: true },
  pending: { by: 'next', descending: false },
  processing: { by: 'next', descending: false },
  resolved: { by: 'updated', descending: true },
  transferred: { by: 'updated', descending: true },
  pool: { by: 'updated', descending: true },
  review: { by: 'resolved', descending: false },
  expired: { by: 'updated', descending: true },
};

interface ViewState {
  readonly place: Place;
  readonly due: DuePart;
  readonly sorting: Readonly<Record<ListName, Sorting>>;
  readonly scope: Scope;
  /** One person of 下属. */
  readonly personId: string | null;
  readonly reminderFilter: ReminderFilter;
  readonly open: OpenTicket | null;
  /** A customer's card stands where the ticket would. */
  readonly openCustomer: string | null;
  readonly mode: Mode;
  readonly creating: boolean;
  readonly sheet: boolean;
  readonly syncOpen: boolean;
  /** Until then the list may close up around the opened row: the agent's own action moved it. */
  readonly settlingUntil: number;
  go(place: Place): void;
  setDue(due: DuePart): void;
  sortBy(list: ListName, by: SortKey): void;
  setScope(scope: Scope): void;
  setPerson(personId: string | null): void;
  setReminderFilter(filter: ReminderFilter): void;
  openTicket(open: OpenTicket | null): void;
  showCustomer(customerId: string | null): void;
  setMode(mode: Mode): void;
  rest(): void;
  setCreating(creating: boolean): void;
  setSheet(sheet: boolean): void;
  setSyncOpen(open: boolean): void;
  settle(): void;
  reset(): void;
}

const start = {
  place: { kind: 'list', list: 'processing', searchId: null } as Place,
  due: 'all',
  sorting: sortings,
  scope: 'mine',
  personId: null,
  reminderFilter: 'all',
  open: null,
  openCustomer: null,
  mode: resting,
  creating: false,
  sheet: false,
  syncOpen: false,
  settlingUntil: 0,
} as const;

/** Where the agent is. Nothing here outlives the window. */
export const useView = create<ViewState>()((set) => ({
  ...start,
  go: (place) => set({ place, due: 'all', personId: null, reminderFilter: 'all' }),
  setDue: (due) => set({ due }),
  sortBy: (list, by) =>
    set((s) => {
      const now = s.sorting[list];
      return { sorting: { ...s.sorting, [list]: { by, descending: now.by === by ? !now.descending : by === 'updated' } } };
    }),
  setScope: (scope) => set({ scope, personId: null }),
  setPerson: (personId) => set({ personId }),
  setReminderFilter: (reminderFilter) => set({ reminderFilter }),
  openTicket: (open) => set({ open, openCustomer: null, mode: resting, creating: false }),
  showCustomer: (openCustomer) => set({ openCustomer, creating: false }),
  setMode: (mode) => set({ mode }),
  rest: () => set({ mode: resting }),
  setCreating: (creating) => set({ creating }),
  setSheet: (sheet) => set({ sheet }),
  setSyncOpen: (syncOpen) => set({ syncOpen }),
  settle: () => set({ settlingUntil: Date.now() + 1500 }),
  reset: () => set(start),
}));
