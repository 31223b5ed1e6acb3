// A window of the same runtime and with the same settings as the app's, with a page of its own: what the app is measured
// against. Its last argument is the page's address.
const { app, BrowserWindow } = require('electron');

void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    frame: false,
    show: false,
    backgroundColor: '#ffffff',
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  window.setMenuBarVisibility(false);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(process.argv.at(-1));
});
app.on('window-all-closed', () => app.quit());
