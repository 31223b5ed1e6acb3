import { theme, type ThemeConfig } from 'antd';
import { fontFamily, type Palette } from './tokens.ts';

/** The same tokens in antd's words. */
export function antdTheme(c: Palette, dark: boolean, still: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      motion: !still,
      motionUnit: 0.07,
      fontFamily,
      fontSize: 13,
      fontWeightStrong: 600,
      controlHeight: 28,
      controlHeightLG: 32,
      controlHeightSM: 24,
      borderRadius: 6,
      borderRadiusLG: 8,
      borderRadiusSM: 4,
      colorPrimary: c['accent-solid'],
      colorPrimaryHover: c['accent-hover'],
      colorPrimaryActive: c['accent-hover'],
      colorLink: c.accent,
      colorText: c.text,
      colorTextSecondary: c['text-2'],
      colorTextTertiary: c['text-3'],
      colorTextPlaceholder: c['text-3'],
      colorTextDescription: c['text-3'],
      colorBgLayout: c.chrome,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorBgMask: c.mask,
      colorBorder: c['line-control'],
      colorBorderSecondary: c.line,
      colorError: c.danger,
      colorWarning: c.warn,
      colorSuccess: c.ok,
      controlItemBgActive: c.selected,
      controlItemBgHover: c.hover,
    },
    // There are several scopes, and one set of variables does for all of them.
    cssVar: { key: 'desk' },
    components: {
      Button: { fontWeight: 400, contentFontSizeLG: 13, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Modal: { titleFontSize: 16, borderRadiusLG: 12 },
      Dropdown: { colorPrimary: c.accent },
      Select: { optionSelectedBg: c.selected, optionSelectedFontWeight: 600 },
    },
  };
}
