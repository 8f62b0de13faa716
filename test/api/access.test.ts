import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Grant, grantsOf } from '../../src/api/access.js';
import { buildApiSchema } from '../../src/api/schema.js';
import { addOrganization } from '../support/builders.js';
import { type Answer, type Api, answerOf, credential, newKey, openApi, post } from './server.js';

const NO_ONE = '01890000-0000-7000-8000-000000000000';
const SHA = 'a'.repeat(64);

let api: Api;
let schema: GraphQLSchema;
beforeAll(async () => {
  [api, schema] = await Promise.all([openApi(), buildApiSchema()]);
});
afterAll(() => api.close());

/** What each kind of key may use: the policy, said a second time and by hand, so that a slip in a decorator shows. */
const TRIAL_MAY = [
  ...['Query.viewer', 'Query.trial', 'Query.experiment', 'Query.series', 'Query.points', 'Query.artifact'],
  ...[
    'Mutation.reportMetrics',
    'Mutation.reportLogs',
    'Mutation.finishTrial',
    'Mutation.beginArtifact',
    'Mutation.commitArtifact',
  ],
  'Subscription.metricsReported',
];
const RUNNER_MAY = [
  'Query.viewer',
  ...[
    'Mutation.registerRunner',
    'Mutation.leaseJobs',
    'Mutation.renewLeases',
    'Mutation.startJob',
    'Mutation.finishJob',
    'Mutation.drainRunner',
    'Mutation.reportLogs',
  ],
];
const RUNNERS_ONLY = [
  'Mutation.registerRunner',
  'Mutation.leaseJobs',
  'Mutation.renewLeases',
  'Mutation.startJob',
  'Mutation.finishJob',
];

describe('who may use which field', () => {
  const fields = () =>
    [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}).map((field) => ({
        name: `${type?.name}.${field.name}`,
        grants: grantsOf(field) ?? [],
      })),
    );
  const allowed = (grant: Grant) =>
    fields()
      .filter(({ grants }) => grants.includes(grant) || grants.includes('authenticated'))
      .map(({ name }) => name)
      .sort();

  test('a trial key: its own trial and nothing else', () => {
    expect(allowed('trial')).toEqual([...TRIAL_MAY].sort());
  });

  test('a runner key: its jobs and nothing else', () => {
    expect(allowed('runner')).toEqual([...RUNNER_MAY].sort());
  });

  test('people: everything but what runners tell', () => {
    const roles: readonly Grant[] = ['viewer', 'writer', 'submitter', 'admin', 'authenticated'];
    const closed = fields().filter(({ grants }) => !grants.some((grant) => roles.includes(grant)));

    expect(closed.map(({ name }) => name).sort()).toEqual([...RUNNERS_ONLY].sort());
  });

  test('no mutation is open to viewers but their own keys', () => {
    const open = fields().filter(({ name, grants }) => name.startsWith('Mutation.') && grants.includes('viewer'));

    expect(open.map(({ name }) => name).sort()).toEqual(['Mutation.createApiKey', 'Mutation.revokeApiKey']);
  });
});

describe('every root field over HTTP', () => {
  test('anonymous gets UNAUTHENTICATED everywhere', async () => {
    for (const operation of operationsOf(schema)) {
      const answer = await ask(operation, null);
      expect([operation.name, answer.status, codes(answer)]).toEqual([operation.name, 401, ['UNAUTHENTICATED']]);
    }
  });

  test('a key with a flipped character gets UNAUTHENTICATED', async () => {
    const { admin } = api.keys;
    const flipped = `${admin.slice(0, 60)}${admin[60] === 'x' ? 'y' : 'x'}${admin.slice(61)}`;

    expect((await post(api.url, flipped, '{ viewer { kind } }')).status).toBe(401);
    expect((await post(api.url, null, '{ viewer { kind } }', {}, { authorization: `Basic ${admin}` })).status).toBe(
      401,
    );
  });

  test.each([
    ['trial', TRIAL_MAY],
    ['runner', RUNNER_MAY],
  ] as const)('a %s key gets FORBIDDEN wherever it has no business', async (kind, may) => {
    for (const operation of operationsOf(schema)) {
      const answer = await ask(operation, api.keys[kind]);
      const isForbidden = codes(answer).includes('FORBIDDEN');
      if (!may.includes(operation.name))
        expect([operation.name, codes(answer)]).toEqual([operation.name, ['FORBIDDEN']]);
      else if (isForbidden)
        expect(
          answer.data === null || Object.values(answer.data).every((value) => value === null),
          operation.name,
        ).toBe(true);
    }
  });

  test('a viewer key may change nothing', async () => {
    for (const operation of operationsOf(schema).filter(({ name }) => name.startsWith('Mutation.'))) {
      const answer = await ask(operation, api.keys.viewer);
      expect([operation.name, codes(answer)].flat(), answer.text).not.toContain('INTERNAL');
      if (!['Mutation.createApiKey', 'Mutation.revokeApiKey'].includes(operation.name))
        expect([operation.name, codes(answer)]).toEqual([operation.name, ['FORBIDDEN']]);
    }
  });

  test('no operation of an administrator with made-up ids breaks the server', async () => {
    for (const operation of operationsOf(schema)) {
      const answer = await ask(operation, api.keys.admin);
      expect([operation.name, codes(answer)].flat(), answer.text).not.toContain('INTERNAL');
    }
  });
});

describe('what is foreign', () => {
  const EVERYTHING = `query($project: ID!, $experiment: ID!, $trial: ID!) {
    project(id: $project) { id } experiment(id: $experiment) { id } trial(id: $trial) { id summary { key } artifacts { id } } }`;

  test('answers like what is absent, for reads and for writes', async () => {
    const foreign = await addOrganization(api.world);
    const { createApiKey } = await import('../../src/service/api-key/create-api-key.js');
    const { secret } = await createApiKey(api.world.deps, foreign.admin, { kind: 'USER', name: 'foreign' });
    const ours = { project: api.world.project.id, experiment: api.experimentId, trial: api.trialId };

    const read = await post(api.url, secret, EVERYTHING, ours);
    expect(read.data).toEqual({ project: null, experiment: null, trial: null });
    const lists = await post(
      api.url,
      secret,
      '{ projects { nodes { id } totalCount } experiments { nodes { id } totalCount } trainingJobs { totalCount } }',
    );
    expect(lists.data.projects).toEqual({ nodes: [{ id: foreign.project.id }], totalCount: 1 });
    expect(lists.data.experiments).toEqual({ nodes: [], totalCount: 0 });

    const attempts: [string, Record<string, unknown>][] = [
      ['mutation($id: ID!) { stopTrial(id: $id) { id } }', { id: api.trialId }],
      ['mutation($id: ID!) { deleteTrial(id: $id) }', { id: api.trialId }],
      ['mutation($id: ID!) { pauseExperiment(id: $id) { id } }', { id: api.experimentId }],
      ['mutation($id: ID!) { deleteExperiment(id: $id) }', { id: api.experimentId }],
      ['query($id: ID!) { trials(experimentId: $id) { totalCount } }', { id: api.experimentId }],
      ['query($id: ID!) { algorithms(projectId: $id) { totalCount } }', { id: api.world.project.id }],
      ['query($id: ID!) { events(trialId: $id) { totalCount } }', { id: api.trialId }],
      ['query($id: ID!) { series(trialIds: [$id], keys: ["loss"]) { cursor } }', { id: api.trialId }],
      ['query($id: ID!) { seriesGroups(experimentId: $id, keys: ["loss"]) { trials } }', { id: api.experimentId }],
      ['query($id: ID!) { logLines(trialId: $id, attempt: 1) { cursor } }', { id: api.trialId }],
    ];
    for (const [query, variables] of attempts) {
      const answer = await post(api.url, secret, query, variables);
      const absent = await post(api.url, secret, query, { id: NO_ONE });
      expect([query, codes(answer)]).toEqual([query, ['NOT_FOUND']]);
      expect(codes(absent)).toEqual(codes(answer));
    }
  });

  test('a trial key sees its own experiment and no other, by id or by path', async () => {
    const started = await post(
      api.url,
      api.keys.admin,
      'mutation($input: StartTrialInput!) { startTrial(input: $input) { trial { experimentId } } }',
      { input: { project: api.world.project.name, experiment: 'neighbour' } },
    );
    const { experimentId } = started.data.startTrial.trial;
    const read = async (variables: Record<string, unknown>) =>
      (
        await post(
          api.url,
          api.keys.trial,
          'query($id: ID, $path: String) { experiment(id: $id, path: $path) { id } }',
          variables,
        )
      ).data;

    expect(await read({ id: api.experimentId })).toEqual({ experiment: { id: api.experimentId } });
    expect(await read({ id: experimentId })).toEqual({ experiment: null });
    expect(await read({ path: `${api.world.project.name}/neighbour` })).toEqual({ experiment: null });
  });

  test('a trial key sees no other trial, even of its own experiment', async () => {
    const started = await post(
      api.url,
      api.keys.admin,
      'mutation($input: StartTrialInput!) { startTrial(input: $input) { trial { id } } }',
      {
        input: { project: api.world.project.name, experiment: 'experiment' },
      },
    );
    const other = started.data.startTrial.trial.id;

    expect(
      (await post(api.url, api.keys.trial, 'query($id: ID!) { trial(id: $id) { id } }', { id: other })).data,
    ).toEqual({ trial: null });
    expect(
      (await post(api.url, api.keys.trial, 'query($id: ID!) { trial(id: $id) { id params } }', { id: api.trialId }))
        .data.trial.params,
    ).toEqual({ rate: 0.1 });
    const report = { trialId: other, attempt: 1, stream: 's', seq: 0, series: [] };
    expect(
      codes(
        await post(
          api.url,
          api.keys.trial,
          'mutation($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome } }',
          { input: report },
        ),
      ),
    ).toEqual(['NOT_FOUND']);
    const end = { trialId: other, attempt: 1, state: 'COMPLETED' };
    expect(
      codes(
        await post(
          api.url,
          api.keys.trial,
          'mutation($input: FinishTrialInput!) { finishTrial(input: $input) { id } }',
          { input: end },
        ),
      ),
    ).toEqual(['NOT_FOUND']);
    const series = await post(
      api.url,
      api.keys.trial,
      'query($id: ID!) { series(trialIds: [$id], keys: ["loss"]) { cursor } }',
      { id: other },
    );
    expect(codes(series)).toEqual(['NOT_FOUND']);
  });

  test.each([
    'trial(id: $id) { jobs { id } }',
    'trial(id: $id) { events { totalCount } }',
    'trial(id: $id) { experiment { trials { totalCount } } }',
    'trial(id: $id) { experiment { bestTrial { id } } }',
    'trial(id: $id) { experiment { project { experiments { totalCount } } } }',
  ])('a trial key may not walk on from its trial: %s', async (selection) => {
    expect(codes(await post(api.url, api.keys.trial, `query($id: ID!) { ${selection} }`, { id: api.trialId }))).toEqual(
      ['FORBIDDEN'],
    );
  });
});

describe('every HTTP route', () => {
  test('states who may use it', () => {
    const stated = api.server.routes
      .map(({ method, url, config }) => `${String(method)} ${url}: ${config?.access}`)
      .sort();

    expect(stated).toEqual([
      'GET /*: public',
      'GET /artifacts/:id: authenticated',
      'GET /export/metrics: authenticated',
      'GET /export/trials: authenticated',
      'GET /graphql: public',
      'GET /healthz: public',
      'GET /login: public',
      'GET /readyz: public',
      'GET /version: public',
      'HEAD /*: public',
      'HEAD /healthz: public',
      'HEAD /readyz: public',
      'HEAD /version: public',
      'POST /graphql: authenticated',
      'POST /logout: same-origin',
      'PUT /artifacts/:id: authenticated',
    ]);
  });

  test('refuses anonymous callers where it says so', async () => {
    for (const { method, url } of api.server.routes.filter((one) => one.config?.access === 'authenticated')) {
      const response = await fetch(`${api.url}${url.replace(':id', NO_ONE)}`, { method: String(method) });
      expect([url, response.status, codes(await answerOf(response))]).toEqual([url, 401, ['UNAUTHENTICATED']]);
    }
  });

  test('a revoked key is refused at once on the server that revoked it', async () => {
    const secret = await newKey(api.world, 'SERVICE', 'viewer');
    expect((await post(api.url, secret, '{ viewer { kind } }')).data).toEqual({ viewer: { kind: 'service' } });
    const { data } = await post(api.url, api.keys.admin, '{ apiKeys(first: 200) { nodes { id name createdAt } } }');
    const id = data.apiKeys.nodes.find((key: { id: string }) => key.id.replaceAll('-', '') === secret.split('_')[2]).id;

    await post(api.url, api.keys.admin, 'mutation($id: ID!) { revokeApiKey(id: $id) { revokedAt } }', { id });

    expect((await fetch(`${api.url}/artifacts/${NO_ONE}`, { headers: credential(secret) })).status).toBe(401);
  });
});

interface Operation {
  readonly name: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One operation for each root field, with an acceptable value for each argument that is needed. */
function operationsOf(of: GraphQLSchema): Operation[] {
  const roots = [
    ['query', of.getQueryType()],
    ['mutation', of.getMutationType()],
  ] as const;
  return roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => operationOf(kind, String(type?.name), field)),
  );
}

function operationOf(kind: string, type: string, field: GraphQLField<unknown, unknown>): Operation {
  const args = field.args.filter((arg) => isNonNullType(arg.type) || ['id', 'jobId', 'trialId'].includes(arg.name));
  const oneOf =
    field.name === 'series' || field.name === 'points'
      ? field.args.filter((arg) => arg.name === 'trialIds' || arg.name === 'keys')
      : args;
  const declared = oneOf.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = oneOf.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const returned = getNamedType(field.type);
  const selection = isObjectType(returned) ? ' { __typename }' : '';
  return {
    name: `${type}.${field.name}`,
    text: `${kind}${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`}${selection} }`,
    variables: Object.fromEntries(oneOf.map((arg) => [arg.name, arg.defaultValue ?? exampleOf(arg.type, arg.name)])),
  };
}

function exampleOf(type: GraphQLInputType, name: string): unknown {
  if (isNonNullType(type)) return exampleOf(type.ofType, name);
  if (isListType(type))
    return name === 'command'
      ? ['true']
      : name === 'lines' || name === 'sources' || name === 'series' || name === 'gpus' || name === 'leases'
        ? []
        : [exampleOf(type.ofType, name)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return Object.fromEntries(needed.map((field) => [field.name, exampleOf(field.type, field.name)]));
  }
  const values: Record<string, unknown> = {
    ID: NO_ONE,
    Int: 1,
    SafeInt: 0,
    Float: 1,
    Float64: 1,
    Float64Column: '',
    Boolean: false,
    JSONObject: {},
  };
  return values[type.name] ?? (name === 'sha256' ? SHA : 'name');
}

function ask(operation: Operation, key: string | null): Promise<Answer> {
  return post(api.url, key, operation.text, operation.variables);
}

function codes(answer: Answer): string[] {
  return answer.errors.map((error) => error.extensions.code);
}
