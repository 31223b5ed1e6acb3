import { StoreError, type StoreProblem } from '../store/store-error.ts';

/** Why the program cannot go on and what to do about it: one line, in Chinese and English. */
export class CliError extends Error {
  constructor(chinese: string, english: string) {
    super(`${chinese} / ${english}`);
    this.name = 'CliError';
  }
}

const storeSentences: Readonly<Record<StoreProblem, (detail: string) => readonly [string, string]>> = {
  'data-dir': (d) => [
    `数据文件夹 ${d} 无法创建或写入，请检查权限，或用 --data 换一个文件夹。`,
    `The data folder ${d} cannot be made or written; check its permissions or choose another with --data.`,
  ],
  'data-dir-in-use': (d) => [
    `数据文件夹 ${d} 正被另一个服务器使用，请先停止它，或用 --data 换一个文件夹。`,
    `The data folder ${d} is in use by another server; stop that one first or choose another with --data.`,
  ],
  'database-unreachable': (d) => [
    `连接不上数据库 ${d}，请确认 PostgreSQL 已启动且 DATABASE_URL 正确。`,
    `The database at ${d} cannot be reached; see that PostgreSQL runs and that DATABASE_URL is right.`,
  ],
  'database-missing': (d) => [
    `数据库 ${d} 不存在，请先用 createdb 创建它。`,
    `The database ${d} does not exist; make it with createdb first.`,
  ],
  'database-refused': (d) => [
    `数据库 ${d} 拒绝了登录，请检查 DATABASE_URL 中的用户名和密码。`,
    `The database ${d} refused the sign-in; check the user and password in DATABASE_URL.`,
  ],
  'schema-newer': (d) => [
    `数据库由更新版本的服务器创建（${d}），没有做任何改动；请升级服务器。`,
    `A newer version of the server made this database (${d}); nothing was changed, upgrade the server.`,
  ],
  'schema-older': (d) => [
    `数据库的表要先升级（${d}），而这个角色不是表的拥有者；请用拥有者的 DATABASE_URL 运行一次 npm run server -- audit grant --role 这个角色。`,
    `The tables need an update first (${d}), and this role does not own them; run npm run server -- audit grant --role THIS-ROLE once with the owner's DATABASE_URL.`,
  ],
  'database-damaged': (d) => [
    `数据文件夹 ${d} 中的数据库打不开，可能已损坏；请从备份恢复，或用 --data 换一个空文件夹。`,
    `The database in ${d} does not open and may be damaged; restore a backup or choose an empty folder with --data.`,
  ],
};

/** The sentence for whatever went wrong while starting. */
export function explain(error: unknown, place: { readonly host: string; readonly port: number } | null): string {
  if (error instanceof CliError) return error.message;
  if (error instanceof StoreError) return storeSentences[error.problem](error.detail).join(' / ');
  const code = (error as { code?: unknown } | null)?.code;
  if (place !== null && code === 'EADDRINUSE')
    return `端口 ${place.port} 已被占用，请停止占用它的程序，或用 --port 换一个端口。 / Port ${place.port} is taken; stop the program that holds it or choose another with --port.`;
  if (place !== null && code === 'EACCES')
    return `没有权限使用端口 ${place.port}，请用 --port 选一个大于 1023 的端口。 / Port ${place.port} is not allowed; choose one above 1023 with --port.`;
  if (place !== null && (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN'))
    return `本机没有地址 ${place.host}，请用 --host 换一个地址。 / This machine has no address ${place.host}; choose another with --host.`;
  const name = error instanceof Error ? error.name : 'Error';
  return `服务器无法启动（${typeof code === 'string' ? code : name}），请重试；若仍如此，请附上这一行反馈。 / The server cannot start (${typeof code === 'string' ? code : name}); try again, and report this line if it persists.`;
}
