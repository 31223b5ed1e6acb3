import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before a core that is to be killed in the middle of an erasure: `ZUOXI_DIE_AT` says at which step.

const step = process.env['ZUOXI_DIE_AT'] ?? '';
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  // The signal has been sent; nothing after it may run.
  for (;;);
};
const rename = fs.renameSync.bind(fs);
const remove = fs.rmSync.bind(fs);
let removed = 0;
let marked = false;

fs.renameSync = (from, to): void => {
  const erasing = String(to).endsWith('profile.json') && fs.readFileSync(from, 'utf8').includes('"erasing":["');
  const finishing = marked && String(to).endsWith('profile.json') && !erasing;
  if ((step === 'before the mark' && erasing) || (step === 'before the mark is taken away' && finishing)) die();
  rename(from, to);
  marked ||= erasing;
  if (step === 'after the mark' && erasing) die();
};
fs.rmSync = (path, options): void => {
  if (marked) {
    removed += 1;
    if (step === `before file ${removed}`) die();
  }
  remove(path, options);
};
syncBuiltinESMExports();
