import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeColumn } from '../../src/api/scalars/float64-column.js';
import type { Project } from '../../src/domain/project.js';
import type { Deps } from '../../src/service/deps.js';
import { recordEvent } from '../../src/service/event/record.js';
import { startTrial } from '../../src/service/trial/start-trial.js';
import { addExperiment, addProject, addTrial } from '../support/builders.js';
import { type Api, openApi, post } from './server.js';

const OPERATIONS = path.resolve(import.meta.dirname, '../../sdk/operations');
const documents = readdirSync(OPERATIONS)
  .map((file) => readFileSync(path.join(OPERATIONS, file), 'utf8'))
  .join('\n');

/** A page of trials with all that hangs on them: more than any page of the dashboard asks. */
const HEAVY = `query($id: ID!, $first: Int!) { trials(experimentId: $id, first: $first) { totalCount summary { key last } edges { cursor } nodes {
  id params contact durationSeconds explanation { phase } searchRevision summary { key last min max } metricSeries { key } jobs { id runner { id } pool { id } } artifacts { id }
  experiment { id project { id name } counts { total } bestTrial { id } searchRevisions { number } metricKeys datasets { id } algorithmVersion { id algorithm { id versions { id } } } pool { id } } } } }`;

/** Lists in lists in lists. */
const NESTED = `query($projects: Int!, $experiments: Int!, $after: String) { projects(first: $projects, after: $after) { nodes { name
  experiments(first: $experiments, orderBy: { by: CREATED_AT, direction: DESC }) { totalCount pageInfo { hasNextPage } nodes { name
    events(first: 2) { totalCount nodes { message } }
    trials(first: 2, filter: { states: [RUNNING] }, where: "number < 90") { totalCount summary { key } pageInfo { hasNextPage } nodes { number
      events(first: 2) { totalCount pageInfo { hasNextPage } nodes { message } } } }
    best: trials(first: 1, orderBy: { by: VALUE }) { totalCount nodes { number } } } } } } }`;

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

  test('nor does it grow with the number of parents, their parents and theirs', async () => {
    const before = await post(api.url, api.keys.admin, '{ projects { pageInfo { endCursor } } }');
    const { endCursor: after } = before.data.projects.pageInfo;
    for (let i = 0; i < 3; i += 1) await fillProject(await addProject(api.world), 20);

    const few = await statementsOf(NESTED, { after, projects: 1, experiments: 2 });
    const many = await statementsOf(NESTED, { after, projects: 3, experiments: 20 });

    expect(many.rows).toBe(3);
    expect(many.texts.map(nameOf).sort()).toEqual(few.texts.map(nameOf).sort());
    expect(many.texts.length).toBeLessThan(20);
    for (const project of many.answer.projects.nodes) {
      expect(project.experiments).toMatchObject({ totalCount: 20, pageInfo: { hasNextPage: false } });
      for (const [i, experiment] of project.experiments.nodes.entries())
        expect(experiment).toEqual(expectedExperiment(project.name, 19 - i));
    }
  });

  test('the same edge with other arguments, and with infinities of either sign, stays its own', async () => {
    const list = (bound: string) =>
      `trials(first: 9, filter: { metrics: [{ key: "loss", stat: LAST, op: LT, value: ${bound} }] }) { nodes { id } }`;

    const { data, errors } = await post(
      api.url,
      api.keys.admin,
      `query($id: ID!) { experiment(id: $id) { below: ${list('-1e999')} all: ${list('1e999')} one: trials(first: 1) { nodes { id } } } }`,
      { id: api.experimentId },
    );

    expect(errors).toEqual([]);
    const lengths = ['below', 'all', 'one'].map((name) => data.experiment[name].nodes.length);
    expect(lengths).toEqual([0, 9, 1]);
  });

  test('projects that ask for other orders of their experiments get each its own', async () => {
    const project = await addProject(api.world);
    for (const name of ['b', 'c', 'a']) await addExperiment(api.world, { projectId: project.id, name });
    const list = (args: string) => `experiments(first: 2${args}) { nodes { name } pageInfo { endCursor } }`;

    const { data, errors } = await post(
      api.url,
      api.keys.admin,
      `query($id: ID!) { experiments(projectId: $id, orderBy: { by: NAME }) { nodes { name } }
        project(id: $id) { newest: ${list('')} named: ${list(', orderBy: { by: NAME, direction: DESC }')} } }`,
      { id: project.id },
    );
    const rest = await post(
      api.url,
      api.keys.admin,
      `query($id: ID!, $after: String) { project(id: $id) { ${list(', after: $after, orderBy: { by: NAME, direction: DESC }')} } }`,
      { id: project.id, after: data.project.named.pageInfo.endCursor },
    );

    expect(errors).toEqual([]);
    const names = (connection: { nodes: { name: string }[] }) => connection.nodes.map(({ name }) => name).join('');
    expect(names(data.experiments)).toBe('abc');
    expect(names(data.project.newest)).toBe('ac');
    expect(names(data.project.named)).toBe('cb');
    expect(names(rest.data.project.experiments)).toBe('a');
  });

  test('a page has the summaries of its trials as columns too, in the order of its nodes', async () => {
    const { world } = api;
    const { id } = await addExperiment(world);
    for (let number = 0; number < 5; number += 1) {
      const trial = await addTrial(world, { experimentId: id, number });
      const series = ['a', 'b'].slice(0, number % 3).map((key) => {
        const column = Float64Array.from([number, key === 'b' ? Number.NaN : number * 2]);
        const steps = Float64Array.from([0, 1]);
        return { key, steps, times: steps, values: column };
      });
      const batch = {
        projectId: trial.projectId,
        trialId: trial.id,
        attempt: 1,
        epoch: null,
        stream: 's',
        seq: 0,
        dropped: 0,
      };
      if (series.length > 0) await world.deps.metrics.append({ ...batch, series });
    }
    const list = `trials(first: 3, where: "number > 0", orderBy: { by: NUMBER, direction: DESC }) {
      nodes { number } summary { key count first last min max mean } none: summary(keys: ["a b"]) { key } }`;

    const { data, errors } = await post(
      api.url,
      api.keys.admin,
      `query($id: ID!) { experiment(id: $id) { ${list} } }`,
      {
        id,
      },
    );

    expect(errors).toEqual([]);
    const { nodes, summary, none } = data.experiment.trials;
    const columns = summary.map(({ key, ...rest }: { key: string }) => [
      key,
      Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, [...decodeColumn(text)]])),
    ]);
    const absent = Number.NaN;
    expect(nodes).toEqual([{ number: 4 }, { number: 3 }, { number: 2 }]);
    expect(none).toEqual([]);
    expect(Object.fromEntries(columns)).toEqual({
      a: {
        count: [2, 0, 2],
        first: [4, absent, 2],
        last: [8, absent, 4],
        min: [4, absent, 2],
        max: [8, absent, 4],
        mean: [6, absent, 3],
      },
      b: {
        count: [0, 0, 2],
        first: [absent, absent, 2],
        last: [absent, absent, absent],
        min: [absent, absent, 2],
        max: [absent, absent, 2],
        mean: [absent, absent, 2],
      },
    });
  });

  test('a cursor goes on in the list of its own parent only', async () => {
    const pages = `query($after: String) { projects(first: 200) { nodes { experiments(first: 2) { nodes { id
      trials(first: 1, after: $after) { nodes { number } } } } } } }`;
    const query = '{ experiment(path: "project/experiment") { id trials(first: 1) { pageInfo { endCursor } } } }';
    const { data } = await post(api.url, api.keys.admin, query);
    const after = data.experiment.trials.pageInfo.endCursor;

    const own = await post(
      api.url,
      api.keys.admin,
      'query($id: ID, $after: String) { experiment(id: $id) { trials(first: 1, after: $after) { nodes { number } } } }',
      { id: data.experiment.id, after },
    );
    const others = await post(api.url, api.keys.admin, pages, { after });

    expect(own.data.experiment.trials.nodes).toEqual([{ number: 1 }]);
    expect(new Set(others.errors.map((error) => error.extensions.code))).toEqual(new Set(['CURSOR_INVALID']));
  });
});

/** Experiments numbered from 0; experiment i has i % 4 running trials with i % 3 events each, and one that is completed. */
async function fillProject(project: Project, experiments: number): Promise<void> {
  const { world } = api;
  const { database } = world.deps;
  for (let i = 0; i < experiments; i += 1) {
    const experiment = await addExperiment(world, { projectId: project.id, name: `e${i}` });
    const part = { projectId: project.id, experimentId: experiment.id };
    await addTrial(world, { ...part, number: 100, state: 'COMPLETED', value: 1 });
    for (let number = 0; number < i % 4; number += 1) {
      const trial = await addTrial(world, { ...part, number });
      await database.transaction(async (tx) => {
        for (let event = 0; event < i % 3; event += 1)
          await recordEvent(tx, world.deps, {
            ...part,
            trialId: trial.id,
            kind: 'TRIAL_STARTED',
            message: `${project.name} ${i}.${number}.${event}`,
          });
      });
    }
  }
}

/** What NESTED answers for an experiment that `fillProject` made. */
function expectedExperiment(project: string, i: number) {
  const [trials, events] = [i % 4, i % 3];
  const newest = (number: number) =>
    Array.from({ length: events }, (_, n) => ({ message: `${project} ${i}.${number}.${events - 1 - n}` }));
  const all = Array.from({ length: trials }, (_, n) => newest(trials - 1 - n)).flat();
  return {
    name: `e${i}`,
    events: { totalCount: trials * events, nodes: all.slice(0, 2) },
    trials: {
      totalCount: trials,
      summary: [],
      pageInfo: { hasNextPage: trials > 2 },
      nodes: Array.from({ length: Math.min(trials, 2) }, (_, number) => ({
        number,
        events: { totalCount: events, pageInfo: { hasNextPage: false }, nodes: newest(number) },
      })),
    },
    best: { totalCount: trials + 1, nodes: [{ number: 100 }] },
  };
}

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
  return { texts: [...statements], rows: connection?.nodes.length ?? 0, answer: answer.data };
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
