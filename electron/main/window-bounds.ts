import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const memory = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(1).max(20_000),
  height: z.int().min(1).max(20_000),
  maximized: z.boolean(),
  /** Of the last run, to open in the right colour before the core has answered. */
  theme: z.enum(['system', 'light', 'dark']),
  /** Language of Chromium's own parts, date fields above all; it can be chosen only before a start. */
  locale: z.enum(['zh-CN', 'en-US']).default('zh-CN'),
});
export type WindowMemory = z.infer<typeof memory>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Bounds {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
}

export const smallest = { width: 900, height: 600 };
const first: WindowMemory = { width: 1366, height: 768, maximized: false, theme: 'system', locale: 'zh-CN' };
/** So much of the title bar has to be on a screen, or nobody can move the window. */
const gripWidth = 120;
const gripHeight = 32;

/** Where the window opens: as it was, unless the screen it was on is gone or smaller now. */
export function fitWindow(saved: Bounds | WindowMemory, screens: readonly Area[]): Bounds {
  const { x, y } = saved;
  const target = screens.find((each) => x !== undefined && y !== undefined && reachable(each, x, y, saved.width));
  const room = target ?? screens[0];
  const size = {
    width: Math.max(smallest.width, Math.min(saved.width, room?.width ?? saved.width)),
    height: Math.max(smallest.height, Math.min(saved.height, room?.height ?? saved.height)),
  };
  return { ...size, ...(target !== undefined && x !== undefined && y !== undefined && { x, y }) };
}

/** Whether somebody could take hold of it. */
export function isReachable({ x, y, width }: Area, screens: readonly Area[]): boolean {
  return screens.some((each) => reachable(each, x, y, width));
}

function reachable(screen: Area, x: number, y: number, width: number): boolean {
  const shown = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  return shown >= gripWidth && y >= screen.y && y + gripHeight <= screen.y + screen.height;
}

export function readWindowMemory(file: string): WindowMemory {
  try {
    return memory.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return first;
  }
}

export function writeWindowMemory(file: string, what: WindowMemory): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(what));
    renameSync(`${file}.new`, file);
  } catch {
    // The next start opens at the usual size; nothing is lost by that.
  }
}
