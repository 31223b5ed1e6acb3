import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type TimeFormat, timeFormat } from '../format/time-format.ts';

/** Times in the language of the screen. */
export function useFormat(): TimeFormat {
  const { t, i18n } = useTranslation();
  return useMemo(() => timeFormat(i18n.language, t), [t, i18n.language]);
}
