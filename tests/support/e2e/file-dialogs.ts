import type { DeskApp } from './app.ts';

/** The next file dialogs answer as if the agent had chosen this; null: they had closed them. No native window opens. */
export async function answerFileDialogs(app: DeskApp, file: string | null): Promise<void> {
  await app.running.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
  }, file);
}
