/** Surface, line, text and meaning: light, dark, and the two of high contrast where they differ. */
type Shades = readonly [light: string, dark: string, lightStrong?: string, darkStrong?: string];

/** The one place where a colour is named. CSS reads them as `--c-NAME`, antd through antd-theme.ts. All text pairs ≥ 4.7:1. */
export const colours = {
  chrome: ['#eff1f5', '#131519'],
  surface: ['#ffffff', '#1a1d22'],
  sunken: ['#f6f7f9', '#16181d'],
  raised: ['#ffffff', '#262a32'],
  hover: ['#f0f3f7', '#22262d'],
  selected: ['#e2ecfd', '#1e3157'],
  mask: ['rgb(18 24 34 / .32)', 'rgb(0 0 0 / .56)'],

  line: ['#e3e6eb', '#2b3038', '#8b95a3', '#7d8796'],
  'line-row': ['#eef0f3', '#23272e', '#8b95a3', '#7d8796'],
  'line-control': ['#b4bbc6', '#4d5561', '#47505d', '#b6bec9'],

  text: ['#191d24', '#e8ebf0'],
  'text-2': ['#47505d', '#b6bec9', '#191d24', '#e8ebf0'],
  'text-3': ['#5f6875', '#98a1ae', '#333b46', '#d0d6de'],
  'on-solid': ['#ffffff', '#ffffff'],

  accent: ['#1857c4', '#82b0ff'],
  'accent-solid': ['#1b5fd3', '#2b66d9'],
  'accent-hover': ['#154fb3', '#3069dc'],
  'accent-weak': ['#e6effd', '#1c2d4f'],
  'accent-line': ['#a8c5f4', '#3a5b96'],

  danger: ['#bb241b', '#ff938a'],
  'danger-weak': ['#fdeceb', '#3b1f1f'],
  'danger-line': ['#f0b3ae', '#6d3431'],
  warn: ['#8a5000', '#f3bd58'],
  'warn-weak': ['#fff2d9', '#352a15'],
  'warn-line': ['#e8c27d', '#6b5223'],
  ok: ['#14703f', '#62cb98'],
  'ok-weak': ['#e4f5ec', '#17301f'],
  shadow: ['rgb(20 30 50 / .16)', 'rgb(0 0 0 / .5)'],
  'shadow-edge': ['rgb(20 30 50 / .14)', 'rgb(255 255 255 / .16)'],
  'shadow-low': ['rgb(20 30 50 / .08)', 'rgb(0 0 0 / .4)'],
} as const satisfies Record<string, Shades>;

export type ColourName = keyof typeof colours;
export type Palette = Readonly<Record<ColourName, string>>;

export function palette(dark: boolean, strong: boolean): Palette {
  const pick = ([light, darkOne, lightStrong, darkStrong]: Shades): string =>
    dark ? ((strong ? darkStrong : undefined) ?? darkOne) : ((strong ? lightStrong : undefined) ?? light);
  return Object.fromEntries(Object.entries(colours).map(([name, shades]) => [name, pick(shades)])) as Record<ColourName, string>;
}

export const fontFamily =
  '-apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
