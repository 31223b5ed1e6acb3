import type { Reader } from './reader.ts';

/** What is made once per connection, when it is first needed: putting a question together costs more than asking it. */
export function oncePer<T>(make: (db: Reader) => T): (db: Reader) => T {
  const made = new WeakMap<Reader, T>();
  return (db) => {
    let found = made.get(db);
    if (found === undefined) made.set(db, (found = make(db)));
    return found;
  };
}
