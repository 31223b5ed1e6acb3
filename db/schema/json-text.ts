import { customType } from 'drizzle-orm/sqlite-core';
import { StorageError } from '../storage-error.ts';

/** @throws StorageError (`damaged`) if it is no JSON: nothing here ever writes such a text where JSON belongs. */
export function parseStored(text: string): unknown {
  // What most rows have.
  if (text === '{}') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StorageError('damaged', error);
  }
}

/** A text that holds JSON. */
export const jsonText = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: parseStored,
});
