import './require-modern-node.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { buildApp, isStale } from './build.ts';
import { resolveRuntime, type Runtime } from './runtime.ts';
import { ensureDesktopPackages } from './system-packages.ts';

// npm start: the demo server and the app beside it, until the app is quit. --reset begins with fresh demo data.

type DemoServer = { url: string; child: ChildProcess; ended: Promise<number | null> };

const projectRoot = path.resolve(import.meta.dirname, '..');
const demoFolder = path.join(projectRoot, 'out', 'demo');
const portFile = path.join(demoFolder, 'port');
const parentDeathSignal = '/usr/bin/setpriv';
const appStopMs = 10_000;
const serverStopMs = 12_000;

function say(chinese: string, english: string): void {
  process.stdout.write(`${chinese} / ${english}\n`);
}

/** In a process group of its own, so that Ctrl+C reaches only this script, which then ends things in order. */
function startChild(command: string, args: string[], stdio: ('ignore' | 'inherit' | 'pipe' | number)[], env: NodeJS.ProcessEnv): ChildProcess {
  const detached = process.platform !== 'win32';
  // Should this script be killed, the kernel ends what it started.
  const tied = process.platform === 'linux' && existsSync(parentDeathSignal);
  return tied
    ? spawn(parentDeathSignal, ['--pdeathsig', 'TERM', command, ...args], { stdio, env, detached, cwd: projectRoot })
    : spawn(command, args, { stdio, env, detached, cwd: projectRoot });
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>, deadlineMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  await ended;
  clearTimeout(deadline);
}

/** The port of the last time, if it is free: to the app the same address is the same company. */
async function usualPort(): Promise<number> {
  const port = Number(await readFile(portFile, 'utf8').catch(() => '0'));
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) return 0;
  return new Promise((resolve) => {
    const trial = net.createServer();
    trial.once('error', () => resolve(0));
    trial.listen(port, '127.0.0.1', () => trial.close(() => resolve(port)));
  });
}

async function startServer(): Promise<DemoServer> {
  const args = ['server/main.ts', '--demo', '--port', String(await usualPort()), '--data', path.join(demoFolder, 'server')];
  const { DATABASE_URL: _elsewhere, ...env } = process.env;
  const child = startChild(process.execPath, args, ['ignore', 'pipe', 'inherit'], env);
  const ended = endOf(child);
  const url = await new Promise<string>((resolve, reject) => {
    void ended.then((code) => reject(new Error(`演示服务器没有启动成功（${code}）。 / The demo server did not start (${code}).`)));
    if (!child.stdout) return;
    createInterface(child.stdout).on('line', (line) => {
      const listening = /^\{"listening":\s*"(http:[^"]+)"/.exec(line)?.[1];
      if (listening !== undefined) resolve(listening);
    });
  });
  await writeFile(portFile, new URL(url).port);
  return { url, child, ended };
}

async function runApp(runtime: Runtime, server: DemoServer, stopping: AbortSignal): Promise<number | null> {
  // Chromium says much on the terminal that is of no use to anybody but in a fault.
  const outputFile = path.join(demoFolder, 'app-output.txt');
  const output = await open(outputFile, 'w');
  const { ELECTRON_RUN_AS_NODE: _node, NODE_OPTIONS: _options, ...env } = process.env;
  const child = startChild(
    runtime.executable,
    [...runtime.args, `--user-data-dir=${path.join(demoFolder, 'app')}`, projectRoot],
    ['ignore', output.fd, output.fd],
    { ...env, ZUOXI_SERVER: server.url, ZUOXI_NODE: process.execPath },
  );
  const ended = endOf(child);
  stopping.addEventListener('abort', () => void stopChild(child, ended, appStopMs), { once: true });
  const code = await ended;
  await output.close();
  if (code !== 0 && !stopping.aborted) {
    say(`应用意外结束（${code}），输出在 ${outputFile}。`, `The app ended unexpectedly (${code}); what it printed is in that file.`);
  }
  return code;
}

async function tour(server: DemoServer, runtime: Runtime): Promise<void> {
  const script = path.join(import.meta.dirname, 'tour.ts');
  if (!existsSync(script)) {
    say('这台机器没有显示器，应用窗口无处可开。', 'This machine has no display to open the window on.');
    return;
  }
  say('这台机器没有显示器，改为在虚拟屏幕上走一遍。', 'This machine has no display, so a tour is given on a virtual one.');
  const { runTour } = (await import(pathToFileURL(script).href)) as {
    runTour: (options: { server: string; runtime: Runtime }) => Promise<void>;
  };
  await runTour({ server: server.url, runtime });
}

async function start(reset: boolean): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());

  ensureDesktopPackages();
  if (reset) {
    await rm(demoFolder, { recursive: true, force: true });
    say('演示数据已清空。', 'The demo data has been cleared.');
  }
  await mkdir(demoFolder, { recursive: true });
  if (await isStale()) {
    say('正在构建应用…', 'Building the app…');
    await buildApp();
  }
  const runtime = await resolveRuntime();
  if (stopping.signal.aborted) return 0;

  say('正在启动演示服务器…', 'Starting the demo server…');
  const server = await startServer();
  let appRuns = true;
  void server.ended.then((code) => {
    if (appRuns) say(`演示服务器结束了（${code}），应用转为离线。`, `The demo server has ended (${code}); the app goes on offline.`);
  });
  try {
    if (stopping.signal.aborted) return 0;
    const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
    if (!hasDisplay) {
      await tour(server, runtime);
      return 0;
    }
    say(`应用已打开，连接到 ${server.url}；从托盘菜单选“退出”，或在这里按 Ctrl+C 结束。`, 'The app is open; quit it from its tray menu, or press Ctrl+C here.');
    return (await runApp(runtime, server, stopping.signal)) === 0 || stopping.signal.aborted ? 0 : 1;
  } finally {
    appRuns = false;
    await stopChild(server.child, server.ended, serverStopMs);
    say('演示服务器已停止。', 'The demo server has been stopped.');
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await start(process.argv.includes('--reset'));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
