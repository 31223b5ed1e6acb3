import { expect } from 'vitest';
import { type DeskApp, eventually } from './app.ts';

/** The next file dialogs answer as if the agent had chosen this; null: they had closed them. No native window opens. */
export async function answerFileDialogs(app: DeskApp, file: string | null): Promise<void> {
  await app.running.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
  }, file);
}

/** So many files wait in the form, and each is whole: half a copy is not sent. */
export const filesCopied = (app: DeskApp, n: number): Promise<void> =>
  eventually(() => app.at('file-draft').allInnerTexts()).toEqual(
    Array.from({ length: n }, () => expect.not.stringContaining('正在存入') as string),
  );
