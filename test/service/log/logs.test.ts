import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingJobId } from '../../../src/domain/ids.js';
import { newId } from '../../../src/service/ids.js';
import { cutLine } from '../../../src/service/log/cut-line.js';
import { followLog } from '../../../src/service/log/follow-log.js';
import { loadLogStreams } from '../../../src/service/log/load-log-streams.js';
import { readLog } from '../../../src/service/log/read-log.js';
import { LOG_LIMITS, type ReportLogsInput, reportLogs } from '../../../src/service/log/report-logs.js';
import { openWorld, type World } from '../../support/world.js';
import { foreigner, newRunningTrial, outsider, type RunningTrial, viewer } from '../metric/running-trial.js';

describe('logs', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('stores lines by the attempt’s token and reads them by trial and by job', async () => {
    const trial = await newRunningTrial(world);
    const jobId = await newJob(trial);

    const answer = await reportLogs(world.deps, trial.token, linesOf(trial, 0, ['one', 'two']));

    expect(answer).toEqual({ outcome: 'ACCEPTED', nextSeq: 2, verdict: { stop: false, reason: null } });
    for (const target of [{ trialId: trial.trialId }, { trialId: trial.trialId, attempt: 1 }, { jobId }]) {
      const page = await readLog(world.deps, world.admin, { ...target, first: 10 });
      expect([page.lines, page.sources, [...page.times], page.firstSeq, page.hasMore]).toEqual([
        ['one', 'two'],
        ['STDOUT', 'STDOUT'],
        [0.5, 1.5],
        0,
        false,
      ]);
    }
    const [streams] = await loadLogStreams(world.deps, world.admin, [{ trialId: trial.trialId, attempt: 1 }]);
    expect(streams).toEqual([{ trialId: trial.trialId, attempt: 1, name: 'console', nextSeq: 2 }]);
  });

  it('refuses everyone else, and says nothing of what exists', async () => {
    const trial = await newRunningTrial(world);
    const other = await newRunningTrial(world);
    const input = linesOf(trial, 0, ['x']);

    for (const [principal, code] of [
      [viewer(world), 'FORBIDDEN'],
      [outsider(world), 'NOT_FOUND'],
      [foreigner(world), 'NOT_FOUND'],
      [other.token, 'NOT_FOUND'],
    ] as const) {
      await expect(reportLogs(world.deps, principal, input)).rejects.toMatchObject({ code });
    }
    for (const principal of [outsider(world), foreigner(world), other.token]) {
      await expect(readLog(world.deps, principal, { trialId: trial.trialId, first: 1 })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(
        followLog(world.deps, principal, { trialId: trial.trialId }, new AbortController().signal).next(),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await loadLogStreams(world.deps, principal, [{ trialId: trial.trialId, attempt: 1 }])).toEqual([[]]);
    }
    await expect(
      readLog(world.deps, world.admin, { jobId: newId<TrainingJobId>(world.deps), first: 1 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('cuts long lines, with the number of bytes that are missing', async () => {
    const trial = await newRunningTrial(world);

    await reportLogs(world.deps, trial.token, linesOf(trial, 0, ['é'.repeat(LOG_LIMITS.lineBytes)]));

    const [line = ''] = (await readLog(world.deps, world.admin, { trialId: trial.trialId, first: 1 })).lines;
    const [, cut] = / … \[(\d+) bytes cut\]$/.exec(line) ?? [];
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LOG_LIMITS.lineBytes);
    expect(Number(cut)).toBe(2 * LOG_LIMITS.lineBytes - Buffer.byteLength(line.slice(0, line.indexOf(' … '))));
  });

  it('leaves lines up to the limit as they are', () => {
    expect(cutLine('é'.repeat(8), 16)).toBe('é'.repeat(8));
    expect(cutLine('x'.repeat(101), 100)).toMatch(/^x+ … \[\d+ bytes cut\]$/);
    expect(cutLine('x'.repeat(101), 100).length).toBeLessThanOrEqual(100);
  });

  it('names the limit that a batch passes', async () => {
    const trial = await newRunningTrial(world);
    const report = (change: Partial<ReportLogsInput>) =>
      reportLogs(world.deps, trial.token, { ...linesOf(trial, 0, ['x']), ...change });

    await expect(
      report(
        linesOf(
          trial,
          0,
          Array.from({ length: 5_001 }, () => ''),
        ),
      ),
    ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(
      report(
        linesOf(
          trial,
          0,
          Array.from({ length: 70 }, () => 'x'.repeat(65_000)),
        ),
      ),
    ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(report({ sources: [] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(report({ stream: '' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(report({ times: Float64Array.of(Number.NaN) })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(report({ seq: -1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(readLog(world.deps, world.admin, { trialId: trial.trialId, first: 10_001 })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
    expect(
      (
        await report(
          linesOf(
            trial,
            0,
            Array.from({ length: 5_000 }, () => ''),
          ),
        )
      ).outcome,
    ).toBe('ACCEPTED');
  });

  it('follows a log from a cursor while it grows, without gap or duplicate', async () => {
    const trial = await newRunningTrial(world);
    const jobId = await newJob(trial);
    const all = Array.from({ length: 60 }, (_, i) => `line ${i}`);
    const writing = (async () => {
      for (let seq = 0; seq < all.length; seq += 3) {
        await reportLogs(world.deps, trial.token, linesOf(trial, seq, all.slice(seq, seq + 3)));
        if (seq % 9 === 0) await reportLogs(world.deps, trial.token, linesOf(trial, seq, all.slice(seq, seq + 3)));
      }
    })();

    const lines: string[] = [];
    let after: string | null = null;
    while (lines.length < all.length) {
      let pages = 0;
      for await (const page of followLog(
        world.deps,
        world.admin,
        { jobId, after, minIntervalMs: 1 },
        new AbortController().signal,
      )) {
        expect(page.firstSeq).toBe(lines.length);
        lines.push(...page.lines);
        after = page.cursor;
        pages++;
        if (pages === 3 || lines.length >= all.length) break;
      }
    }
    await writing;

    expect(lines).toEqual(all);
  });

  async function newJob({ trialId, experimentId, projectId }: RunningTrial): Promise<TrainingJobId> {
    const id = newId<TrainingJobId>(world.deps);
    await world.deps.database.read.query(
      `INSERT INTO training_job (id, project_id, experiment_id, trial_id, pool_id, attempt, state, command) VALUES ($1, $2, $3, $4, $5, 1, 'RUNNING', '[]')`,
      [id, projectId, experimentId, trialId, world.pool.id],
    );
    return id;
  }
});

function linesOf({ trialId }: RunningTrial, seq: number, lines: readonly string[]): ReportLogsInput {
  return {
    trialId,
    attempt: 1,
    stream: 'console',
    seq,
    lines,
    sources: lines.map(() => 'STDOUT' as const),
    times: Float64Array.from(lines, (_, i) => seq + i + 0.5),
  };
}
