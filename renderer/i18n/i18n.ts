import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { withoutTurns } from '../../shared/lib/plain-text.ts';
import { enUS } from './en-US.ts';
import { zhCN } from './zh-CN.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof zhCN };
  }
}

export type Locale = 'zh-CN' | 'en-US';

void i18next.use(initReactI18next).init({
  lng: 'zh-CN',
  fallbackLng: 'zh-CN',
  supportedLngs: ['zh-CN', 'en-US'],
  resources: { 'zh-CN': { translation: zhCN }, 'en-US': { translation: enUS } },
  // React escapes what it shows; but a name must not turn the sentence around that it is put into.
  interpolation: { escapeValue: true, escape: withoutTurns },
  initAsync: false,
});

export const setLocale = (locale: Locale): void => {
  if (i18next.language !== locale) void i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
};
