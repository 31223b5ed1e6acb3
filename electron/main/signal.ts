/** A value that others follow. */
export interface Signal<T> {
  readonly value: T;
  set(value: T): void;
  /** Calls back now and with each change. @returns ends it. */
  follow(listener: (value: T) => void): () => void;
}

export function signal<T>(first: T): Signal<T> {
  const listeners = new Set<(value: T) => void>();
  let value = first;
  return {
    get value() {
      return value;
    },
    set(to) {
      value = to;
      for (const listener of listeners) listener(value);
    },
    follow(listener) {
      listeners.add(listener);
      listener(value);
      return () => void listeners.delete(listener);
    },
  };
}
