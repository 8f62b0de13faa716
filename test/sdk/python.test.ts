import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syncSpool } from '../../sdk/typescript/spool-sync.js';
import { FakeServer, type Point } from './fake-server.js';
import { aFolder } from './support.js';

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

describe.skipIf(!hasPython)('the Python SDK (skipped without python3 >= 3.9)', () => {
  const server = new FakeServer();
  const folder = aFolder();
  let output = '';

  beforeAll(async () => {
    await server.start();
    output = (await runPython(['-m', 'unittest', 'discover', '-s', 'test/sdk/python'])).output;
  }, 60_000);

  afterAll(() => server.stop());

  test('passes its own tests', () => {
    expect(output).toMatch(/\nOK\n$/);
  });

  test('sends values bit for bit', () => {
    const special = [0, -0, Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 0.1 + 0.2];

    const arrived = pointsOf('loss').map(({ value }) => value);

    expect(arrived.length).toBe(special.length);
    expect(arrived.every((value, at) => Object.is(value, special[at]))).toBe(true);
  });

  test('takes scalars of libraries, and counts what is not a number', () => {
    expect(['scalar', 'decimal', 'flag'].map((key) => pointsOf(key)[0]?.value)).toEqual([2.5, 1.5, 1]);
    expect(pointsOf('text')).toEqual([]);
  });

  test('tells how trials were left, once each, never from a forked child', () => {
    const states = server.finished.map(({ state }) => state);

    expect(states.filter((state) => state === 'FAILED')).toHaveLength(1);
    expect(states.filter((state) => state === 'COMPLETED')).toHaveLength(5);
    expect(server.finished.find(({ value }) => value === 'NaN')).toBeDefined();
    expect([pointsOf('parent').length, pointsOf('child').length]).toEqual([1, 1]);
  });

  test('leaves a spool after a kill that the TypeScript sync recovers', async () => {
    const program = [
      'import os, signal, sys, time',
      'sys.path.insert(0, "sdk/python")',
      'import trialgraph',
      'trial = trialgraph.init(mode="offline", params={"lr": 1})',
      'for step in range(500): trial.log({"killed": step}, step=step)',
      'time.sleep(1.0)',
      'os.kill(os.getpid(), signal.SIGKILL)',
    ];
    await runPython(['-c', program.join('\n')]);

    await syncSpool(folder, { url: server.url, apiKey: 'k' });

    expect(pointsOf('killed').map(({ value }) => value)).toEqual(Array.from({ length: 500 }, (_, at) => at));
  });

  test('ends as PAUSED when the loop was told to pause', async () => {
    server.verdict = { stop: true, pause: true, reason: 'waits at rung 3' };
    const program = [
      'import sys, time',
      'sys.path.insert(0, "sdk/python")',
      'import trialgraph',
      'with trialgraph.init(params={"lr": 1}) as trial:',
      '    trial.log({"paused": 1})',
      '    while not trial.should_pause(): time.sleep(0.01)',
      '    print(trial.report(2.0))',
    ];

    const { output: said } = await runPython(['-c', program.join('\n')]);
    server.verdict = { stop: false, reason: null };

    expect(said).toContain("Verdict(stop=True, reason='waits at rung 3', pause=True)");
    expect(server.finished.at(-1)).toMatchObject({ state: 'PAUSED' });
  });

  test('ends as PAUSED under a runner when the program says so', async () => {
    const program = [
      'import os, sys',
      'sys.path.insert(0, "sdk/python")',
      'os.environ.update(TRIALGRAPH_TRIAL_ID="0199aaaa-0000-7000-8000-000000000001", TRIALGRAPH_ATTEMPT="2")',
      'import trialgraph',
      'trialgraph.init().finish(state="PAUSED")',
    ];
    const before = server.finished.length;

    const { code } = await runPython(['-c', program.join('\n')]);

    expect(code).toBe(0);
    expect(server.finished.slice(before)).toMatchObject([{ state: 'PAUSED' }]);
  });

  test('flushes on SIGTERM and ends with 143', async () => {
    const program = [
      'import os, signal, sys',
      'sys.path.insert(0, "sdk/python")',
      'import trialgraph',
      'trial = trialgraph.init(params={"lr": 1})',
      'trial.log({"terminated": 1})',
      'os.kill(os.getpid(), signal.SIGTERM)',
      'import time; time.sleep(10)',
    ];

    const { code } = await runPython(['-c', program.join('\n')]);

    expect([code, pointsOf('terminated').length]).toEqual([143, 1]);
  });

  function pointsOf(key: string): Point[] {
    return server.points.filter((point) => point.key === key);
  }

  function runPython(args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const environment = { TRIALGRAPH_URL: server.url, TRIALGRAPH_API_KEY: 'k', TRIALGRAPH_SPOOL_DIR: folder };
    const child = spawn('python3', args, { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...environment } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, output: text })));
  }
});
