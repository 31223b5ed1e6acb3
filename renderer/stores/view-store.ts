import { create } from 'zustand';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { InputOf } from '../../shared/bridge/define.ts';
import type { BucketCode } from '../../shared/domain/reminders/buckets.ts';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { ListName } from '../../shared/domain/ticket-state.ts';
import type { ExportRequest } from '../../shared/protocol/operations.ts';

type ListInput = InputOf<CoreContract['queries']['tickets.list']>;
type BucketInput = InputOf<CoreContract['queries']['reminders.bucket']>;
export type SortKey = ListInput['sort'];
export type DuePart = ListInput['due'];
export type Scope = BucketInput['scope'];
export type ReminderFilter = BucketInput['kind'];

export type CustomerView = InputOf<CoreContract['queries']['customers.list']>['view'];
export type SettingsPage =
  | 'general'
  | 'desktop'
  | 'devices'
  | 'ledger'
  | 'phrases'
  | 'people'
  | 'groups'
  | 'parameters'
  | 'fields'
  | 'audit';

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

/** What a list is narrowed to. */
export interface Conditions {
  /** Words of the search box; '' for none. */
  readonly text: string;
  readonly filter: TicketFilter;
}

/** A ticked row: enough to say which ticket it is and what can be done with it. */
export interface Ticked {
  readonly id: string;
  readonly number: number | null;
  readonly subject: string;
  readonly assigneeId: string | null;
}

/** What the composer's button will do. `update` is the resting one. */
export type Mode =
  | { readonly kind: 'update' | 'resolve' | 'transfer' | 'invalidate' | 'release' | 'schedule' }
  | { readonly kind: 'withdraw' | 'reviewClose' | 'reviewBack' | 'reopen' }
  | { readonly kind: 'reschedule' | 'cancelCallback'; readonly callbackId: string; readonly dueAt: number };

const resting: Mode = { kind: 'update' };
/** Where the day begins. */
export const home = { kind: 'list', list: 'processing', searchId: null } as const satisfies Place;

/** How each list is sorted before anybody chose. */
export const usualSorting: Readonly<Record<ListName, Sorting>> = {
  // An overview: what moved last; by time it would open on callbacks of tickets long closed.
  all: { by: 'updated', descending: true },
  pending: { by: 'next', descending: false },
  processing: { by: 'next', descending: false },
  resolved: { by: 'resolved', descending: true },
  transferred: { by: 'updated', descending: true },
  pool: { by: 'updated', descending: true },
  review: { by: 'resolved', descending: false },
  expired: { by: 'updated', descending: true },
};

/** What names the state of a list: the list itself, or a 常用搜索 in it. */
export const listKey = (list: ListName, searchId: string | null): string => (searchId === null ? list : `search ${searchId}`);

const nothing: ReadonlyMap<string, Ticked> = new Map();
const without = <T>(of: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(of).filter(([k]) => k !== key));

interface ViewState {
  readonly place: Place;
  readonly due: DuePart;
  /** Chosen in this window, by `listKey`; otherwise what was kept or is usual. */
  readonly sorting: Readonly<Record<string, Sorting>>;
  /** By `listKey`; otherwise those of the 常用搜索, or none. */
  readonly conditions: Readonly<Record<string, Conditions>>;
  /** Ticked rows of the list on screen. */
  readonly selected: ReadonlyMap<string, Ticked>;
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
  /** The refused command whose conflict is being settled. */
  readonly conflict: string | null;
  /** The condition builder is open, on this field ('' for none yet); null: closed. */
  readonly filterOpen: string | null;
  readonly columnsOpen: boolean;
  readonly palette: boolean;
  /** The dialog that keeps the conditions as a 常用搜索. */
  readonly saving: boolean;
  /** What the export dialog is about; null: closed. */
  readonly exporting: ExportRequest['select'] | null;
  /** Until then the list may close up around the opened row: the agent's own action moved it. */
  readonly settlingUntil: number;
  go(place: Place): void;
  setDue(due: DuePart): void;
  setSorting(key: string, sorting: Sorting): void;
  setConditions(key: string, conditions: Conditions): void;
  /** Back to what the 常用搜索 says. */
  dropChanges(key: string): void;
  select(tickets: ReadonlyMap<string, Ticked>): void;
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
  setConflict(commandId: string | null): void;
  setFilterOpen(field: string | null): void;
  setColumnsOpen(open: boolean): void;
  setPalette(open: boolean): void;
  setSaving(open: boolean): void;
  setExporting(select: ExportRequest['select'] | null): void;
  settle(): void;
  reset(): void;
}

const start = {
  place: home,
  due: 'all',
  sorting: {} as Readonly<Record<string, Sorting>>,
  conditions: {} as Readonly<Record<string, Conditions>>,
  selected: nothing,
  scope: 'mine',
  personId: null,
  reminderFilter: 'all',
  open: null,
  openCustomer: null,
  mode: resting,
  creating: false,
  sheet: false,
  syncOpen: false,
  conflict: null,
  filterOpen: null,
  columnsOpen: false,
  palette: false,
  saving: false,
  exporting: null,
  settlingUntil: 0,
} as const;

/** Where the agent is. Nothing here outlives the window. */
export const useView = create<ViewState>()((set) => ({
  ...start,
  go: (place) =>
    set({
      place,
      due: 'all',
      personId: null,
      reminderFilter: 'all',
      selected: nothing,
      filterOpen: null,
      columnsOpen: false,
    }),
  setDue: (due) => set({ due, selected: nothing }),
  setSorting: (key, sorting) => set((s) => ({ sorting: { ...s.sorting, [key]: sorting }, selected: nothing })),
  setConditions: (key, conditions) => set((s) => ({ conditions: { ...s.conditions, [key]: conditions }, selected: nothing })),
  dropChanges: (key) => set((s) => ({ conditions: without(s.conditions, key), sorting: without(s.sorting, key) })),
  select: (selected) => set({ selected }),
  setScope: (scope) => set({ scope, personId: null }),
  setPerson: (personId) => set({ personId }),
  setReminderFilter: (reminderFilter) => set({ reminderFilter }),
  openTicket: (open) =>
    set(({ place }) => {
      // A page of settings has no place for a ticket.
      const leaves = open !== null && place.kind === 'settings';
      return { open, openCustomer: null, mode: resting, creating: false, ...(leaves && { place: home }) };
    }),
  showCustomer: (openCustomer) => set({ openCustomer, creating: false }),
  setMode: (mode) => set({ mode }),
  rest: () => set({ mode: resting }),
  // The form stands where a customer's card would.
  setCreating: (creating) => set(creating ? { creating, openCustomer: null } : { creating }),
  setSheet: (sheet) => set({ sheet }),
  setSyncOpen: (syncOpen) => set({ syncOpen }),
  setConflict: (conflict) => set({ conflict, syncOpen: false }),
  setFilterOpen: (filterOpen) => set({ filterOpen, columnsOpen: false }),
  setColumnsOpen: (columnsOpen) => set({ columnsOpen, filterOpen: null }),
  setPalette: (palette) => set({ palette }),
  setSaving: (saving) => set({ saving }),
  setExporting: (exporting) => set({ exporting }),
  settle: () => set({ settlingUntil: Date.now() + 1500 }),
  reset: () => set(start),
}));
