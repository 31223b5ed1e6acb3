import { app } from 'electron';
import type { Logger } from '../../shared/lib/logger.ts';
import { type DeepLink, linkScheme, parseDeepLink, readArguments, registersScheme } from './deep-link.ts';

export interface LinkHandlers {
  readonly open: (link: DeepLink) => void;
  /** A start without a link while the app runs: somebody wants the window. */
  readonly show: () => void;
  readonly logger: Logger;
}

export interface Links {
  follow(handlers: LinkHandlers): void;
}

/** Catches links from the first moment on: macOS hands one over before the app is ready. */
export function catchLinks(): Links {
  let take: ((text: string) => void) | null = null;
  let early: string | null = null;
  app.on('open-url', (event, text) => {
    event.preventDefault();
    if (take === null) early = text;
    else take(text);
  });

  return {
    follow({ open, show, logger }) {
      const refuse = (count: number): void => {
        // Without its text: anybody can write a link, with anything in it.
        if (count > 0) logger.warn('link-refused', { count });
      };
      take = (text) => {
        const link = parseDeepLink(text);
        if (link === null) refuse(1);
        else open(link);
      };
      app.on('second-instance', (_event, argv) => {
        const asked = readArguments(argv);
        refuse(asked.refused);
        if (asked.link !== null) open(asked.link);
        else if (!asked.hidden) show();
      });
      const first = readArguments(process.argv);
      refuse(first.refused);
      if (first.link !== null) open(first.link);
      if (early !== null) take(early);
    },
  };
}

export function registerLinkScheme(): void {
  if (!registersScheme(process.platform, app.isPackaged)) return;
  // What stands behind `--` is no switch, whatever the link holds.
  app.setAsDefaultProtocolClient(linkScheme, process.execPath, process.platform === 'win32' ? ['--'] : []);
}
