import { customerFacts, type RecordArgs } from '../../../shared/domain/commands/index.ts';
import { type Priority, priorities, type Source, sources } from '../../../shared/domain/tickets.ts';
import type { DraftShape } from '../../hooks/use-draft.ts';

/** What can be typed about a customer. Contacts may have empty lines while they are typed. */
export interface CustomerFacts {
  readonly name: string;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly address: string;
  readonly tier: string;
}

export interface CustomerEdit extends CustomerFacts {
  readonly ownerId: string | null;
  /** As it was when the editing began; null: nobody edits. */
  readonly base: (CustomerFacts & { readonly ownerId: string | null }) | null;
}

export interface NewCustomerText extends CustomerFacts {
  readonly source: Source;
  readonly owned: boolean;
  readonly withTicket: boolean;
  readonly subject: string;
  readonly description: string;
  readonly category: string;
  readonly priority: Priority;
}

const nothing: CustomerFacts = { name: '', phones: [''], emails: [], address: '', tier: '' };
const editNothing: CustomerEdit = { ...nothing, ownerId: null, base: null };
const newNothing: NewCustomerText = {
  ...nothing,
  source: 'phone',
  owned: true,
  withTicket: false,
  subject: '',
  description: '',
  category: '',
  priority: 'normal',
};

/** What was typed, without what only the typing needs. */
export const filled = (list: readonly string[]): string[] => list.map((x) => x.trim()).filter((x) => x !== '');

type Change = RecordArgs<'editCustomer'>['changes'][number];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Each changed fact with the value that was there when the editing began. */
export function changesOf(edit: CustomerEdit): Change[] {
  const { base } = edit;
  if (base === null) return [];
  const changes: Change[] = [
    { field: 'name', from: base.name, to: edit.name.trim() },
    { field: 'phones', from: [...base.phones], to: filled(edit.phones) },
    { field: 'emails', from: [...base.emails], to: filled(edit.emails) },
    { field: 'address', from: base.address, to: edit.address.trim() },
    { field: 'tier', from: base.tier, to: edit.tier.trim() },
    { field: 'ownerId', from: base.ownerId, to: edit.ownerId },
  ];
  return changes.filter((c) => !same(c.from, c.to));
}

/** What keeps a customer from being saved, as a key of `customers.need` with the line that it is about. */
export interface Need {
  readonly what: 'name' | 'contact' | 'phone' | 'email' | 'subject';
  readonly index: number;
}

export function needOf(facts: CustomerFacts): Need | null {
  if (!customerFacts.name.safeParse(facts.name).success) return { what: 'name', index: 0 };
  const phone = facts.phones.findIndex((p) => p.trim() !== '' && (!customerFacts.phones.safeParse([p]).success || !/\d/.test(p)));
  if (phone >= 0) return { what: 'phone', index: phone };
  const email = facts.emails.findIndex((e) => e.trim() !== '' && !customerFacts.emails.safeParse([e]).success);
  if (email >= 0) return { what: 'email', index: email };
  return filled([...facts.phones, ...facts.emails]).length === 0 ? { what: 'contact', index: 0 } : null;
}

const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const texts = (v: unknown): string[] => (Array.isArray(v) ? v.filter((x) => typeof x === 'string') : []);
const facts = (v: Partial<CustomerFacts>): CustomerFacts => ({
  name: text(v.name),
  phones: texts(v.phones),
  emails: texts(v.emails),
  address: text(v.address),
  tier: text(v.tier),
});
const idOrNull = (v: unknown): string | null => (typeof v === 'string' ? v : null);

function parseObject<T>(json: string, read: (v: Partial<T>) => T): T | null {
  try {
    const v = JSON.parse(json) as Partial<T> | null;
    return v === null || typeof v !== 'object' ? null : read(v);
  } catch {
    return null;
  }
}

export const customerEditDraft: DraftShape<CustomerEdit> = {
  empty: editNothing,
  isEmpty: (v) => changesOf(v).length === 0,
  parse: (json) =>
    parseObject<CustomerEdit>(json, (v) => ({
      ...facts(v),
      ownerId: idOrNull(v.ownerId),
      base: v.base == null ? null : { ...facts(v.base), ownerId: idOrNull(v.base.ownerId) },
    })),
};

const one = <T extends string>(of: readonly T[], value: unknown, otherwise: T): T => of.find((x) => x === value) ?? otherwise;

export const newCustomerDraft: DraftShape<NewCustomerText> = {
  empty: newNothing,
  isEmpty: (v) =>
    filled([v.name, ...v.phones, ...v.emails, v.address, v.tier]).length === 0 && filled([v.subject, v.description]).length === 0,
  parse: (json) =>
    parseObject<NewCustomerText>(json, (v) => ({
      ...facts(v),
      source: one(sources, v.source, newNothing.source),
      owned: v.owned !== false,
      withTicket: v.withTicket === true,
      subject: text(v.subject),
      description: text(v.description),
      category: text(v.category),
      priority: one(priorities, v.priority, newNothing.priority),
    })),
};

/** The same edits over what stands now: what the agent did not touch follows, what they typed stays. */
export function rebased(edit: CustomerEdit, now: NonNullable<CustomerEdit['base']>): CustomerEdit {
  const touched = new Set(changesOf(edit).map((c) => c.field));
  const pick = <K extends keyof typeof now>(key: K): (typeof now)[K] => (touched.has(key) ? edit[key] : now[key]);
  return {
    name: pick('name'),
    phones: pick('phones'),
    emails: pick('emails'),
    address: pick('address'),
    tier: pick('tier'),
    ownerId: pick('ownerId'),
    base: now,
  };
}
