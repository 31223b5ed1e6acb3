import { app, type Session, type WebContents } from 'electron';
import { mayNavigate, windowOpenAnswer } from './navigation-policy.ts';
import { mayUse } from './permission-policy.ts';
import type { Logger } from '../../shared/lib/logger.ts';

interface Navigation {
  readonly url: string;
  preventDefault(): void;
}

/** Puts every page of the app, whoever makes it, under the policies. */
export function guardAllContents(logger: Logger): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, logger));
}

function guardContents(contents: WebContents, logger: Logger): void {
  const check = (kind: string) => (event: Navigation) => {
    if (mayNavigate(event.url)) return;
    event.preventDefault();
    logger.warn('navigation-refused', { kind });
  };
  contents.setWindowOpenHandler(() => {
    logger.warn('navigation-refused', { kind: 'open' });
    return windowOpenAnswer;
  });
  contents.on('will-navigate', check('navigate'));
  contents.on('will-frame-navigate', check('frame'));
  contents.on('will-redirect', check('redirect'));
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => answer(mayUse(permission, details.requestingUrl)));
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  session.setDevicePermissionHandler(() => false);
}
