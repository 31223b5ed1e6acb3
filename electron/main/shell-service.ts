import path from 'node:path';
import { type BrowserWindow, clipboard, dialog, shell } from 'electron';
import type { ShellContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import type { Implementation } from '../../shared/bridge/rpc.ts';
import type { FileHandles } from './file-handles.ts';
import type { DeviceSettings } from './device-settings.ts';
import type { Navigation } from './navigation.ts';
import type { Updater } from './updates/updater.ts';
import { fileName, type SavePlace } from './save-place.ts';

type AppInfo = OutputOf<ShellContract['queries']['app.info']>;

const stateEvents = ['maximize', 'unmaximize', 'focus', 'blur', 'show', 'hide'] as const;

export interface ShellParts {
  readonly info: AppInfo;
  readonly navigation: Navigation;
  readonly files: FileHandles;
  readonly savePlace: SavePlace;
  readonly device: DeviceSettings;
  readonly updates: Promise<Updater>;
  /** What support needs to know, as text. */
  readonly diagnostics: () => Promise<string>;
}

/** What one window may ask of the desktop. */
export function createShellService(window: BrowserWindow, parts: ShellParts): Implementation<ShellContract> {
  const { info, navigation, files, savePlace, device, updates, diagnostics } = parts;
  window.webContents.on('did-navigate', () => void updates.then((updater) => updater.setUnsaved(window, false)));
  window.on('closed', () => void updates.then((updater) => updater.setUnsaved(window, false)));
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
      'files.pick': async ({ several, kind }) => {
        const { canceled, filePaths } = await dialog.showOpenDialog(window, {
          properties: several ? ['openFile', 'multiSelections'] : ['openFile'],
          ...(kind === 'table' && { filters: [{ name: 'CSV, TXT, XLSX', extensions: ['csv', 'txt', 'xlsx'] }] }),
        });
        return { files: canceled ? [] : await Promise.all(filePaths.map((file) => files.give(file))) };
      },
      'files.save': async ({ suggested }) => {
        const extension = path.extname(fileName(suggested)).slice(1);
        const { canceled, filePath } = await dialog.showSaveDialog(window, {
          defaultPath: savePlace.suggest(suggested),
          properties: ['createDirectory', 'showOverwriteConfirmation'],
          ...(extension !== '' && { filters: [{ name: extension.toUpperCase(), extensions: [extension] }] }),
        });
        if (canceled || filePath === '') return { file: null };
        return { file: files.giveTarget(savePlace.chosen(filePath, suggested)) };
      },
      'files.reveal': ({ handle }) => {
        const saved = files.savedPath(handle);
        if (saved !== null) shell.showItemInFolder(saved);
        return {};
      },
      'navigation.taken': ({ serial }) => {
        navigation.taken(serial);
        return {};
      },
      'shell.set': (change) => device.set(change),
      'update.check': async () => {
        // Answered at once: what comes of it is in the state.
        void (await updates).look();
        return {};
      },
      'update.later': async () => {
        (await updates).later();
        return {};
      },
      'update.restart': async () => (await updates).restart(),
      'update.unsaved': async ({ unsaved }) => {
        (await updates).setUnsaved(window, unsaved);
        return {};
      },
      'app.copyDiagnostics': async () => {
        const text = await diagnostics();
        await clipboard.writeText(text);
        return { ok: (await clipboard.readText()) === text };
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
      navigation: (_input, emit) => navigation.destination.follow(emit),
      'update.state': (_input, emit) => {
        let stop: (() => void) | null = null;
        let ended = false;
        void updates.then((updater) => {
          if (!ended) stop = updater.state.follow(emit);
        });
        return () => {
          ended = true;
          stop?.();
        };
      },
      'shell.settings': (_input, emit) => {
        // Somebody may have switched it in the system's own settings meanwhile.
        device.refresh();
        return device.view.follow(emit);
      },
    },
  };
}
