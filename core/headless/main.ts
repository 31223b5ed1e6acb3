import { stderr } from 'node:process';

// Before anything is loaded that an older Node could not even read.
if (Number(process.versions['napi'] ?? 0) >= 10) {
  const { runHeadless } = await import('./run-headless.ts');
  await runHeadless(process.argv.slice(2), process.env);
} else {
  stderr.write(
    `需要 Node.js 22.14 或更高版本（当前 ${process.version}），请用 npm run headless。 / ` +
      `Node.js 22.14 or newer is needed (this is ${process.version}); use npm run headless.\n`,
  );
  process.exitCode = 1;
}
