import { execFileSync } from 'node:child_process';
import { fstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { isAdminsAlone } from './windows-acl.ts';

/** Whether nobody but administrators can change this file or put another in its place. `opened`: its descriptor. */
export type AdminOwned = (file: string, opened: number) => boolean;

const WRITE_GROUP = 0o020;
const WRITE_OTHERS = 0o002;
const STICKY = 0o1000;
/** Of macOS: whoever is in it is an administrator. */
const ADMIN_GROUP = 80;

/**
 * @param owner also trusted beside root; for programs that run from their sources, whose tests may not be run as root.
 * Anything that cannot be found out counts as no.
 */
export function adminOwned(platform: string, owner: number | null = null): AdminOwned {
  if (platform === 'win32') return (file) => isAdminsAlone(accessOf([file, path.win32.dirname(file)]));
  return (file, opened) => {
    const real = realpathSync(file);
    const place = statSync(real);
    const open = fstatSync(opened);
    if (place.ino !== open.ino || place.dev !== open.dev) return false;
    if (!isAdmins(platform, open, owner)) return false;
    for (let folder = path.dirname(real); ; folder = path.dirname(folder)) {
      const found = statSync(folder);
      // In a sticky folder nobody can rename or remove what is another's.
      if (!isAdmins(platform, (found.mode & STICKY) === 0 ? found : { ...found, mode: 0 }, owner)) return false;
      if (folder === path.dirname(folder)) return true;
    }
  };
}

/** Whether only root can write what has these rights. */
export function isAdmins(platform: string, { gid, mode, uid }: Pick<Stats, 'gid' | 'mode' | 'uid'>, owner: number | null = null): boolean {
  if (uid !== 0 && uid !== owner) return false;
  const groupIsFine = gid === 0 || (platform === 'darwin' && gid === ADMIN_GROUP);
  return (mode & WRITE_OTHERS) === 0 && ((mode & WRITE_GROUP) === 0 || groupIsFine);
}

// Not from SystemRoot: whoever starts the app can set it.
const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const tellAccess = `$ErrorActionPreference = 'Stop'
foreach ($p in $env:ZUOXI_PATHS.Split('|')) {
  if ([IO.Directory]::Exists($p)) { $a = [IO.Directory]::GetAccessControl($p) } else { $a = [IO.File]::GetAccessControl($p) }
  $a.GetSecurityDescriptorSddlForm('Owner,Access')
}`;

/** Owner and rights of each path, as Windows writes them (SDDL). Node knows neither. @throws if they cannot be found out */
function accessOf(paths: readonly string[]): string[] {
  const encoded = Buffer.from(tellAccess, 'utf16le').toString('base64');
  const answer = execFileSync(powershell, ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded], {
    env: { SystemRoot: 'C:\\Windows', ZUOXI_PATHS: paths.join('|') },
    encoding: 'utf8',
    timeout: 15_000,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = answer.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length !== paths.length) throw new Error('Windows told the rights of something else.');
  return lines;
}
