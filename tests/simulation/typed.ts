import type Database from 'better-sqlite3';
import { look } from './transaction-watch.ts';
import { Violation } from './violation.ts';

interface Row {
  readonly form: string;
  readonly value: string;
  readonly here: 0 | 1;
}

/** What agents were typing about tickets: from the moment in which it is saved it is on the disk, as last typed (I7). */
export class Typed {
  /** By cache and form: all that was typed, oldest first, and from where on it is promised. */
  readonly #texts = new Map<string, Map<string, { readonly all: string[]; promised: number }>>();

  /** @returns to be called once the screen says that it is saved */
  begin(cache: string, form: string, value: string): () => void {
    const ofCache = this.#texts.get(cache) ?? new Map();
    this.#texts.set(cache, ofCache);
    const text = ofCache.get(form) ?? { all: [], promised: -1 };
    ofCache.set(form, text);
    const at = text.all.push(value) - 1;
    return () => {
      text.promised = Math.max(text.promised, at);
    };
  }

  /** @returns how many texts lie apart because what they are about has left */
  check(db: Database.Database, cache: string): number {
    const texts = this.#texts.get(cache);
    if (texts === undefined) return 0;
    const read = (table: string): Row[] =>
      look(
        db,
        `SELECT form, value, EXISTS (SELECT 1 FROM ticket WHERE 'ticket:' || id = form) AS here FROM ${table} WHERE form LIKE 'ticket:%'`,
      ).all() as Row[];
    const drafts = read('draft');
    const kept = read('kept_draft');
    for (const { form, here } of kept)
      if (here === 1) throw new Violation('I7', `${cache} keeps the text about ${form} apart, though it is here`);
    for (const { form, here } of drafts)
      if (here === 0) throw new Violation('I7', `${cache} has a draft about ${form}, to which no screen leads`);
    for (const [form, { all, promised }] of texts) {
      if (promised < 0) continue;
      const lies = [...drafts, ...kept].filter((row) => row.form === form).map((row) => all.indexOf(row.value));
      if (!lies.some((at) => at >= promised)) throw new Violation('I7', `${cache} has lost what was typed about ${form}`);
    }
    return kept.length;
  }
}
