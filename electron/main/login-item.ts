import { readFileSync, rmSync } from 'node:fs';
import { autostartEntry, autostartFile, isSwitchedOn } from './autostart-entry.ts';
import { writeWhole } from './write-whole.ts';

/** Whether the desktop opens the app at sign-in. Only the desktop knows: people switch it there as well. */
export interface LoginItem {
  readonly supported: boolean;
  read(): boolean;
  /** False: the system would not. */
  write(open: boolean, hidden: boolean): boolean;
}

export interface LoginItemFacts {
  readonly platform: string;
  readonly packaged: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly executable: string;
  /** Folder of the app; it is an argument where nothing is packaged. */
  readonly folder: string;
  readonly name: string;
}

/** Of Electron's `app`, what Windows and macOS have for it. */
export interface LoginItemPort {
  getLoginItemSettings(options?: { args?: string[] }): { readonly openAtLogin: boolean; readonly executableWillLaunchAtLogin?: boolean };
  setLoginItemSettings(settings: { openAtLogin: boolean; args?: string[] }): void;
}

const unsupported: LoginItem = { supported: false, read: () => false, write: () => false };

export function createLoginItem(facts: LoginItemFacts, system: LoginItemPort): LoginItem {
  if (facts.platform === 'linux') return desktopEntry(facts);
  return facts.packaged ? systemItem(facts.platform, system) : unsupported;
}

/** What is run at sign-in. An AppImage runs from a mount that has another place each time, so its file is named. */
export function loginCommand({ env, executable, packaged, folder }: LoginItemFacts, hidden: boolean): string[] {
  return [env['APPIMAGE'] ?? executable, ...(packaged ? [] : [folder]), ...(hidden ? ['--hidden'] : [])];
}

function desktopEntry(facts: LoginItemFacts): LoginItem {
  const file = autostartFile(facts.env);
  if (file === null) return unsupported;
  return {
    supported: true,
    read() {
      try {
        return isSwitchedOn(readFileSync(file, 'utf8'));
      } catch {
        return false;
      }
    },
    write(open, hidden) {
      try {
        if (open) writeWhole(file, autostartEntry(facts.name, loginCommand(facts, hidden)));
        else rmSync(file, { force: true });
        return true;
      } catch {
        return false;
      }
    },
  };
}

function systemItem(platform: string, system: LoginItemPort): LoginItem {
  // macOS hands no arguments over; there the app looks at its own settings when it has been opened at sign-in.
  const options = (hidden: boolean): { args?: string[] } => (platform === 'win32' ? { args: hidden ? ['--hidden'] : [] } : {});
  const isOn = (): boolean =>
    [true, false].some((hidden) => {
      const { openAtLogin, executableWillLaunchAtLogin = true } = system.getLoginItemSettings(options(hidden));
      // On Windows the task manager can hold an entry back that is there.
      return openAtLogin && executableWillLaunchAtLogin;
    });
  return {
    supported: true,
    read: isOn,
    write(open, hidden) {
      system.setLoginItemSettings({ openAtLogin: open, ...options(hidden) });
      return isOn() === open;
    },
  };
}

/** Whether a start has a window at once. */
export function startsHidden(start: { readonly asked: boolean; readonly openedAtLogin: boolean; readonly startHidden: boolean }): boolean {
  return start.asked || (start.openedAtLogin && start.startHidden);
}
