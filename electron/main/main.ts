import path from 'node:path';
import { app } from 'electron';
import { createLogFile, faultFields } from './log-file.ts';
import { registerPageScheme } from './app-protocol.ts';
import { startDesk } from './desk.ts';
import { asksToErase, eraseLocalData, erasureReport } from './erase-local-data.ts';
import { catchLinks } from './links.ts';
import { readWindowMemory } from './window-bounds.ts';

app.setAppUserModelId('com.zuoxi.desk');
registerPageScheme();

if (asksToErase(process.argv)) {
  if (app.requestSingleInstanceLock()) {
    const profile = app.getPath('userData');
    const erasure = eraseLocalData(profile);
    process.stdout.write(erasureReport(profile, erasure));
    app.exit(erasure.left.length === 0 ? 0 : 1);
  } else {
    process.stdout.write('坐席工单台正在运行，请先退出。 / The app is running; quit it first.\n');
    app.exit(2);
  }
} else if (app.requestSingleInstanceLock()) {
  const userData = app.getPath('userData');
  const logs = path.join(userData, 'logs');
  const logger = createLogFile(logs, 'main', Date.now);
  // Without a listener the default is a dialog that only a developer understands, over a shell that still works.
  process.on('uncaughtException', (error) => logger.error('uncaught', faultFields(error)));
  process.on('unhandledRejection', (error) => logger.error('unhandled', faultFields(error)));
  const links = catchLinks();
  const memoryFile = path.join(userData, 'window.json');
  if (!app.commandLine.hasSwitch('lang')) app.commandLine.appendSwitch('lang', readWindowMemory(memoryFile).locale);
  void app
    .whenReady()
    .then(() => startDesk({ userData, logs, memoryFile, links, folder: __dirname, logger, argv: process.argv, env: process.env }));
} else {
  app.quit();
}
