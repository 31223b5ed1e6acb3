import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { shortcutKeys } from '../../shared/bridge/shell-entries.ts';
import { writeWhole } from './write-whole.ts';

/** What this computer keeps, whoever signs in. Each part falls back by itself, so that one bad value costs one choice. */
const kept = z.object({
  startHidden: z.boolean().catch(true),
  closeToTray: z.boolean().catch(true),
  shortcut: shortcutKeys.nullable().catch(null),
});
export type ShellSettings = z.infer<typeof kept>;

const usual: ShellSettings = { startHidden: true, closeToTray: true, shortcut: null };

export interface SettingsFile {
  readonly value: ShellSettings;
  /** False: the disk would not take it, and nothing has changed. */
  change(to: { readonly [K in keyof ShellSettings]?: ShellSettings[K] | undefined }): boolean;
}

export function openShellSettings(file: string): SettingsFile {
  let value = read(file);
  return {
    get value() {
      return value;
    },
    change(to) {
      const { startHidden = value.startHidden, closeToTray = value.closeToTray, shortcut = value.shortcut } = to;
      const next = { startHidden, closeToTray, shortcut };
      try {
        writeWhole(file, JSON.stringify(next));
      } catch {
        return false;
      }
      value = next;
      return true;
    },
  };
}

function read(file: string): ShellSettings {
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return usual;
  }
}
