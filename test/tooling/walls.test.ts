import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: NonNullable<IFlattenedRuleSet['forbidden']>;
  options: ICruiseOptions;
};

/** What is planted, as file > import, and the wall that must name it. */
const OFFENCES: readonly (readonly [wall: string, from: string, to: string])[] = [
  ['wall-of-src-search', 'src/search/a.ts', 'src/domain/plain.ts'],
  ['wall-of-src-domain', 'src/domain/b.ts', 'src/service/plain.ts'],
  ['wall-of-src-store', 'src/store/c.ts', 'src/service/plain.ts'],
  ['wall-of-src-store', 'src/store/c2.ts', 'src/search/plain.ts'],
  ['wall-of-src-service', 'src/service/d.ts', 'src/api/plain.ts'],
  ['wall-of-src-api', 'src/api/e.ts', 'src/store/plain.ts'],
  ['wall-of-src-runner', 'src/runner/f.ts', 'src/service/plain.ts'],
  ['wall-of-src-cli', 'src/cli/g.ts', 'src/service/plain.ts'],
  ['wall-of-migrations', 'migrations/h.ts', 'src/domain/plain.ts'],
  ['wall-of-sdk-typescript', 'sdk/typescript/i.ts', 'src/domain/plain.ts'],
  ['wall-of-examples', 'examples/one/j.ts', 'src/domain/plain.ts'],
  ['wall-of-examples', 'examples/one/j2.ts', 'examples/two/plain.ts'],
  ['wall-of-web-src-features', 'web/src/features/trial/k.ts', 'web/src/features/pools/plain.ts'],
  ['wall-of-web-src-charts', 'web/src/charts/l.ts', 'web/src/api/plain.ts'],
  ['wall-of-web-src-ui', 'web/src/ui/m.ts', 'web/src/live/plain.ts'],
  ['wall-of-web-src-api', 'web/src/api/n.ts', 'web/src/features/pools/plain.ts'],
  ['wall-of-web-src-live', 'web/src/live/o.ts', 'web/src/features/pools/plain.ts'],
  ['wall-of-web', 'web/src/p.ts', 'src/domain/plain.ts'],
  ['kept-out-typeorm', 'src/service/q.ts', 'node_modules/typeorm/index.js'],
  ['kept-out-typeorm', 'src/api/q2.ts', 'node_modules/pg/index.js'],
  ['kept-out-@apollo-server', 'src/service/r.ts', 'node_modules/graphql/index.js'],
  ['kept-out-apache-arrow', 'src/api/r2.ts', 'node_modules/apache-arrow/index.js'],
  ['search-is-pure', 'src/search/s.ts', 'node:fs'],
  ['search-is-pure', 'src/search/s2.ts', 'node_modules/graphql/index.js'],
  ['domain-is-plain', 'src/domain/t.ts', 'node_modules/graphql/index.js'],
  ['domain-takes-types-only', 'src/domain/u.ts', 'src/search/plain.ts'],
  ['adapters-do-not-meet', 'src/store/metrics/postgres/v.ts', 'src/store/metrics/clickhouse/plain.ts'],
  ['adapters-do-not-meet', 'src/runner/executors/slurm/v.ts', 'src/runner/executors/process/plain.ts'],
  ['main-is-the-top', 'src/api/w.ts', 'src/main/plain.ts'],
  ['only-tests-know-tests', 'src/main/x.ts', 'test/plain.ts'],
  ['no-cycles', 'src/main/y.ts', 'src/main/y.ts'],
];

/** What the architecture allows, which no wall may name. */
const ALLOWED: readonly (readonly [from: string, to: string])[] = [
  ['src/store/allowed.ts', 'src/domain/plain.ts'],
  ['src/store/allowed2.ts', 'node_modules/pg/index.js'],
  ['src/service/allowed.ts', 'src/search/plain.ts'],
  ['src/api/allowed.ts', 'node_modules/graphql/index.js'],
  ['src/api/http/export/allowed.ts', 'node_modules/apache-arrow/index.js'],
  ['src/cli/allowed.ts', 'src/main/plain.ts'],
  ['src/main/allowed.ts', 'src/api/plain.ts'],
  ['src/runner/allowed.ts', 'sdk/typescript/plain.ts'],
  ['examples/one/allowed.ts', 'sdk/typescript/plain.ts'],
  ['web/src/features/trial/allowed.ts', 'web/src/charts/plain.ts'],
  ['test/allowed.ts', 'src/main/plain.ts'],
];

let tree: string;
let found: Set<string>;

beforeAll(async () => {
  tree = realpathSync(mkdtempSync(path.join(tmpdir(), 'trialgraph-walls-')));
  for (const name of ['pg', 'typeorm', 'graphql', 'apache-arrow']) {
    plant(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    plant(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  plant('package.json', JSON.stringify({ dependencies: { pg: '1', typeorm: '1', graphql: '1', 'apache-arrow': '1' } }));
  for (const [, from, to] of OFFENCES) plantImport(from, to);
  for (const [from, to] of ALLOWED) plantImport(from, to);

  const { forbidden, options } = config;
  const { tsConfig: _, ...rest } = options as ICruiseOptions & { tsConfig?: unknown };
  const folders = ['src', 'sdk', 'web', 'examples', 'migrations', 'test'];
  const result = await cruise(folders, { ...rest, baseDir: tree, validate: true, ruleSet: { forbidden } });
  const { summary } = result.output as ICruiseResult;
  found = new Set(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} > ${to}`));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('the walls', () => {
  it.each(OFFENCES)('%s names %s > %s', (wall, from, to) => {
    const target = to.replace('node:', '');

    expect([...found]).toContain(`${wall}: ${from} > ${target}`);
  });

  it.each(ALLOWED)('let %s import %s', (from, to) => {
    expect([...found].filter((line) => line.endsWith(`: ${from} > ${to}`))).toEqual([]);
  });

  it('are all tried here', () => {
    const tried = new Set(OFFENCES.map(([wall]) => wall));

    expect(config.forbidden.map((rule) => rule.name).filter((name) => name !== undefined && !tried.has(name))).toEqual(
      [],
    );
  });
});

function plant(file: string, text: string): void {
  const target = path.join(tree, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function plantImport(from: string, to: string): void {
  const name = /node_modules\/([^/]+)\//.exec(to)?.[1] ?? to;
  const isOurs = !to.startsWith('node');
  const relative = path.relative(path.dirname(from), to).replace(/\.ts$/, '');
  plant(from, `import { thing } from '${isOurs ? `./${relative}` : name}';\nexport const user = thing;\n`);
  if (isOurs && from !== to) plant(to, 'export const thing = 1;\n');
}
