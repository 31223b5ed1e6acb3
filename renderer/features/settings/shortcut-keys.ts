/** Of a key event, what matters here. */
export interface KeyPress {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** A combination as the shell writes it (`Ctrl+Alt+Z`); null: not one that may be chosen, or not one yet. */
export function keysOf(press: KeyPress, platform: string): string | null {
  const key =
    /^Key([A-Z])$/.exec(press.code)?.[1] ?? /^Digit(\d)$/.exec(press.code)?.[1] ?? /^F(?:[1-9]|1\d|2[0-4])$/.exec(press.code)?.[0];
  const held = [
    ...(press.ctrlKey ? ['Ctrl'] : []),
    ...(press.altKey ? ['Alt'] : []),
    ...(press.shiftKey ? ['Shift'] : []),
    ...(press.metaKey ? [platform === 'darwin' ? 'Command' : 'Super'] : []),
  ];
  // With one alone it would take keys away from every other program, copying among them.
  return key === undefined || held.length < 2 ? null : [...held, key].join('+');
}

const signs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  darwin: { Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Command: '⌘' },
  win32: { Super: 'Win' },
};

/** As it is written on the keys of this platform. */
export function keyNames(keys: string, platform: string): readonly string[] {
  return keys.split('+').map((key) => signs[platform]?.[key] ?? key);
}
