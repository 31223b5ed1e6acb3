import { closeSync, readdirSync, readFileSync } from 'node:fs';

// Loaded before the core where it is a plain Node child on Linux. Chromium leaves many of its file descriptors open to
// a child that Node starts; a copy here keeps Electron from noticing that a process of its own has ended, and on a busy
// machine one start in five then hangs before the first page.

const closeOnExec = 0o2000000;
const kept = Math.max(2, Number(process.env['NODE_CHANNEL_FD'] ?? 0));

function openDescriptors(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

for (const descriptor of openDescriptors()) {
  if (descriptor <= kept) continue;
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1] ?? '';
    // What this Node opened itself is marked to be closed in its own children; only what came from outside is not.
    if (flags !== '' && (Number.parseInt(flags, 8) & closeOnExec) === 0) closeSync(descriptor);
  } catch {
    // The descriptor of the listing itself is gone by now.
  }
}
