import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingJobId } from '../../../src/domain/ids.js';
import type { Principal } from '../../../src/domain/roles.js';
import { newId } from '../../../src/service/ids.js';
import { cutLine } from '../../../src/service/log/cut-line.js';
import { followLog } from '../../../src/service/log/follow-log.js';
import { loadLogStreams } from '../../../src/service/log/load-log-streams.js';
import { readLog } from '../../../src/service/log/read-log.js';
import { LOG_LIMITS, type ReportLogsInput, reportLogs } from '../../../src/service/log/report-logs.js';
import { type SearchLogInput, searchLog } from '../../../src/service/log/search-log.js';
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

    expect(answer).toEqual({ outcome: 'ACCEPTED', nextSeq: 2, verdict: { stop: false, pause: false, reason: null } });
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

  it('finds lines wherever they are, page by page', async () => {
    const trial = await newRunningTrial(world);
    const lines = Array.from({ length: 9_000 }, (_, i) => (i % 1_000 === 7 ? `Loss of ${i} "is" NaN` : `step ${i}`));
    for (let seq = 0; seq < lines.length; seq += 3_000)
      await reportLogs(world.deps, trial.token, linesOf(trial, seq, lines.slice(seq, seq + 3_000)));

    const found: [number, string][] = [];
    let after: string | null = null;
    for (let hasMore = true; hasMore; ) {
      const page = await searchLog(world.deps, world.admin, searchOf(trial, 'loss OF', { after, first: 4 }));
      found.push(...page.lines.map((line, i): [number, string] => [page.seqs[i] as number, line]));
      expect(page.total).toBe(lines.length);
      ({ cursor: after, hasMore } = page);
    }

    expect(found).toEqual(lines.flatMap((line, i) => (line.startsWith('Loss') ? [[i, line]] : [])));
    const exact = await searchLog(world.deps, world.admin, searchOf(trial, 'loss of', { isCaseSensitive: true }));
    expect([exact.lines, exact.searched, exact.hasMore]).toEqual([[], 9_000, false]);
    const quoted = await searchLog(world.deps, world.admin, searchOf(trial, '4007 "IS"'));
    expect([...quoted.seqs]).toEqual([4_007]);
  });

  it('finds a text through the colours of a terminal', async () => {
    const trial = await newRunningTrial(world);
    await reportLogs(world.deps, trial.token, linesOf(trial, 0, ['val_\u001b[31mloss\u001b[0m=0.5', '[31m', 'Straße']));

    const search = async (text: string) => [...(await searchLog(world.deps, world.admin, searchOf(trial, text))).seqs];
    expect(await search('VAL_LOSS=0.5')).toEqual([0]);
    expect(await search('[31m')).toEqual([1]);
    expect(await search('STRASSE')).toEqual([2]);
  });

  it('tells what cannot be searched, and whom it does not know', async () => {
    const trial = await newRunningTrial(world);
    const search = (change: Partial<SearchLogInput>, principal: Principal = world.admin) =>
      searchLog(world.deps, principal, searchOf(trial, 'x', change));

    expect([...(await search({ attempt: 7 })).lines]).toEqual([]);
    for (const change of [{ text: '' }, { text: 'a\nb' }, { text: '\ud800' }, { first: 0 }, { first: 1_001 }])
      await expect(search(change)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(search({ after: 'AAAA' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    for (const principal of [outsider(world), foreigner(world)])
      await expect(search({}, principal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
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

function searchOf({ trialId }: RunningTrial, text: string, change: Partial<SearchLogInput> = {}): SearchLogInput {
  return { trialId, text, isCaseSensitive: false, first: 100, ...change };
}

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
