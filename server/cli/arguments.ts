import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import semver from 'semver';
import { z } from 'zod';
import { CliError } from './cli-error.ts';

const whole = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

export interface ServeArguments {
  readonly command: 'serve';
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly demo: boolean;
  readonly quietDemo: boolean;
  readonly seed: number;
  readonly name: string;
  /** Semantic version; null: any. */
  readonly lowestClient: string | null;
}
export interface AdminArguments {
  readonly command: 'admin';
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly staffNo: string;
  readonly name: string;
}
/** The database was put back from a backup. */
export interface RestoredArguments {
  readonly command: 'restored';
  readonly dataDir: string;
  readonly databaseUrl: string | null;
}
/** A key for the telephone switch. */
export interface SwitchKeyArguments {
  readonly command: 'switch-key';
  readonly dataDir: string;
  readonly databaseUrl: string | null;
}
/** Whether the audit log is as it was written. */
export interface AuditVerifyArguments {
  readonly command: 'audit-verify';
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  /** A head that was printed before and noted elsewhere; it must stand in the log still. */
  readonly fromHash: string | null;
}
/** The rights of a role that cannot change the audit log. */
export interface AuditGrantArguments {
  readonly command: 'audit-grant';
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly role: string;
}
export interface HelpArguments {
  readonly command: 'help';
}

export const usage = `坐席工单台服务器 / Zuoxi server

  node server/main.ts [--port 8787] [--host 127.0.0.1] [--data DIR] [--name NAME] [--lowest-client 1.2.0] [--demo [--seed N] [--quiet-demo]]
  node server/main.ts admin --staff-no A1 --name NAME [--data DIR]
  npm run server -- admin --staff-no A1 --name NAME [--data DIR]
  npm run server -- restored [--data DIR]   从备份恢复后运行一次：各台电脑会补交备份之后的操作 / run once after a restore: devices send again what the backup lacks
  npm run server -- switch-key [--data DIR] 生成电话交换机的密钥，旧的立即作废 / make the key of the telephone switch; the old one is good no more
  npm run server -- audit verify [--data DIR | --database-url URL] [--from-hash HASH]
                                            核对审计记录是否被改动；--from-hash 是以前记下的 head / see whether the audit log is as it was written; --from-hash: a head that was noted before
  npm run server -- audit grant --role ROLE --database-url URL
                                            给数据库角色最小的权限，它改不了审计记录 / give a database role what a server needs and no right to change the audit log

DATABASE_URL=postgres://…  用 PostgreSQL；否则数据在 --data 文件夹 / PostgreSQL; otherwise the data lies in the folder of --data
`;

const options = {
  port: { type: 'string', default: '8787' },
  host: { type: 'string', default: '127.0.0.1' },
  data: { type: 'string' },
  name: { type: 'string' },
  'lowest-client': { type: 'string' },
  demo: { type: 'boolean', default: false },
  'quiet-demo': { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  'staff-no': { type: 'string' },
  'database-url': { type: 'string' },
  'from-hash': { type: 'string' },
  role: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export type Arguments =
  | ServeArguments
  | AdminArguments
  | RestoredArguments
  | SwitchKeyArguments
  | AuditVerifyArguments
  | AuditGrantArguments
  | HelpArguments;

/** @throws CliError that names the flag which is wrong */
export function readArguments(argv: readonly string[], env: NodeJS.ProcessEnv): Arguments {
  let values;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true }));
  } catch (error) {
    throw wrongFlag(/'(-[^' ]*)/.exec((error as Error).message)?.[1] ?? argv.join(' '));
  }
  if (values.help) return { command: 'help' };
  const dataDir = resolve(values.data ?? join(homedir(), '.zuoxi-server'));
  if (values.data === '') throw wrongFlag('--data');
  const databaseUrl = values['database-url'] ?? (env['DATABASE_URL'] ? env['DATABASE_URL'] : null);
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new CliError(
      'DATABASE_URL 不是 PostgreSQL 地址，请写成 postgres://用户:密码@主机:5432/库名。',
      'DATABASE_URL is no PostgreSQL address; write it as postgres://user:password@host:5432/database.',
    );
  }
  const [command, ...rest] = positionals;
  if (command === 'audit') {
    const place = { dataDir, databaseUrl };
    if (rest.length !== 1) throw wrongFlag(rest[1] ?? 'audit');
    if (rest[0] === 'verify') {
      const fromHash = values['from-hash']?.toLowerCase() ?? null;
      if (fromHash !== null && !/^[\da-f]{64}$/.test(fromHash)) throw wrongFlag('--from-hash');
      return { command: 'audit-verify', ...place, fromHash };
    }
    if (rest[0] !== 'grant') throw wrongFlag(rest[0]!);
    if (databaseUrl === null) throw wrongFlag('--database-url');
    if (!values.role) throw wrongFlag('--role');
    return { command: 'audit-grant', ...place, role: values.role };
  }
  if (rest.length > 0 || (command !== undefined && command !== 'admin' && command !== 'restored' && command !== 'switch-key'))
    throw wrongFlag(rest[0] ?? command ?? '');
  if (command === 'restored' || command === 'switch-key') return { command, dataDir, databaseUrl };
  if (command === 'admin') {
    const staffNo = z.string().trim().min(1).max(40).safeParse(values['staff-no']);
    if (!staffNo.success) throw wrongFlag('--staff-no');
    const name = z.string().trim().min(1).max(60).safeParse(values.name);
    if (!name.success) throw wrongFlag('--name');
    return { command: 'admin', dataDir, databaseUrl, staffNo: staffNo.data, name: name.data };
  }
  const port = whole(values.port);
  if (port === null || port > 65_535) throw wrongFlag('--port');
  const seed = whole(values.seed);
  if (seed === null || seed > 0xffff_ffff) throw wrongFlag('--seed');
  if (values.host === '') throw wrongFlag('--host');
  const lowestClient = values['lowest-client'] ?? null;
  if (lowestClient !== null && semver.valid(lowestClient) === null) throw wrongFlag('--lowest-client');
  return {
    command: 'serve',
    port,
    host: values.host,
    dataDir,
    databaseUrl,
    demo: values.demo,
    quietDemo: values['quiet-demo'],
    lowestClient,
    seed,
    name: values.name ?? (values.demo ? '云启客服中心（演示）' : '坐席工单台'),
  };
}

const wrongFlag = (flag: string): CliError =>
  new CliError(`参数 ${flag} 不正确，请用 --help 查看用法。`, `The argument ${flag} is not right; see --help.`);
