import { runCore } from './entry.ts';

// A child of the shell where Electron's own Node cannot load SQLite (test builds).
runCore(process.argv[2] ?? '', {
  send: (message) => void (process.connected && process.send?.(message as object, undefined, undefined, () => {})),
  onMessage: (listener) => void process.on('message', (message) => listener(message)),
  exit: () => process.exit(0),
});
// The shell is gone: nobody will ever answer again, and the cache is safe as it is.
process.on('disconnect', () => process.exit(0));
