import { type BrowserWindow, dialog } from 'electron';
import type { ShellContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import type { Implementation } from '../../shared/bridge/rpc.ts';
import type { FileHandles } from './file-handles.ts';
import type { Destination } from './navigation.ts';
import type { Signal } from './signal.ts';

type AppInfo = OutputOf<ShellContract['queries']['app.info']>;

const stateEvents = ['maximize', 'unmaximize', 'focus', 'blur', 'show', 'hide'] as const;

/** What one window may ask of the desktop. */
export function createShellService(
  window: BrowserWindow,
  info: AppInfo,
  destination: Signal<Destination>,
  files: FileHandles,
): Implementation<ShellContract> {
  return {
    calls: {
      'window.minimize': () => {
        window.minimize();
        return {};
      },
      'window.toggleMaximize': () => {
        if (window.isMaximized()) window.unmaximize();
        else window.maximize();
        return {};
      },
      'window.close': () => {
        window.close();
        return {};
      },
      'files.pick': async ({ several }) => {
        const { filePaths } = await dialog.showOpenDialog(window, { properties: several ? ['openFile', 'multiSelections'] : ['openFile'] });
        return { files: await Promise.all(filePaths.map((file) => files.give(file))) };
      },
    },
    queries: {
      'app.info': (_input, emit) => {
        emit(info);
        return () => {};
      },
      'window.state': (_input, emit) => {
        const tell = (): void => emit({ maximized: window.isMaximized(), focused: window.isFocused() });
        for (const event of stateEvents) window.on(event as 'focus', tell);
        tell();
        return () => {
          for (const event of stateEvents) window.off(event as 'focus', tell);
        };
      },
      navigation: (_input, emit) => destination.follow(emit),
    },
  };
}
