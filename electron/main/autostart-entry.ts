import path from 'node:path';

/** Where a Linux desktop looks for what it opens at sign-in. null: the user has no home. */
export function autostartFile(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_CONFIG_HOME: config, HOME: home } = env;
  // The specification says to ignore a relative one.
  const base = config !== undefined && path.posix.isAbsolute(config) ? config : home && path.posix.join(home, '.config');
  return base ? path.posix.join(base, 'autostart', 'zuoxi.desktop') : null;
}

export function autostartEntry(name: string, command: readonly string[]): string {
  const lines = ['[Desktop Entry]', 'Type=Application', `Name=${escaped(name)}`, `Exec=${escaped(command.map(quoted).join(' '))}`];
  return [...lines, 'X-GNOME-Autostart-enabled=true', ''].join('\n');
}

/** Whether the desktop would open it; its own settings switch an entry off by a line in it. */
export function isSwitchedOn(entry: string): boolean {
  const says = (key: string): string | undefined => new RegExp(`^${key}\\s*=\\s*(\\w+)\\s*$`, 'm').exec(entry)?.[1]?.toLowerCase();
  return says('Hidden') !== 'true' && says('X-GNOME-Autostart-enabled') !== 'false';
}

/** One argument as `Exec` reads it: in quotes if a sign in it means something there; a % would be a field code. */
function quoted(argument: string): string {
  const text = argument.replaceAll('%', '%%');
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replaceAll(/["`$\\]/g, '\\$&')}"`;
}

/** A value of the file; its own escapes come on top of those of `Exec`. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}
