import type { BrowserWindow } from 'electron';
import type { Logger } from '../../shared/lib/logger.ts';
import { createPageRecovery } from './page-recovery.ts';
import { bringOnScreen, createMainWindow, type WindowOptions } from './window-factory.ts';

export interface MainWindow {
  /** Brings it to the front; makes it if there is none. */
  show(): void;
  /** Puts it where it is seen, and leaves the keys with whichever program has them. */
  raise(): void;
  /** Out of the way if it is in front, to the front if it is not. */
  toggle(): void;
  readonly current: BrowserWindow | null;
}

/** Chromium has waited half a minute by the time it says that a page hangs. */
const hangMs = 10_000;

export function createWindowKeeper(options: WindowOptions, logger: Logger, now: () => number): MainWindow {
  const recovery = createPageRecovery(now);
  let current: BrowserWindow | null = null;

  const open = (): BrowserWindow => {
    const window = createMainWindow(options);
    window.on('show', options.onShow);
    window.on('closed', () => {
      if (current === window) current = null;
    });
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit' || options.quitting()) return;
      const then = recovery.onCrash();
      logger.error('page-crashed', { reason, exitCode, then });
      // Chromium is still taking the old process down when it says this.
      setImmediate(() => {
        if (window.isDestroyed()) return;
        if (then === 'reload') window.webContents.reload();
        else window.destroy();
      });
    });
    let hanging: NodeJS.Timeout | undefined;
    const answers = (): void => clearTimeout(hanging);
    window.on('unresponsive', () => {
      logger.warn('page-hangs');
      answers();
      // It is loaded again as one that crashed. What was typed before it hung is saved.
      hanging = setTimeout(() => window.isDestroyed() || window.webContents.forcefullyCrashRenderer(), hangMs);
    });
    window.on('responsive', answers);
    window.on('closed', answers);
    return window;
  };

  return {
    show() {
      if (current === null) {
        // Shows itself when it has painted.
        current = open();
        return;
      }
      if (current.isMinimized()) current.restore();
      if (!current.isVisible()) bringOnScreen(current);
      current.show();
      current.focus();
    },
    raise() {
      if (current === null) return this.show();
      if (current.isMinimized()) return current.restore();
      if (!current.isVisible()) {
        bringOnScreen(current);
        current.showInactive();
      } else current.moveTop();
    },
    toggle() {
      if (current !== null && current.isVisible() && current.isFocused()) current.hide();
      else this.show();
    },
    get current() {
      return current;
    },
  };
}
