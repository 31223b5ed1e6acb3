import path from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, type NativeImage, Tray } from 'electron';
import { badgeText } from './badge-image.ts';
import type { TrayEntry, TrayModel } from './tray-model.ts';

export interface TrayOptions {
  readonly icons: string;
  readonly platform: string;
  readonly onOpen: () => void;
  readonly onTicket: (ticketId: string) => void;
  readonly onQuit: () => void;
  readonly onPause: (pause: boolean) => void;
}

export interface TrayIcon {
  show(model: TrayModel): void;
  remove(): void;
}

export function createTray(options: TrayOptions, first: TrayModel): TrayIcon {
  const quiet = icon(options, 'tray');
  const alert = icon(options, 'tray-alert');
  const tray = new Tray(quiet);
  let shown: TrayModel | null = null;

  const item = (entry: TrayEntry): MenuItemConstructorOptions => {
    switch (entry.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'text':
        return { label: entry.label, enabled: false };
      case 'ticket':
        return { label: entry.label, click: () => options.onTicket(entry.ticketId) };
      case 'open':
        return { label: entry.label, click: options.onOpen };
      case 'quit':
        return { label: entry.label, click: options.onQuit };
      case 'pause':
      case 'resume':
        return { label: entry.label, click: () => options.onPause(entry.kind === 'pause') };
    }
  };

  const show = (model: TrayModel): void => {
    // A menu that is replaced closes under the pointer, so only when it says something else.
    if (tray.isDestroyed() || JSON.stringify(model) === JSON.stringify(shown)) return;
    shown = model;
    tray.setImage(model.alert ? alert : quiet);
    tray.setToolTip(model.tooltip);
    // Only the menu bar of macOS has room for a number.
    if (options.platform === 'darwin') tray.setTitle(model.badge === 0 ? '' : badgeText(model.badge));
    tray.setContextMenu(Menu.buildFromTemplate(model.entries.map(item)));
  };

  // A click on macOS opens the menu, as everywhere there.
  if (options.platform !== 'darwin') tray.on('click', options.onOpen);
  show(first);
  return { show, remove: () => tray.destroy() };
}

function icon(options: TrayOptions, name: 'tray' | 'tray-alert'): NativeImage {
  const isMac = options.platform === 'darwin';
  const image = nativeImage.createFromPath(path.join(options.icons, `${name}${isMac ? '-mac' : ''}.png`));
  // The system colours it for a light or a dark menu bar.
  if (isMac) image.setTemplateImage(true);
  return image;
}
