import { v7 } from 'uuid';
import { createServer, type ZuoxiServer } from '../create-server.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { grantToServer } from '../audit/app-role.ts';
import { type ChainFault, verifyAudit } from '../audit/verify.ts';
import { makeSwitchKey } from '../calls/switch-key.ts';
import { lineLogger } from '../logger.ts';
import { newPassword } from '../office/passwords.ts';
import { DEMO_ADMIN, DEMO_AGENT, DEMO_LEADER, DEMO_PASSWORD, DEMO_QA } from '../seed/people.ts';
import { seedDemo } from '../seed/seed-demo.ts';
import { argonHasher } from '../sessions/hasher.ts';
import { openStore } from '../store/open-store.ts';
import { codeOf } from '../store/pool-store.ts';
import type { Store } from '../store/store.ts';
import { turnEpoch } from '../sync/epoch.ts';
import type {
  AdminArguments,
  Arguments,
  AuditGrantArguments,
  AuditVerifyArguments,
  HelpArguments,
  RestoredArguments,
  ServeArguments,
  SwitchKeyArguments,
} from './arguments.ts';
import { CliError } from './cli-error.ts';

const clock = { now: () => Date.now() };
const say = (line: string): void => void process.stderr.write(`${line}\n`);
/** Longer than any request may take. */
const STOP_MS = 10_000;

const open = (args: Exclude<Arguments, HelpArguments>): Promise<Store> =>
  openStore(args.databaseUrl === null ? { dataDir: args.dataDir } : { databaseUrl: args.databaseUrl }, clock.now());

const logger: Logger = lineLogger((line) => process.stderr.write(line), clock.now);

/** Starts the server and returns once it listens; a signal stops it. */
export async function serve(args: ServeArguments): Promise<void> {
  const store = await open(args);
  let server: ZuoxiServer | null = null;
  try {
    server = await createServer({
      store,
      clock,
      ids: v7,
      logger,
      name: args.name,
      lowestClient: args.lowestClient,
      demo: args.demo,
      demoActivity: !args.quietDemo,
    });
    const empty = (await server.staff.count()) === 0;
    if (args.demo && empty) {
      say('正在准备演示数据… / Preparing the demo data…');
      await seedDemo(store, { seed: args.seed, now: clock.now(), hasher: argonHasher() });
    }
    const { url } = await server.listen(args);
    // Before anybody is told that it is there: who waits for that line may stop it at once.
    stopOnSignal(server, store);
    say(`服务器已就绪：${url} / The server is ready at ${url}`);
    if (args.demo) sayDemo();
    else if (empty) sayEmpty(args);
    process.stdout.write(`${JSON.stringify({ listening: url })}\n`);
  } catch (error) {
    await server?.close();
    await store.close();
    throw error;
  }
}

function sayDemo(): void {
  say(`演示账号（密码都是 ${DEMO_PASSWORD}） / Demo accounts (password ${DEMO_PASSWORD}):`);
  say(
    `  ${DEMO_AGENT} 林知夏 客服 agent   ${DEMO_LEADER} 贺云开 组长 leader   ${DEMO_QA} 曹思源 质检员 qa   ${DEMO_ADMIN} 方立诚 管理员 admin`,
  );
}

function sayEmpty(args: ServeArguments): void {
  const where = args.databaseUrl === null ? ` --data ${args.dataDir}` : '';
  say('还没有任何账号。停止服务器后创建第一个管理员： / There is no account yet. Stop the server and make the first admin:');
  const rest = `admin${where} --staff-no A1 --name 管理员`;
  say(`  npm run server -- ${rest}`);
  say(`  node server/main.ts ${rest}`);
}

/** Makes an admin account with a password that is shown once. */
export async function makeAdmin(args: AdminArguments): Promise<void> {
  const store = await open(args);
  try {
    const server = await createServer({ store, clock, ids: v7, logger: quiet, name: '', timers: false });
    try {
      const password = newPassword();
      const group = await server.staff.firstGroup('默认组');
      if (await server.staff.hasStaffNo(args.staffNo))
        throw new CliError(
          `工号 ${args.staffNo} 已存在，请用 --staff-no 换一个。`,
          `Staff number ${args.staffNo} exists already; choose another with --staff-no.`,
        );
      await server.staff.addAccount({ staffNo: args.staffNo, name: args.name, role: 'admin', groupIds: [group.id], password });
      process.stdout.write(`${JSON.stringify({ staffNo: args.staffNo, password })}\n`);
      say('管理员已创建，密码只显示这一次。 / The admin was made; the password is shown this once.');
    } finally {
      await server.close();
    }
  } finally {
    await store.close();
  }
}

/** Begins a new epoch, for an operator who has put a backup back: every device then sends again what the backup lacks. */
export async function noteRestored(args: RestoredArguments): Promise<void> {
  const store = await open(args);
  try {
    await turnEpoch(store, null, 'command', clock.now());
    say('已记下。各台电脑下次连接时会重新读取，并补交备份之后的操作。 / Noted. Devices read anew and send again what the backup lacks.');
  } finally {
    await store.close();
  }
}

/** Makes the key with which a telephone switch tells of calls; it is shown once, and the one of before is good no more. */
export async function printSwitchKey(args: SwitchKeyArguments): Promise<void> {
  const store = await open(args);
  try {
    const key = await makeSwitchKey(store, v7, clock.now());
    process.stdout.write(`${JSON.stringify({ switchKey: key })}\n`);
    say('密钥只显示这一次，以前的已作废。 / The key is shown this once; the one of before is good no more.');
  } finally {
    await store.close();
  }
}

const faults: Readonly<Record<ChainFault, (seq: number) => string>> = {
  missing: (seq) => `第 ${seq} 条不见了。 / Entry ${seq} is missing.`,
  changed: (seq) => `第 ${seq} 条被改动过。 / Entry ${seq} is not what was written.`,
  cut: (seq) =>
    `末尾和记号对不上：从第 ${seq} 条起有删除或添加。 / The log does not end where its head says: from entry ${seq} on something was taken away or put in.`,
  'not-noted': () =>
    '记下的 head 不在里面：整份记录被换过，或者数据库是从更早的备份恢复的。 / The noted head is not in it: the log was replaced, or the database comes from an older backup.',
};

/** Reads the whole audit log; the exit code is 1 unless every entry is as it was written. */
export async function verifyLog(args: AuditVerifyArguments): Promise<void> {
  const store = await open(args);
  try {
    const { entries, head, fault } = await verifyAudit(store, args.fromHash);
    const ok = fault === null;
    process.stdout.write(`${JSON.stringify({ entries, head, ok, ...(fault !== null && { broken: fault }) })}\n`);
    say(ok ? `${entries} 条都和写下时一样。 / All ${entries} entries are as they were written.` : faults[fault.what](fault.seq));
    if (!ok) process.exitCode = 1;
  } finally {
    await store.close();
  }
}

/** Gives a role of PostgreSQL what a server needs. Run by the owner of the tables, once and after each update. */
export async function grantRole(args: AuditGrantArguments): Promise<void> {
  const store = await open(args);
  try {
    await grantToServer(store, args.role);
    say(
      `已授权。让服务器用角色 ${args.role} 连接数据库，升级后再运行一次。 / Granted. Let the server connect as ${args.role}, and run this again after an update.`,
    );
  } catch (error) {
    if (codeOf(error) !== UNDEFINED_OBJECT) throw error;
    throw new CliError(
      `数据库里没有角色 ${args.role}，请先用 CREATE ROLE 创建它。`,
      `The database has no role ${args.role}; make it with CREATE ROLE first.`,
    );
  } finally {
    await store.close();
  }
}

/** A role, here. */
const UNDEFINED_OBJECT = '42704';

const quiet: Logger = { info() {}, warn() {}, error: logger.error };

/** Ends in order at the first signal, at once at the second. */
function stopOnSignal(server: ZuoxiServer, store: Store): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    say('正在停止… / Stopping…');
    const deadline = setTimeout(() => process.exit(1), STOP_MS);
    deadline.unref();
    server
      .close()
      .then(() => store.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
