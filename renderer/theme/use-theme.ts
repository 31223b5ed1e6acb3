import { useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { useQuery } from '../hooks/use-query.ts';
import { type Palette, palette } from './tokens.ts';

function useMedia(query: string): boolean {
  const media = useMemo(() => matchMedia(query), [query]);
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => media.matches,
  );
}

export interface Look {
  readonly colours: Palette;
  readonly dark: boolean;
  /** No motion is wanted. */
  readonly still: boolean;
}

/** What the setting and the system ask for together. */
export function useLook(): Look {
  const setting = useQuery('settings.get', {}).value?.theme ?? 'system';
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const strong = useMedia('(prefers-contrast: more)');
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const dark = setting === 'system' ? systemDark : setting === 'dark';
  const colours = useMemo(() => palette(dark, strong), [dark, strong]);
  return { colours, dark, still };
}

/** Writes the look to the page for the style sheets. */
export function useLookOfPage(): void {
  const { colours, dark } = useLook();
  useLayoutEffect(() => {
    const root = document.documentElement;
    for (const [name, value] of Object.entries(colours)) root.style.setProperty(`--c-${name}`, value);
    root.style.colorScheme = dark ? 'dark' : 'light';
    root.dataset['theme'] = dark ? 'dark' : 'light';
  }, [colours, dark]);
}
