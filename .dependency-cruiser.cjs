/** The walls of the house: who may import whom. An allow-list per room, on resolved paths; docs: CONTRIBUTING.md. */

const ROOMS = '^(src|sdk|web|examples|bench|test|migrations|scripts)/';

/** Each room may import itself, and these. `src/main` is not here: it wires everything. */
const MAY_IMPORT = {
  'src/search': [],
  'src/domain': ['src/search'],
  'src/store': ['src/domain'],
  'src/service': ['src/domain', 'src/search', 'src/store'],
  'src/api': ['src/domain', 'src/service'],
  'src/runner': ['sdk/typescript'],
  'src/cli': ['sdk/typescript', 'src/main'],
  migrations: [],
  'sdk/typescript': [],
  'examples/[^/]+': ['sdk/typescript'],
  'web/src/features/[^/]+': ['web/src/(charts|live|ui|api)', 'sdk/typescript'],
  'web/src/charts': ['web/src/ui'],
  'web/src/ui': [],
  'web/src/api': ['sdk/typescript'],
  'web/src/live': ['web/src/api', 'sdk/typescript'],
  web: ['sdk/typescript'],
};

/** Packages, and the only places of the server that may know them. */
const ONLY_IN = {
  'typeorm|pg': '^(src/(store|main)|migrations)/',
  '@apollo/server|@as-integrations/fastify|graphql|graphql-query-complexity|graphql-scalars|graphql-ws|type-graphql':
    '^src/(api|main)/',
  'apache-arrow': '^src/api/http/export/',
};

const PACKAGES = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const wall = (name, from, to) => ({ name, severity: 'error', from, to });

const nameOf = (room) => room.replace('/[^/]+', '').replaceAll('/', '-');

module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([room, rooms]) =>
      wall(
        `wall-of-${nameOf(room)}`,
        { path: `^(${room})/` },
        { path: ROOMS, pathNot: ['^$1/', ...rooms.map((other) => `^${other}/`)] },
      ),
    ),
    ...Object.entries(ONLY_IN).map(([packages, where]) =>
      wall(
        `kept-out-${nameOf(packages.split('|')[0])}`,
        { path: '^(src|migrations)/', pathNot: where },
        { path: `node_modules/(${packages})/` },
      ),
    ),
    wall('search-is-pure', { path: '^src/search/' }, { dependencyTypes: ['core', ...PACKAGES] }),
    wall('domain-is-plain', { path: '^src/domain/' }, { dependencyTypes: PACKAGES }),
    wall(
      'domain-takes-types-only',
      { path: '^src/domain/' },
      { path: '^src/search/', dependencyTypesNot: ['type-only'] },
    ),
    wall(
      'adapters-do-not-meet',
      { path: '^src/(store/metrics|store/blobs|store/logs|runner/executors)/([^/]+)/' },
      { path: '^src/$1/[^/]+/', pathNot: '^src/$1/$2/' },
    ),
    wall('main-is-the-top', { pathNot: '^(src/(main|cli)|test|bench|scripts)/' }, { path: '^src/main/' }),
    wall('only-tests-know-tests', { path: ROOMS, pathNot: '^(test|bench)/' }, { path: '^test/' }),
    wall('no-cycles', {}, { circular: true }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|dist\\.next)/' },
  },
};
