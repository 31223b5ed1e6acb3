import type { Role } from '../../../shared/domain/people.ts';

/** What the oracle knows of an account. */
export interface Person {
  readonly name: string;
  role: Role;
  groups: string[];
  disabled: boolean;
}

/** What the oracle knows of a ticket: who has it, where it lies, who had it. */
export interface Case {
  readonly id: string;
  group: string;
  /** null: it lies in the pool. */
  holder: string | null;
  /** Whoever gave a command on it. */
  readonly actors: Set<string>;
  readonly givenAwayBy: Set<string>;
  /** Who let its customer go, and may not claim again. */
  readonly releasedBy: Set<string>;
}

/**
 * A second, much simpler statement of the domain's table of people, in other words and by another hand than the code that
 * it checks: no tags, no feed, no audiences.
 */
export class Oracle {
  readonly people = new Map<string, Person>();
  readonly cases = new Map<string, Case>();

  #person(name: string): Person {
    return this.people.get(name)!;
  }

  sees(name: string, of: Case): boolean {
    const person = this.#person(name);
    if (person.disabled) return false;
    if (person.role === 'qa' || person.role === 'admin') return true;
    if (of.holder === name) return true;
    const mine = person.groups.includes(of.group);
    return mine && (person.role === 'leader' || of.holder === null);
  }

  #leads(name: string, group: string): boolean {
    const { role, groups } = this.#person(name);
    return role === 'qa' || role === 'admin' || (role === 'leader' && groups.includes(group));
  }

  /** Whether the command is carried out, as far as rights and the state that it needs go. */
  may(name: string, command: 'note' | 'release' | 'transfer' | 'assign' | 'claim' | 'withdraw', of: Case, to: string): boolean {
    const person = this.#person(name);
    if (person.disabled) return false;
    const target = this.#person(to);
    switch (command) {
      case 'note':
        return this.sees(name, of) || of.actors.has(name);
      case 'release':
        return of.holder === name;
      case 'transfer':
        return of.holder === name && to !== name && !target.disabled;
      case 'claim':
        return this.sees(name, of) && of.holder === null && !of.releasedBy.has(name);
      case 'withdraw':
        return this.#leads(name, of.group) && of.holder !== null;
      case 'assign': {
        if (!this.#leads(name, of.group) || target.disabled || of.holder === to) return false;
        return person.role !== 'leader' || target.groups.some((g) => person.groups.includes(g));
      }
    }
  }

  /** What a command that was carried out leaves behind. */
  done(name: string, command: 'note' | 'release' | 'transfer' | 'assign' | 'claim' | 'withdraw', of: Case, to: string): void {
    of.actors.add(name);
    if (command === 'note') return;
    if (command === 'release' || command === 'withdraw') {
      if (command === 'release') of.releasedBy.add(name);
      of.holder = null;
      return;
    }
    const receiver = command === 'claim' ? name : to;
    if (command === 'transfer') of.givenAwayBy.add(name);
    of.holder = receiver;
    const { groups } = this.#person(receiver);
    if (!groups.includes(of.group)) of.group = groups[0]!;
  }
}
