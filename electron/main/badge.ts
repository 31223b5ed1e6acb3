import { badgeText } from './badge-image.ts';

export type BadgePlace = 'dock' | 'taskbar' | 'launcher' | 'none';

/** Where the desktop shows a number; `launcher` is a Linux desktop that has a place for it. */
export function badgePlace(platform: string, launcherCounts: boolean): BadgePlace {
  if (platform === 'darwin') return 'dock';
  if (platform === 'win32') return 'taskbar';
  return launcherCounts ? 'launcher' : 'none';
}

/** What a place can do; a desktop lacks all but one of them. */
export interface BadgePort {
  readonly dock: (text: string) => void;
  readonly launcher: (n: number) => void;
  /** 0: nothing. */
  readonly taskbar: (n: number, text: string) => void;
}

export interface Badge {
  readonly place: BadgePlace;
  show(n: number): void;
  /** A window that comes back has a button in the taskbar without a mark. */
  again(): void;
}

export function createBadge(place: BadgePlace, port: BadgePort): Badge {
  let shown = 0;
  const paint = (): void => {
    if (place === 'dock') port.dock(shown === 0 ? '' : badgeText(shown));
    else if (place === 'launcher') port.launcher(shown);
    else if (place === 'taskbar') port.taskbar(shown, shown === 0 ? '' : badgeText(shown));
  };
  return {
    place,
    show(n) {
      if (n === shown) return;
      shown = n;
      paint();
    },
    again: paint,
  };
}
