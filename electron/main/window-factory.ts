import { BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme, screen } from 'electron';
import { pageAddress } from './page-address.ts';
import { type Area, fitWindow, isReachable, readWindowMemory, smallest, writeWindowMemory } from './window-bounds.ts';

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string | null;
  readonly memoryFile: string;
  readonly platform: string;
  /** The app ends: closing closes, and does not hide. */
  readonly quitting: () => boolean;
  readonly closesToTray: () => boolean;
  /** It went to the tray. */
  readonly onHide: () => void;
  /** It has come, or come back. */
  readonly onShow: () => void;
  /** It was closed where that ends the app. */
  readonly onQuit: () => void;
}

const barHeight = 40;

/** What lies behind the page before it has painted, and under its title bar; as in the renderer's tokens. */
function surface(): { page: string; bar: string; symbol: string } {
  return nativeTheme.shouldUseDarkColors
    ? { page: '#1a1d22', bar: '#131519', symbol: '#b6bec9' }
    : { page: '#ffffff', bar: '#eff1f5', symbol: '#47505d' };
}

/** Linux desktops draw no buttons into a page, so it draws its own. */
export function hasOwnButtons(platform: string): boolean {
  return platform === 'linux';
}

function titleBar(platform: string): BrowserWindowConstructorOptions {
  if (platform === 'darwin') return { titleBarStyle: 'hiddenInset', trafficLightPosition: { x: 14, y: 13 } };
  if (platform === 'win32') return { titleBarStyle: 'hidden', titleBarOverlay: overlay() };
  return { frame: false };
}

function overlay(): { color: string; symbolColor: string; height: number } {
  const { bar, symbol } = surface();
  return { color: bar, symbolColor: symbol, height: barHeight };
}

function screenAreas(): Area[] {
  return screen.getAllDisplays().map((each) => each.workArea);
}

/** A window whose screen was taken away while it was hidden comes back on one that is there. */
export function bringOnScreen(window: BrowserWindow): void {
  const was = window.getBounds();
  if (window.isMaximized() || isReachable(was, screenAreas())) return;
  window.setBounds(fitWindow(was, screenAreas()));
  window.center();
}

/** The only place that makes windows. */
export function createMainWindow(options: WindowOptions): BrowserWindow {
  const saved = readWindowMemory(options.memoryFile);
  const bounds = fitWindow(saved, screenAreas());
  const window = new BrowserWindow({
    ...bounds,
    ...titleBar(options.platform),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    backgroundColor: surface().page,
    ...(options.icon !== null && { icon: options.icon }),
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries would come from the internet.
      spellcheck: false,
    },
  });
  // The application's menu is there for its keys; macOS shows it elsewhere.
  window.setMenuBarVisibility(false);
  // Between screens of different scales Windows sizes a new window for the first of them.
  if (options.platform === 'win32' && 'x' in bounds) window.setBounds(bounds);
  window.once('ready-to-show', () => {
    // Not before: maximizing shows a window that has nothing to show yet.
    if (saved.maximized) window.maximize();
    window.show();
  });

  const remember = (): void => {
    const { x, y, width, height } = window.getNormalBounds();
    writeWindowMemory(options.memoryFile, {
      ...readWindowMemory(options.memoryFile),
      ...{ x, y, width, height },
      maximized: window.isMaximized(),
      theme: nativeTheme.themeSource,
    });
  };
  // What is typed is saved while it is typed, so no page has a reason to stay.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
  window.on('close', (event) => {
    remember();
    if (options.quitting()) return;
    event.preventDefault();
    if (options.closesToTray()) {
      window.hide();
      options.onHide();
    } else {
      // A window that is just being kept from closing would keep the app from quitting.
      setImmediate(options.onQuit);
    }
  });
  const recolour = (): void => {
    window.setBackgroundColor(surface().page);
    if (options.platform === 'win32') window.setTitleBarOverlay(overlay());
  };
  nativeTheme.on('updated', recolour);
  window.on('closed', () => nativeTheme.off('updated', recolour));

  void window.loadURL(pageAddress);
  return window;
}
