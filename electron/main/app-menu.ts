import type { MenuItemConstructorOptions } from 'electron';
import type { TrayLocale } from './tray-model.ts';

export interface MenuActions {
  readonly settings: () => void;
  readonly closeWindow: () => void;
  readonly quit: () => void;
}

const words = {
  'zh-CN': {
    name: '坐席工单台',
    about: '关于坐席工单台',
    settings: '设置…',
    services: '服务',
    hide: '隐藏坐席工单台',
    hideOthers: '隐藏其他',
    unhide: '全部显示',
    quit: '退出坐席工单台',
    edit: '编辑',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    pastePlain: '粘贴为纯文本',
    selectAll: '全选',
    view: '显示',
    zoomIn: '放大',
    zoomOut: '缩小',
    resetZoom: '实际大小',
    fullScreen: '全屏',
    window: '窗口',
    minimize: '最小化',
    zoom: '缩放',
    close: '关闭窗口',
    front: '前置全部窗口',
  },
  'en-US': {
    name: 'Zuoxi',
    about: 'About Zuoxi',
    settings: 'Settings…',
    services: 'Services',
    hide: 'Hide Zuoxi',
    hideOthers: 'Hide Others',
    unhide: 'Show All',
    quit: 'Quit Zuoxi',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    pastePlain: 'Paste as Plain Text',
    selectAll: 'Select All',
    view: 'View',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    resetZoom: 'Actual Size',
    fullScreen: 'Full Screen',
    window: 'Window',
    minimize: 'Minimise',
    zoom: 'Zoom',
    close: 'Close Window',
    front: 'Bring All to Front',
  },
} as const satisfies Record<TrayLocale, Record<string, string>>;

type Item = MenuItemConstructorOptions;
const line: Item = { type: 'separator' };

/**
 * The menu of macOS; elsewhere no bar is shown, and it is there for its keys alone. Chromium itself knows those for copying
 * and the like on Windows and Linux, and macOS has them from the menu only.
 */
export function appMenu(platform: string, locale: TrayLocale, actions: MenuActions): Item[] {
  const say = words[locale];
  const view: Item[] = [
    { role: 'resetZoom', label: say.resetZoom },
    { role: 'zoomIn', label: say.zoomIn },
    { role: 'zoomOut', label: say.zoomOut },
    line,
    { role: 'togglefullscreen', label: say.fullScreen },
  ];
  const close: Item = { label: say.close, accelerator: 'CommandOrControl+W', click: actions.closeWindow };
  const quit = (accelerator: string): Item => ({ label: say.quit, accelerator, click: actions.quit });
  const settings: Item = { label: say.settings, accelerator: 'CommandOrControl+,', click: actions.settings };
  if (platform !== 'darwin') {
    // Alt+F4 closes a window on Windows, and nothing else quits there by a key.
    const file = platform === 'win32' ? [settings, close] : [settings, close, quit('Ctrl+Q')];
    return [
      { label: say.name, submenu: file },
      { label: say.view, submenu: view },
    ];
  }
  return [
    {
      label: say.name,
      submenu: [
        { role: 'about', label: say.about },
        line,
        settings,
        line,
        { role: 'services', label: say.services },
        line,
        { role: 'hide', label: say.hide },
        { role: 'hideOthers', label: say.hideOthers },
        { role: 'unhide', label: say.unhide },
        line,
        quit('Command+Q'),
      ],
    },
    {
      label: say.edit,
      submenu: [
        { role: 'undo', label: say.undo },
        { role: 'redo', label: say.redo },
        line,
        { role: 'cut', label: say.cut },
        { role: 'copy', label: say.copy },
        { role: 'paste', label: say.paste },
        { role: 'pasteAndMatchStyle', label: say.pastePlain },
        { role: 'selectAll', label: say.selectAll },
      ],
    },
    { label: say.view, submenu: view },
    {
      role: 'window',
      label: say.window,
      submenu: [
        { role: 'minimize', label: say.minimize },
        { role: 'zoom', label: say.zoom },
        close,
        line,
        { role: 'front', label: say.front },
      ],
    },
  ];
}
