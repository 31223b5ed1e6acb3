// Who may import whom: the table of docs/architecture.md, enforced. Type imports count.
const folder = (name) => `^${name}/`;
/** `from` may reach, of our own code, only these folders besides itself. */
const only = (from, allowed) => ({
  name: `only-${from.replaceAll('/', '-')}`,
  severity: 'error',
  from: { path: folder(from), pathNot: '\\.test\\.tsx?$' },
  to: {
    path: '^(shared|db|core|electron|renderer|server|tests|bench|scripts|build)/',
    pathNot: [folder(from), ...allowed.map(folder)],
  },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    // The engines that the core is measured beside have packages of their own, which come when they are needed.
    {
      name: 'no-unresolved',
      severity: 'error',
      from: { pathNot: '^bench/peers/others/' },
      to: { couldNotResolve: true, pathNot: '^electron$' },
    },
    only('shared/lib', []),
    only('shared/domain', ['shared/lib']),
    only('shared/protocol', ['shared/domain', 'shared/lib']),
    only('shared/bridge', ['shared/domain', 'shared/lib', 'shared/protocol']),
    only('db', ['shared']),
    only('core', ['db', 'shared']),
    only('electron', ['shared']),
    only('renderer', ['shared']),
    only('server', ['shared']),
    only('bench', ['shared', 'db', 'core', 'server', 'electron', 'tests', 'scripts']),
    only('scripts', ['shared', 'tests/support', 'tests/tour']),
    {
      name: 'no-node-in-pages',
      severity: 'error',
      from: { path: ['^shared/', '^renderer/'], pathNot: ['\\.test\\.tsx?$', '^renderer/vite\\.config\\.ts$'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-database-in-pages',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: 'better-sqlite3', reachable: true },
    },
    {
      name: 'electron-only-in-the-shell',
      severity: 'error',
      from: { pathNot: ['^electron/', '^tests/', '^scripts/test-runtime-app/'] },
      to: { path: ['^electron$', 'node_modules/electron/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|out|\\.runtime|bench/peers/others/node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
