import './require-modern-node.ts';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildApp, isStale } from './build.ts';
import { startDemoServer, type DemoServer } from './demo-server.ts';
import { projectRoot, startProcess } from './own-process.ts';
import { resolveRuntime, type Runtime } from './runtime.ts';
import { ensureDesktopPackages } from './system-packages.ts';

// npm start: the demo server and the app beside it, until the app is quit. --reset begins with fresh demo data.
// With no display, or with --tour, the app is walked through on a virtual screen instead.

const demoFolder = path.join(projectRoot, 'out', 'demo');
const appStopMs = 10_000;
const serverStopMs = 12_000;

function say(chinese: string, english: string): void {
  process.stdout.write(`${chinese} / ${english}\n`);
}

async function runApp(runtime: Runtime, server: DemoServer, stopping: AbortSignal): Promise<number | null> {
  // Chromium says much on the terminal that is of no use to anybody but in a fault.
  const outputFile = path.join(demoFolder, 'app-output.txt');
  const output = await open(outputFile, 'w');
  const { ELECTRON_RUN_AS_NODE: _node, NODE_OPTIONS: _options, ...env } = process.env;
  const app = startProcess(
    runtime.executable,
    [...runtime.args, `--user-data-dir=${path.join(demoFolder, 'app')}`, projectRoot],
    ['ignore', output.fd, output.fd],
    { ...env, ZUOXI_SERVER: server.url, ZUOXI_NODE: process.execPath },
  );
  stopping.addEventListener('abort', () => void app.stop(appStopMs), { once: true });
  const code = await app.ended;
  await output.close();
  if (code !== 0 && !stopping.aborted) {
    say(`应用意外结束（${code}），输出在 ${outputFile}。`, `The app ended unexpectedly (${code}); what it printed is in that file.`);
  }
  return code;
}

async function runBeside(runtime: Runtime, stopping: AbortSignal): Promise<number> {
  say('正在启动演示服务器…', 'Starting the demo server…');
  await mkdir(demoFolder, { recursive: true });
  const server = await startDemoServer(demoFolder);
  let appRuns = true;
  void server.ended.then((code) => {
    if (appRuns) say(`演示服务器结束了（${code}），应用转为离线。`, `The demo server has ended (${code}); the app goes on offline.`);
  });
  try {
    if (stopping.aborted) return 0;
    say(
      '演示账号：客服 A20817，组长 L20101，质检员 Q20101，管理员 G20001；密码都是 demo-2026。',
      'Demo accounts as above; the password of each is demo-2026.',
    );
    say(
      `应用已打开，连接到 ${server.url}；从托盘菜单选“退出”，或在这里按 Ctrl+C 结束。`,
      'The app is open; quit it from its tray menu, or press Ctrl+C here.',
    );
    return (await runApp(runtime, server, stopping)) === 0 || stopping.aborted ? 0 : 1;
  } finally {
    appRuns = false;
    await server.stop(serverStopMs);
    say('演示服务器已停止。', 'The demo server has been stopped.');
  }
}

async function start(flags: ReadonlySet<string>): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());

  ensureDesktopPackages();
  if (flags.has('--reset')) {
    await rm(demoFolder, { recursive: true, force: true });
    say('演示数据已清空。', 'The demo data has been cleared.');
  }
  if (await isStale()) {
    say('正在构建应用…', 'Building the app…');
    await buildApp();
  }
  const runtime = await resolveRuntime();
  if (stopping.signal.aborted) return 0;

  const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
  if (hasDisplay && !flags.has('--tour')) return runBeside(runtime, stopping.signal);
  say('在虚拟屏幕上走一遍主要流程，截图存到 out/tour/。', 'Walking the main path on a virtual screen; screenshots go to out/tour/.');
  // Loaded only here: a desktop needs neither Playwright nor D-Bus to start the app.
  const { runTour } = await import('../tests/tour/tour.ts');
  return runTour(runtime, stopping.signal);
}

if (import.meta.main) {
  try {
    process.exitCode = await start(new Set(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
