import { defineConfig } from 'vitest/config';

// One process per file: the server's PGlite and the core's SQLite are real, and a crash names its file.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is asked again until it holds has the time of a busy machine.
    expect: { poll: { timeout: 25_000 } },
    projects: [
      { extends: true, test: { name: 'unit', include: ['{shared,db,core,server,electron,renderer,scripts,bench}/**/*.test.{ts,tsx}'] } },
      { extends: true, test: { name: 'architecture', include: ['tests/architecture/**/*.test.ts'] } },
      { extends: true, test: { name: 'integration', include: ['tests/integration/**/*.test.ts', 'tests/support/**/*.test.ts'] } },
      { extends: true, test: { name: 'acceptance', include: ['tests/acceptance/**/*.test.ts'] } },
      { extends: true, test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], testTimeout: 120_000 } },
    ],
  },
});
