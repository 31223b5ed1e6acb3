import { stderr, stdout } from 'node:process';

// Before anything is loaded that an older Node could not even read.
const napi = Number(process.versions['napi'] ?? 0);
if (napi >= 10) {
  const { runCli } = await import('./cli/run-cli.ts');
  await runCli(process.argv.slice(2), process.env);
} else {
  stderr.write(
    `需要 Node.js 22.14 或更高版本（当前 ${process.version}），请在项目目录运行 npm install 后使用 node_modules/.bin/node。 / ` +
      `Node.js 22.14 or newer is needed (this is ${process.version}); run npm install in the project and use node_modules/.bin/node.\n`,
  );
  stdout.end();
  process.exitCode = 1;
}
