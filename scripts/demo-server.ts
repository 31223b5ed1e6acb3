import { open, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type OwnProcess, startProcess } from './own-process.ts';

export interface DemoServer extends OwnProcess {
  readonly url: string;
}

/** The port of the last time, if it is free: to the app the same address is the same company. */
async function usualPort(portFile: string): Promise<number> {
  const port = Number(await readFile(portFile, 'utf8').catch(() => '0'));
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) return 0;
  return new Promise((resolve) => {
    const trial = net.createServer();
    trial.once('error', () => resolve(0));
    trial.listen(port, '127.0.0.1', () => trial.close(() => resolve(port)));
  });
}

/** The real server with demo data, as a process of its own; its files lie in `<folder>/server`. @throws if it does not come up */
export async function startDemoServer(folder: string, flags: readonly string[] = []): Promise<DemoServer> {
  const portFile = path.join(folder, 'port');
  const args = ['server/main.ts', '--demo', '--port', String(await usualPort(portFile)), '--data', path.join(folder, 'server'), ...flags];
  const { DATABASE_URL: _elsewhere, ...env } = process.env;
  const logFile = path.join(folder, 'server-output.txt');
  const log = await open(logFile, 'w');
  const server = startProcess(process.execPath, args, ['ignore', 'pipe', log.fd], env);
  await log.close();
  const url = await new Promise<string>((resolve, reject) => {
    // What it said last is the sentence that says what to do.
    void server.ended.then(async (code) => {
      const said = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').at(-1) ?? '';
      reject(new Error(`演示服务器没有启动成功（${code}）。 / The demo server did not start (${code}).\n${said}`));
    });
    if (server.child.stdout === null) return;
    createInterface(server.child.stdout).on('line', (line) => {
      const listening = /^\{"listening":\s*"(http:[^"]+)"/.exec(line)?.[1];
      if (listening !== undefined) resolve(listening);
    });
  });
  await writeFile(portFile, new URL(url).port);
  return { ...server, url };
}
