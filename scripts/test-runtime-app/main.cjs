// Stands in for Electron's own default_app.asar, which the test runtime lacks: loads the app named in argv.
const { app } = require('electron');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const wanted = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (wanted === undefined) fail('The test runtime needs the folder of an app as its first plain argument.');

const target = path.resolve(wanted);
if (!fs.existsSync(target)) fail(`The test runtime was given an app that does not exist: ${target}.`);
const isFolder = fs.statSync(target).isDirectory();
const appPath = isFolder ? target : path.dirname(target);
const packageFile = path.join(appPath, 'package.json');
const manifest = fs.existsSync(packageFile) ? JSON.parse(fs.readFileSync(packageFile, 'utf8')) : {};
const entry = isFolder ? path.resolve(appPath, manifest.main ?? 'index.js') : target;

process.defaultApp = true;
app.setAppPath(appPath);
if (manifest.version) app.setVersion(manifest.version);
if (manifest.productName ?? manifest.name) app.setName(manifest.productName ?? manifest.name);
app.setDesktopName?.(manifest.desktopName ?? `${app.getName()}.desktop`);
// The path was derived from this stand-in's name before the app's own name was known.
if (!app.commandLine.hasSwitch('user-data-dir')) {
  app.setPath('userData', path.join(app.getPath('appData'), app.getName()));
}

const isModule = entry.endsWith('.mjs') || (entry.endsWith('.js') && manifest.type === 'module');
if (isModule) {
  import(pathToFileURL(entry).href).catch((error) => fail(error.stack));
} else {
  require(entry);
}
