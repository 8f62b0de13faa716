/** The command line against a real server: what scripts read, and what people are told. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AskTrialDocument, FinishTrialDocument } from '../../sdk/typescript/generated/operations.js';
import { freePort } from '../support/free-port.js';
import { createPlatform, type Platform, startCli } from '../support/platform.js';

let platform: Platform;
let folder: string;

beforeAll(async () => {
  platform = await createPlatform();
  await platform.startServer();
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true });
});

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const started = startCli(args, { TRIALGRAPH_DATA_DIR: platform.dataDirectory });
  const code = await started.ended;
  return { code, output: started.output() };
}

async function searchFile(text: string): Promise<string> {
  const path = join(folder, 'search.yaml');
  await writeFile(path, text);
  return path;
}

const SEARCH = `
project: cli
name: tiny
command: [node, -e, "console.log('hello'); console.error('oops'); process.exit(3)"]
method: random
metric: { name: loss, goal: minimize }
parameters:
  lr: { min: 0.0, max: 1.0 }
budget: { max_trials: 2, max_parallel: 2 }
`;

it('runs a search from a file to its end, and tells how each trial ended', { timeout: 60_000 }, async () => {
  const runner = platform.startRunner('cli');

  const { code, output } = await run('search', 'run', await searchFile(SEARCH));

  expect(code, 'no trial completed').toBe(1);
  expect(output).toMatch(/experiment cli\/tiny {2}http:/);
  expect(output).toMatch(/trial +1\/2 +FAILED .*USER_CODE exit code 3/);
  expect(output.trimEnd().split('\n').at(-1)).toMatch(/^best trial: none \(0 completed, 0 pruned, 2 failed/);
  await runner.kill('SIGTERM');
});

it('finds lines in a console, by number', { timeout: 30_000 }, async () => {
  expect((await run('logs', 'cli/tiny/0', '--search', 'OOPS')).output).toMatch(/^\d: oops\n$/);
  const [line, ...rest] = (await run('logs', 'cli/tiny/0', '--search', 'hell', '--json')).output.trim().split('\n');
  expect([JSON.parse(line ?? ''), rest]).toEqual([{ seq: expect.any(Number), source: 'STDOUT', line: 'hello' }, []]);
  expect((await run('logs', 'cli/tiny/0', '--search', 'a', '--follow')).code).not.toBe(0);
});

it('prints a console, and separates what went to stderr', { timeout: 30_000 }, async () => {
  const { code, output } = await run('logs', 'cli/tiny/0', '--json');

  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(lines.map(({ source, line }) => `${source} ${line}`).sort()).toEqual(['STDERR oops', 'STDOUT hello']);
});

it('speaks JSON to scripts', { timeout: 30_000 }, async () => {
  const experiments = JSON.parse((await run('experiment', 'list', '--json')).output);
  const trials = JSON.parse((await run('trial', 'list', 'cli/tiny', '--json', '--sort', 'params.lr', '--desc')).output);

  expect(experiments[0]).toMatchObject({ name: 'tiny', state: 'COMPLETED', counts: { failed: 2 } });
  expect(trials[0].params.lr).toBeGreaterThan(trials[1].params.lr);
});

it('tells what the trials of an experiment say, and whole to scripts', { timeout: 60_000 }, async () => {
  const client = await platform.client();
  const experiment = await client.createExperiment({
    project: 'cli',
    name: 'analysed',
    objective: { metric: 'loss', goal: 'minimize' },
    space: { x: { kind: 'float', low: 0, high: 1 }, idle: { kind: 'float', low: 0, high: 1 } },
    sampler: 'qmc',
    budget: { maxTrials: 40 },
    failureLimit: 0,
    seed: 'analysed',
  });
  for (let i = 0; i < 40; i++) {
    const { askTrial } = await client.request(AskTrialDocument, { input: { experimentId: experiment.id } });
    const { id: trialId, params } = askTrial.started!.trial;
    const x = Number(params.x);
    const end = x > 0.75 ? ({ state: 'FAILED', cause: 'OOM' } as const) : ({ state: 'COMPLETED', value: x } as const);
    await client.request(FinishTrialDocument, { input: { trialId, attempt: 1, ...end } });
  }

  const { code, output } = await run('experiment', 'analyse', 'cli/analysed');
  const whole = JSON.parse(
    (await run('experiment', 'analyse', 'cli/analysed', '--importance', 'fanova', '--json')).output,
  );
  const wrong = await run('experiment', 'analyse', 'cli/analysed', '--importance', 'guess');

  expect(code).toBe(0);
  expect(output).toMatch(/^cli\/analysed {2}[A-Z]+ {2}minimize loss\n40 trials: \d+ completed/);
  expect(output).toMatch(/\nbest so far: 0\.\d+, for \d+ trials now; \d+ times a new best\n {2}after +\d+ trials/);
  expect(output).toMatch(/\nimportance \(PED-ANOVA, \d+ trials\)\n {2}x +0\.\d{3} {2}#{30}\n {2}idle +0\.\d{3}/);
  expect(output).toMatch(
    /\nfailures: (\d+) of 40 trials that ended \(\1 OOM\)\n {2}x in 0\.[78] to 1: \d+ of \d+ {2}\(tells \d+ %\)/,
  );
  expect(output).toMatch(/\nstopping: .*\n {2}stagnation says/);
  expect(whole.importance).toMatchObject({ method: 'FANOVA', parameters: ['x', 'idle'], basis: { problem: null } });
  expect(whole.bestSoFar.values).toHaveLength(40);
  expect([wrong.code, wrong.output]).toEqual([2, expect.stringMatching(/say ped-anova or fanova/)]);
});

it('lists experiments in the order asked for, and says what it can sort by', { timeout: 60_000 }, async () => {
  const client = await platform.client();
  for (const name of ['zebra', 'ape']) await client.createExperiment({ project: 'cli', name });
  const names = async (...flags: string[]): Promise<string> =>
    JSON.parse((await run('experiment', 'list', '--json', ...flags)).output)
      .map((one: { name: string }) => one.name)
      .join(' ');

  expect(await names()).toBe('ape zebra analysed tiny');
  expect(await names('--sort', 'created')).toBe('tiny analysed zebra ape');
  expect(await names('--sort', 'name', '--desc', '--limit', '2')).toBe('zebra tiny');
  expect(await names('--sort', 'state', '--limit', '2')).toBe('zebra ape');
  const odd = await run('experiment', 'list', '--sort', 'size');
  expect(odd.code).toBe(2);
  expect(odd.output).toMatch(/cannot sort by size: say name, created or state/);
});

it('lists the trials that a filter finds, and points at its mistakes', { timeout: 30_000 }, async () => {
  const found = await run(
    'trial',
    'list',
    'cli/tiny',
    '--json',
    '--where',
    'state = FAILED AND params.lr >= 0 AND number = 1',
  );
  const wrong = await run('trial', 'list', 'cli/tiny', '--where', 'number < 3 AND lr >= 0');

  expect(JSON.parse(found.output).map(({ number }: { number: number }) => number)).toEqual([1]);
  expect(wrong.code).toBe(2);
  expect(wrong.output).toContain('\n  number < 3 AND lr >= 0\n                 ^^\n');
});

it('points at the line and key of a mistake in a search file', { timeout: 30_000 }, async () => {
  const { code, output } = await run(
    'search',
    'run',
    await searchFile(SEARCH.replace('max: 1.0', 'maximum: 1.0').replace('tiny', 'wrong')),
  );

  expect(code).toBe(2);
  expect(output).toMatch(/line 8:\d+: .*maximum/);
});

it('tells what is missing, with an exit code that scripts can use', { timeout: 30_000 }, async () => {
  const nowhere = startCli(['experiment', 'list'], { TRIALGRAPH_DATA_DIR: folder, XDG_CONFIG_HOME: folder });
  const absent = await run('experiment', 'show', 'cli/absent');

  expect(await nowhere.ended).toBe(4);
  expect(nowhere.output()).toMatch(/start one with `trialgraph up`/);
  expect(absent.code).toBe(1);
  expect(absent.output).toMatch(/no experiment cli\/absent/);
});

it('makes a key, shows it once, and ends it', { timeout: 30_000 }, async () => {
  const { apiKey, secret } = JSON.parse((await run('key', 'create', 'ci', '--json')).output);
  const works = startCli(['whoami'], { TRIALGRAPH_URL: platform.url, TRIALGRAPH_API_KEY: secret });
  expect(await works.ended).toBe(0);

  await run('key', 'revoke', apiKey.id);

  const refused = startCli(['whoami'], { TRIALGRAPH_URL: platform.url, TRIALGRAPH_API_KEY: secret });
  expect(await refused.ended).toBe(4);
  expect((await run('key', 'list', '--json')).output).not.toContain(secret);
});

it('follows a console to the end of its job, and leaves', { timeout: 40_000 }, async () => {
  const runner = platform.startRunner('follow');
  const script =
    "setInterval(() => console.log('going'), 100); setTimeout(() => { console.log('last'); process.exit(3) }, 4000)";
  const text = SEARCH.replace('tiny', 'followed').replace(/-e, ".*"\]/, `-e, ${JSON.stringify(script)}]`);
  const search = run('search', 'run', await searchFile(text.replace('max_trials: 2', 'max_trials: 1')));
  while ((await run('logs', 'cli/followed/0')).code !== 0);

  const { code, output } = await run('logs', 'cli/followed/0', '--follow');

  expect(code).toBe(0);
  expect(output.trim().split('\n').at(-1)).toBe('last');
  await search;
  await runner.kill('SIGTERM');
});

it.each([
  ['key', 'create', 'mistyped', '--days', 'soon'],
  ['experiment', 'list', '--limit', 'many'],
  ['trial', 'logs', 'cli/tiny/0', '--tail', '-1'],
  ['runner', 'start', '--gpus', 'first'],
])('refuses a number that is none: %s %s … %s', { timeout: 30_000 }, async (...args) => {
  const { code, output } = await run(...args);

  expect(code).toBe(2);
  expect(output).toContain(args.at(-2));
});

it('tells a server that is away by its exit code, and soon', { timeout: 20_000 }, async () => {
  const TRIALGRAPH_URL = `http://127.0.0.1:${await freePort()}`;
  const startedAt = performance.now();
  const away = startCli(['experiment', 'list'], { TRIALGRAPH_URL, TRIALGRAPH_API_KEY: 'tg' });

  expect(await away.ended).toBe(5);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

it('names a file of credentials that is no JSON, an address that is none, a folder that is missing', async () => {
  await writeFile(join(folder, 'client.json'), '{');
  const broken = startCli(['whoami'], { TRIALGRAPH_DATA_DIR: folder });
  const address = await run('experiment', 'list', '--url', 'nowhere');
  const sync = await run('spool', 'sync', join(folder, 'absent'));

  expect(await broken.ended).toBe(1);
  expect(broken.output()).toContain(join(folder, 'client.json'));
  expect([address.code, address.output]).toEqual([2, expect.stringContaining('nowhere')]);
  expect([sync.code, sync.output]).toEqual([2, expect.stringContaining('absent')]);
});

it('ends without a word when nobody reads its output any more', { timeout: 30_000 }, async () => {
  const listing = startCli(['experiment', 'list'], { TRIALGRAPH_DATA_DIR: platform.dataDirectory });
  listing.child.stdout?.destroy();

  await listing.ended;

  expect(listing.output()).toBe('');
});

it('exports to a file that appears whole, and to standard output', { timeout: 60_000 }, async () => {
  const { client, trial } = await anExportedTrial();
  const csv = join(folder, 'points.csv');
  const arrow = join(folder, 'trials.arrows');

  const toFile = await run('export', 'metrics', 'cli/exported', '--out', csv);
  const toOutput = await run('export', 'metrics', 'cli/exported', '--keys', 'loss');
  const table = await run(
    'export',
    'trials',
    'cli/exported',
    '--format',
    'arrow',
    '--where',
    'number = 0',
    '--out',
    arrow,
  );

  expect([toFile, table]).toEqual([
    { code: 0, output: '' },
    { code: 0, output: '' },
  ]);
  const head = 'trial,trialId,attempt,key,step,time,value';
  const text = await readFile(csv, 'utf8');
  expect(text.split('\r\n')[0]).toBe(head);
  expect(text.trim().split('\r\n')).toHaveLength(1 + 2 * 1_000);
  expect(toOutput.output.split('\r\n').slice(0, 2)).toEqual([
    head,
    expect.stringMatching(new RegExp(`^0,${trial.id},1,loss,0,[0-9.]+,NaN$`)),
  ]);
  expect(
    tableFromIPC(await readFile(arrow))
      .toArray()
      .map(({ number, state }) => [number, state]),
  ).toEqual([[0, 'COMPLETED']]);
  expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  await client.close();
});

it('leaves a file as it was when the export is refused', { timeout: 60_000 }, async () => {
  const path = join(folder, 'kept.csv');
  await writeFile(path, 'kept');

  const refused = await run('export', 'trials', 'cli/exported', '--where', 'state =', '--out', path);
  const absent = await run('export', 'metrics', 'cli/absent', '--out', path);
  const nowhere = await run('export', 'metrics', 'cli/exported', '--out', join(folder, 'no/such.csv'));
  const format = await run('export', 'metrics', 'cli/exported', '--format', 'xlsx');

  expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('state =')]);
  expect([absent.code, absent.output]).toEqual([1, expect.stringContaining('cli/absent')]);
  expect([nowhere.code, nowhere.output]).toEqual([1, expect.stringContaining('was not completed')]);
  expect([format.code, format.output]).toEqual([1, expect.stringContaining('csv, arrow')]);
  expect(await readFile(path, 'utf8')).toBe('kept');
});

async function anExportedTrial() {
  const client = await platform.client();
  const trial = await client.init({
    project: 'cli',
    experiment: 'exported',
    quiet: true,
    spoolFolder: join(folder, 'spool'),
  });
  for (let step = 0; step < 1_000; step++) trial.log({ loss: step === 0 ? Number.NaN : step, other: step }, { step });
  await trial.finish();
  return { client, trial };
}

it('opens the dashboard for another browser, once', { timeout: 30_000 }, async () => {
  const { output } = await run('open');

  const first = await fetch(output.trim(), { redirect: 'manual' });
  const second = await fetch(output.trim(), { redirect: 'manual' });

  expect([first.status, first.headers.get('set-cookie')]).toEqual([303, expect.stringMatching(/HttpOnly/)]);
  expect(second.status).toBe(401);
});

it('describes the methods of the server, and the options of one', { timeout: 30_000 }, async () => {
  const samplers = await run('samplers');
  const tpe = await run('samplers', 'tpe');
  const median = JSON.parse((await run('pruners', 'median', '--json')).output);
  const pruners = await run('pruners');
  const unknown = await run('samplers', 'oracle');

  expect(samplers.output).toMatch(/^kind +options +what it does\n/);
  expect(samplers.output).toMatch(/\nrandom +0 +Draws every trial uniformly/);
  expect(tpe.output).toMatch(/^tpe: /);
  expect(tpe.output).toMatch(/\noption +type +default +range +what it does\n/);
  expect(tpe.output).toMatch(/\nnStartup +int +10 +1 to \d+ +\w/);
  expect(median).toMatchObject({ kind: 'median', objectives: null, needsCheckpoints: false });
  expect(pruners.output).toMatch(/\nmedian +\d+ +- +\w/);
  expect(pruners.output).toMatch(/\nasha_promote +3 +needed +Pauses trials/);
  expect(median.options.map(({ name }: { name: string }) => name)).toContain('startupTrials');
  expect([unknown.code, unknown.output]).toEqual([2, expect.stringContaining('no sampler is called oracle: use auto')]);
});

it('says who proposed a trial and why', { timeout: 30_000 }, async () => {
  expect((await run('trial', 'show', 'cli/tiny/0')).output).toMatch(/\nby {7}random, RANDOM\n/);
  expect(JSON.parse((await run('trial', 'show', 'cli/tiny/0', '--json')).output)).toMatchObject({
    explanation: { phase: 'RANDOM', mean: null, engine: expect.any(String) },
    searchRevision: 1,
  });
});

it('gives a search that is over more budget and another space', { timeout: 60_000 }, async () => {
  const more = await run('experiment', 'extend', 'cli/tiny', '--trials', '+3');
  const path = await searchFile('parameters:\n  lr: { min: 0.0, max: 0.5 }\n');
  const space = JSON.parse((await run('experiment', 'revise', 'cli/tiny', path, '--resume', '--json')).output);
  const nothing = await run('experiment', 'extend', 'cli/tiny');
  const odd = await run('experiment', 'extend', 'cli/tiny', '--trials', 'many');

  expect([more.code, more.output]).toEqual([
    0,
    expect.stringMatching(/is COMPLETED, revision 2 .* at most 5 trials\n/),
  ]);
  expect(space).toMatchObject({ state: 'ACTIVE', search: { revision: 3, budget: { maxTrials: 5 } } });
  const shown = (await run('experiment', 'show', 'cli/tiny')).output;
  expect(shown).toContain(', revision 3\n');
  expect(shown).toMatch(/\ncost: \S+ hours, 0 GPU hours, \S+ slot hours[;\n]/);
  const costly = await run('experiment', 'extend', 'cli/tiny', '--gpu-hours', '5', '--when-spent', 'stop', '--json');
  expect(JSON.parse(costly.output).search.budget).toMatchObject({ maxGpuHours: 5, whenSpent: 'STOP', maxTrials: 5 });
  expect([nothing.code, odd.code]).toEqual([2, 2]);
  expect(odd.output).toContain('--trials must be a number, +number or none');
});

it('lets a search learn from runs that were logged, and names those that do not fit', { timeout: 60_000 }, async () => {
  const client = await platform.client();
  for (const lr of [0.2, 7]) {
    const spoolFolder = join(folder, 'spool');
    const trial = await client.init({
      project: 'cli',
      experiment: 'by-hand',
      params: { lr },
      quiet: true,
      spoolFolder,
    });
    trial.log({ loss: lr });
    await trial.finish();
  }
  await client.close();

  const refused = await run('experiment', 'adopt', 'cli/tiny', '--from', 'cli/by-hand');
  const adopted = await run('experiment', 'adopt', 'cli/tiny', '--from', 'cli/by-hand', '--keep-misfits');
  const again = await run('experiment', 'adopt', 'cli/tiny', '--trial', 'cli/by-hand/0');
  const nothing = await run('experiment', 'adopt', 'cli/tiny');

  expect([refused.code, refused.output]).toEqual([
    expect.any(Number),
    expect.stringContaining('cli/by-hand/1 (lr is 7'),
  ]);
  expect(adopted.output).toBe(
    'cli/tiny learns from 2 more trials\noutside its space, and not modelled: cli/by-hand/1\n',
  );
  expect(again.output).toBe('cli/tiny learns from 0 more trials\n');
  expect(nothing.code).toBe(2);
});

it('shows the front of a search with several objectives, and marks its knee', { timeout: 60_000 }, async () => {
  const client = await platform.client();
  const experiment = await client.createExperiment({
    project: 'front',
    name: 'two',
    objectives: [
      { metric: 'error', goal: 'minimize' },
      { metric: 'size', goal: 'minimize' },
    ],
    metricConstraints: [{ metric: 'size', atMost: 100 }],
    space: { x: { kind: 'int', low: 1, high: 4 } },
    sampler: 'grid',
    budget: { maxTrials: 4 },
  });
  const sizes = [90, 20, 19, 200];
  for await (const trial of experiment.ask()) {
    trial.log({ size: sizes[trial.number] });
    await trial.tell([trial.number, sizes[trial.number] ?? 0]);
  }

  const shown = await run('experiment', 'show', 'front/two');
  const best = await run('experiment', 'best', 'front/two');
  const json = JSON.parse((await run('experiment', 'best', 'front/two', '--json')).output);

  expect(shown.output).toContain('minimize error, minimize size, size <= 100 with grid');
  expect(
    best.output
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ['trial', 'error', 'size', 'params'],
    ['0', '0', '90', 'x=1'],
    ['1', '1', '20', 'knee', 'x=2'],
    ['2', '2', '19', 'x=3'],
  ]);
  expect(shown.output).toContain(best.output.trim());
  expect(json).toMatchObject({ knee: 1, totalCount: 3, trials: [{ number: 0 }, { number: 1 }, { number: 2 }] });
});
