import nodeNotifier from 'node-notifier';
import { asMarkup, oneLine, visible } from '../../shared/lib/plain-text.ts';

/** Shows a text as the desktop does; false when it would not. Text alone: no buttons, and it cannot be taken back. */
export type Show = (title: string, body: string) => Promise<boolean>;

/** Longer than any desktop needs; one that does not answer has nobody who shows anything. */
const ANSWER_MS = 4_000;

export function createNotifier(platform: string): Show {
  return (title, body) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ANSWER_MS);
      const text = visible(body);
      const options = {
        title: notAFlag(oneLine(title)),
        // Without a body node-notifier shows nothing at all.
        message: notAFlag(platform === 'linux' ? asMarkup(text) : text) || ' ',
        'app-name': '坐席工单台',
      };
      nodeNotifier.notify(options, (error) => {
        clearTimeout(timer);
        resolve(!error);
      });
    });
}

/** notify-send takes what begins with a hyphen for an option. */
const notAFlag = (text: string): string => (text.startsWith('-') ? ` ${text}` : text);
