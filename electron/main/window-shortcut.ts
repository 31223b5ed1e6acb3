/** What Electron's `globalShortcut` does. */
export interface ShortcutPort {
  /** False: another program has these keys. */
  register(keys: string, pressed: () => void): boolean;
  unregister(keys: string): void;
}

export interface WindowShortcut {
  /** Whether the keys that were asked for last are ours. */
  readonly works: boolean;
  /** null: none. False: another program has them, and those before stay. */
  choose(keys: string | null): boolean;
}

/** Under Wayland no program may watch the keys of others. */
export function hasGlobalShortcuts(platform: string, env: Readonly<Record<string, string | undefined>>): boolean {
  return platform !== 'linux' || (env['XDG_SESSION_TYPE'] !== 'wayland' && env['WAYLAND_DISPLAY'] === undefined);
}

/** Keys that show and hide the window from anywhere. */
export function createWindowShortcut(port: ShortcutPort, pressed: () => void): WindowShortcut {
  let held: string | null = null;
  let works = true;
  const take = (keys: string): boolean => {
    try {
      return port.register(keys, pressed);
    } catch {
      return false;
    }
  };
  return {
    get works() {
      return works;
    },
    choose(keys) {
      if (keys === held) return (works = true);
      if (keys !== null && !take(keys)) {
        works = held !== null;
        return false;
      }
      if (held !== null) port.unregister(held);
      held = keys;
      return (works = true);
    },
  };
}
