import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { v7 } from 'uuid';
import { type CoreContract, coreContract } from '../../shared/bridge/contract.ts';
import { portPair } from '../../shared/bridge/port.ts';
import { type Client, createClient } from '../../shared/bridge/rpc.ts';
import { createCore } from '../create-core.ts';
import { systemClock, systemTimers } from '../system-timers.ts';
import { createHttpTransport } from '../transport/http-transport.ts';
import { createHeadlessHost } from './headless-host.ts';
import { createNotifier } from './notifier.ts';
import { openSecretFile } from './secret-file.ts';

const usage = `坐席工单台，无窗口：同步并用系统通知提醒 / Zuoxi without a window: syncs, and reminds by the system's notifications

  npm run headless -- --server ADDRESS --staff-no NUMBER [--data DIR]

密码从环境变量 ZUOXI_PASSWORD 或标准输入的第一行读取；登录过一次后不再需要。
The password comes from ZUOXI_PASSWORD, or is the first line of the standard input; after the first time it is not needed.
`;

type Core = Client<CoreContract>;

/** Runs until SIGINT or SIGTERM; sets the exit code. Each line on the standard output is one event. */
export async function runHeadless(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const args = readArguments(argv);
  if (args === null) {
    process.stderr.write(usage);
    process.exitCode = 1;
    return;
  }
  const core = createCore({
    dataDir: args.dataDir,
    host: createHeadlessHost({ secrets: openSecretFile(args.dataDir), show: createNotifier(process.platform), logger: toStderr }),
    transport: createHttpTransport(),
    clock: systemClock,
    timers: systemTimers,
    ids: v7,
    random: Math.random,
    zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    logger: toStderr,
    presetServer: args.server,
  });
  const client = createClient(coreContract);
  const [near, far] = portPair();
  core.serve(far);
  client.attach(near);
  const ended = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  if (await isIn(client, args, env)) {
    tellWhatHappens(client);
    await ended;
  } else process.exitCode = 1;
  near.close();
  await core.stop();
}

interface Arguments {
  readonly server: string;
  readonly staffNo: string;
  readonly dataDir: string;
}

function readArguments(argv: readonly string[]): Arguments | null {
  const options = { server: { type: 'string' }, 'staff-no': { type: 'string' }, data: { type: 'string' } } as const;
  try {
    const { server, 'staff-no': staffNo, data } = parseArgs({ args: [...argv], options, strict: true }).values;
    if (!server || !staffNo || data === '') return null;
    return { server, staffNo, dataDir: resolve(data ?? join(homedir(), '.zuoxi-headless')) };
  } catch {
    return null;
  }
}

/** @returns whether somebody is signed in; says why not */
async function isIn(client: Core, { server, staffNo }: Arguments, env: NodeJS.ProcessEnv): Promise<boolean> {
  const state = await client.read('session.state', {});
  if (state.phase === 'ready' && state.account?.staffNo === staffNo) return true;
  const password = env['ZUOXI_PASSWORD'] ?? (await firstLine());
  if (password === '') {
    process.stderr.write(usage);
    return false;
  }
  const result = await client.call('session.signIn', { url: server, staffNo, password });
  if (!result.ok) process.stderr.write(`登录失败 / sign-in failed: ${result.reason}\n`);
  return result.ok;
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  return '';
}

function tellWhatHappens(client: Core): void {
  let said = '';
  client.watch('sync.state', {}, ({ attention, connection, pending, problem }) => {
    const line = `${connection} · 待同步 ${pending} · 需要处理 ${attention}${problem === null ? '' : ` · ${problem}`}`;
    if (line !== said) say(line);
    said = line;
  });
  const told = new Set<string>();
  client.watch('reminders.popups', {}, (popups) => {
    for (const { id, kind, number } of popups) {
      if (!told.has(id)) say(`提醒 ${kind}${number === null ? '' : ` #${number}`}`);
      told.add(id);
    }
  });
  client.watch('session.state', {}, ({ phase, reason }) => {
    if (phase !== 'ready' && phase !== 'starting') say(`已锁定 / locked: ${reason ?? phase}`);
  });
}

const say = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);

const write =
  (level: string) =>
  (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
    void process.stderr.write(`${level} ${event} ${JSON.stringify(fields)}\n`);
const toStderr = { info: write('info'), warn: write('warn'), error: write('error') };
