import { registerHooks } from 'node:module';

// Loaded before everything else by a child of the power harness: the cache is opened with the sync that SQLite would choose.

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/db/open.ts')) return loaded;
    const source = String(loaded.source);
    if (!source.includes('synchronous=FULL')) throw new Error('There is nothing to plant the bug in.');
    return { ...loaded, source: source.replace('synchronous=FULL', 'synchronous=NORMAL') };
  },
});
