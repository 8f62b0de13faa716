import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Deps } from '../../src/service/deps.js';
import { startTrial } from '../../src/service/trial/start-trial.js';
import { type Api, openApi, post } from './server.js';

const OPERATIONS = path.resolve(import.meta.dirname, '../../sdk/operations');
const documents = readdirSync(OPERATIONS)
  .map((file) => readFileSync(path.join(OPERATIONS, file), 'utf8'))
  .join('\n');

/** A page of trials with all that hangs on them: more than any page of the dashboard asks. */
const HEAVY = `query($id: ID!, $first: Int!) { trials(experimentId: $id, first: $first) { totalCount edges { cursor } nodes {
  id params contact durationSeconds summary { key last min max } metricSeries { key } jobs { id runner { id } pool { id } } artifacts { id }
  experiment { id project { id name } counts { total } bestTrial { id } metricKeys datasets { id } algorithmVersion { id algorithm { id versions { id } } } pool { id } } } } }`;

let api: Api;
let statements: string[] = [];
beforeAll(async () => {
  api = await openApi({ wrap: (world) => counting(world.deps, (text) => statements.push(text)) });
});
afterAll(() => api.close());

describe('the number of statements', () => {
  test('does not grow with the number of trials', async () => {
    const started = await Promise.all(Array.from({ length: 55 }, () => startOne()));
    expect(started).toHaveLength(55);

    const few = await statementsOf(HEAVY, { id: api.experimentId, first: 10 });
    const many = await statementsOf(HEAVY, { id: api.experimentId, first: 50 });

    expect(many.rows).toBe(50);
    expect(many.texts.map(nameOf).sort()).toEqual(few.texts.map(nameOf).sort());
    expect(many.texts.length).toBeLessThan(40);
  });

  test('nor does that of the SDK’s own list of trials', async () => {
    const query = operation('Trials');

    const few = await statementsOf(query, { experimentId: api.experimentId, first: 10 });
    const many = await statementsOf(query, { experimentId: api.experimentId, first: 50 });

    expect(many.texts.map(nameOf).sort()).toEqual(few.texts.map(nameOf).sort());
  });

  test('nor that of the list of experiments', async () => {
    const query = operation('Experiments');
    const few = await statementsOf(query, { first: 50 });
    for (let i = 0; i < 10; i += 1) {
      await post(
        api.url,
        api.keys.admin,
        'mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }',
        {
          input: { projectId: api.world.project.id, name: `experiment ${i}` },
        },
      );
    }

    const many = await statementsOf(query, { first: 50 });

    expect(many.rows).toBe(few.rows + 10);
    expect(many.texts.map(nameOf).sort()).toEqual(few.texts.map(nameOf).sort());
  });
});

async function startOne() {
  const { world } = api;
  const started = await startTrial(world.deps, world.admin, {
    project: world.project.name,
    experiment: 'experiment',
    params: { rate: 0.1 },
  });
  const steps = Float64Array.from([0, 1]);
  const { id: trialId, projectId } = started.trial;
  await world.deps.metrics.append({
    projectId,
    trialId,
    attempt: 1,
    epoch: null,
    stream: 's',
    seq: 0,
    dropped: 0,
    series: [{ key: 'loss', steps, times: steps, values: steps }],
  });
  return started;
}

async function statementsOf(query: string, variables: Readonly<Record<string, unknown>>) {
  // What is remembered for some seconds is asked for now.
  await post(api.url, api.keys.admin, query, variables);
  statements = [];
  const answer = await post(api.url, api.keys.admin, query, variables);
  expect(answer.errors).toEqual([]);
  const [connection] = Object.values(answer.data) as { nodes: unknown[] }[];
  return { texts: [...statements], rows: connection?.nodes.length ?? 0 };
}

/** One operation of the SDK with the fragments that it needs. */
function operation(name: string): string {
  const parts = documents.split(/^(?=(?:query|mutation|subscription|fragment) )/m);
  const own = parts.find((part) => part.startsWith(`query ${name}(`)) ?? '';
  const needed = new Set<string>();
  const need = (text: string): void => {
    for (const [, fragment] of text.matchAll(/\.\.\.(\w+)/g)) {
      if (fragment === undefined || needed.has(fragment)) continue;
      needed.add(fragment);
      need(parts.find((part) => part.startsWith(`fragment ${fragment} `)) ?? '');
    }
  };
  need(own);
  return [own, ...[...needed].map((fragment) => parts.find((part) => part.startsWith(`fragment ${fragment} `)))].join(
    '\n',
  );
}

/** The comment at the head of a statement, which names its method; TypeORM's have none. */
function nameOf(text: string): string {
  return /\/\* ([\w.-]+)/.exec(text)?.[1] ?? text;
}

function counting(deps: Deps, count: (text: string) => void): Deps {
  const { database } = deps;
  const counted = (sql: typeof database.read): typeof database.read => ({
    manager: sql.manager,
    query: (text, parameters) => {
      count(text);
      return sql.query(text, parameters);
    },
  });
  return {
    ...deps,
    database: {
      ...database,
      read: counted(database.read),
      transaction: (work) => database.transaction((tx) => work(counted(tx))),
    },
  };
}
