import type { ShellContract } from '../../shared/bridge/contract.ts';
import type { InputOf, OutputOf } from '../../shared/bridge/define.ts';
import type { LoginItem } from './login-item.ts';
import type { SettingsFile } from './shell-settings.ts';
import { signal, type Signal } from './signal.ts';
import type { WindowShortcut } from './window-shortcut.ts';

type DeviceView = OutputOf<ShellContract['queries']['shell.settings']>;
type Change = InputOf<ShellContract['calls']['shell.set']>;
type Answer = OutputOf<ShellContract['calls']['shell.set']>;

export interface DeviceSettings {
  readonly view: Signal<DeviceView>;
  set(change: Change): Answer;
  /** Looks again at what the system's own settings may have changed. */
  refresh(): void;
}

export interface DeviceSettingsParts {
  readonly file: SettingsFile;
  readonly loginItem: LoginItem;
  readonly shortcut: WindowShortcut;
  readonly supports: { readonly shortcut: boolean; readonly badge: boolean };
}

/** What this computer keeps, and the system's part in it. */
export function createDeviceSettings({ file, loginItem, shortcut, supports }: DeviceSettingsParts): DeviceSettings {
  const look = (): DeviceView => ({
    ...file.value,
    openAtLogin: loginItem.read(),
    shortcutWorks: file.value.shortcut === null || shortcut.works,
    supports: { ...supports, openAtLogin: loginItem.supported },
  });
  const applyToSystem = ({ openAtLogin, startHidden }: Change): boolean => {
    const open = openAtLogin ?? loginItem.read();
    const changed = openAtLogin !== undefined || (startHidden !== undefined && open);
    return !changed || loginItem.write(open, startHidden ?? file.value.startHidden);
  };
  shortcut.choose(file.value.shortcut);
  const view = signal(look());
  const refresh = (): void => view.set(look());

  return {
    view,
    refresh,
    set(change) {
      const { openAtLogin: _, ...kept } = change;
      const before = file.value.shortcut;
      const answer = ((): Answer => {
        if (change.shortcut !== undefined && !shortcut.choose(change.shortcut)) return { ok: false, reason: 'taken' };
        if (!applyToSystem(change)) return { ok: false, reason: 'refused' };
        return file.change(kept) ? { ok: true } : { ok: false, reason: 'disk' };
      })();
      if (!answer.ok && answer.reason !== 'taken' && change.shortcut !== undefined) shortcut.choose(before);
      refresh();
      return answer;
    },
  };
}
