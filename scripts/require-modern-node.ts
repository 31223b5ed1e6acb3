// Imported first by every entry script: better-sqlite3 kills an older Node without a message.
if (!(Number(process.versions.napi) >= 10)) {
  console.error(
    `Zuoxi needs Node 22.18 or newer, and this is Node ${process.versions.node}; start it with "npm run" or "npm start", which use the Node 24 that "npm ci" installs.`,
  );
  process.exit(1);
}

export {};
