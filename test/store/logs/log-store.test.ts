import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeLines, encodeLines } from '../../../src/store/logs/log-codec.js';
import type { LogBatch, LogLines, LogPage, LogStore } from '../../../src/store/logs/log-store.js';
import { createLogStore } from '../../../src/store/logs/postgres-log-store.js';
import { type Ground, type GroundTrial, openGround } from '../metrics/ground.js';

describe('the log store', () => {
  let ground: Ground;
  let store: LogStore;

  beforeAll(async () => {
    ground = await openGround();
    store = createLogStore(ground.database);
  });
  afterAll(async () => {
    await store.close();
    await ground.close();
  });

  it('encodes any text and gives it back', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constant('x'.repeat(2_000)),
      fc.constant('\u0000\ud800"\\\n'),
    );
    const source = fc.constantFrom('STDOUT' as const, 'STDERR' as const, 'SYSTEM' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(line, source, fc.double({ noNaN: true })), { maxLength: 20 }),
        async (rows) => {
          const content: LogLines = {
            lines: rows.map(([text]) => text),
            sources: rows.map(([, one]) => one),
            times: Float64Array.from(rows, ([, , time]) => time),
          };

          expect(decodeLines(await encodeLines(content))).toEqual(content);
        },
      ),
      { seed: 1 },
    );
  });

  it('ends in the same state for any permutation, duplication and overlap of batches', async () => {
    const plan = fc.record({
      n: fc.integer({ min: 1, max: 30 }),
      ranges: fc.array(fc.tuple(fc.nat(30), fc.nat(12)), { maxLength: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ n, ranges }) => {
        const trial = await ground.newTrial();
        let stored = 0;
        for (const [start, length] of ranges) {
          const from = Math.min(start, n);
          const to = Math.min(n, from + length);
          const answer = await store.append(batchOf(trial, from, to));
          expect(answer.outcome).toBe(from > stored ? 'GAP' : 'ACCEPTED');
          stored = from > stored ? stored : Math.max(stored, to);
          expect(answer.nextSeq).toBe(stored);
        }
        await store.append(batchOf(trial, stored, n));
        const page = await read(trial, { first: 1_000 });
        expect(page.lines).toEqual(batchOf(trial, 0, n).lines);
      }),
      { numRuns: 25, seed: 2 },
    );
  });

  it('refuses other text at a seq that is taken, and old attempts', async () => {
    const trial = await ground.newTrial();
    await store.append(batchOf(trial, 0, 5));

    const conflict = await store.append({ ...batchOf(trial, 0, 5), lines: ['a', 'b', 'c', 'd', 'e'] });
    const fenced = await store.append({ ...batchOf(trial, 5, 6), epoch: 0 });

    expect([conflict.outcome, fenced.outcome]).toEqual(['CONFLICT', 'FENCED']);
    expect((await read(trial, { first: 10 })).lines).toEqual(batchOf(trial, 0, 5).lines);
  });

  it('pages through a log without gap or duplicate, wherever the pages end', async () => {
    const trial = await ground.newTrial();
    for (const [from, to] of [
      [0, 3],
      [3, 10],
      [10, 11],
      [11, 40],
    ] as const)
      await store.append(batchOf(trial, from, to));

    for (const first of [1, 4, 7, 40, 100]) {
      const lines: string[] = [];
      let after: string | null = null;
      for (;;) {
        const page: LogPage = await read(trial, { first, after });
        expect(page.firstSeq).toBe(lines.length);
        lines.push(...page.lines);
        after = page.cursor;
        if (!page.hasMore) break;
      }
      expect(lines).toEqual(batchOf(trial, 0, 40).lines);
    }
  });

  it('begins at the last lines when asked for the tail', async () => {
    const trial = await ground.newTrial();
    await store.append(batchOf(trial, 0, 30));

    const page = await read(trial, { first: 100, tail: 4 });

    expect([page.firstSeq, page.lines, page.hasMore]).toEqual([26, batchOf(trial, 26, 30).lines, false]);
  });

  it('gives a cursor before there is any line, which then reads from the start', async () => {
    const trial = await ground.newTrial();
    const empty = await read(trial, { first: 10, tail: 5 });
    await store.append(batchOf(trial, 0, 3));

    const page = await read(trial, { first: 10, after: empty.cursor });

    expect([empty.lines, page.lines.length]).toEqual([[], 3]);
  });

  it('ends a page early when its lines are very long', async () => {
    const trial = await ground.newTrial();
    const long = 'x'.repeat(60_000);
    for (let seq = 0; seq < 100; seq += 50)
      await store.append({ ...batchOf(trial, seq, seq + 50), lines: Array.from({ length: 50 }, () => long) });

    const page = await read(trial, { first: 100 });
    const rest = await read(trial, { first: 100, after: page.cursor });

    expect(page.hasMore || page.lines.length === 100).toBe(true);
    expect(page.lines.length + rest.lines.length).toBe(100);
  });

  it('refuses cursors of other streams', async () => {
    const [one, two] = [await ground.newTrial(), await ground.newTrial()];
    for (const trial of [one, two]) await store.append(batchOf(trial, 0, 3));
    const { cursor } = await read(one, { first: 10 });

    await expect(read(two, { first: 10, after: cursor })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    await expect(read(one, { first: 10, after: 'nonsense' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('lists the streams of trials with their lengths', async () => {
    const trial = await ground.newTrial();
    await store.append(batchOf(trial, 0, 3));
    await store.append({ ...batchOf(trial, 0, 2), stream: 'agent' });

    const [streams] = await store.readStreams([trial.trialId]);

    expect(streams?.map(({ name, nextSeq }) => [name, nextSeq])).toEqual([
      ['agent', 2],
      ['console', 3],
    ]);
  });

  function read(trial: GroundTrial, query: { first: number; after?: string | null; tail?: number }): Promise<LogPage> {
    return store.readPage({
      trialId: trial.trialId,
      attempt: 1,
      stream: 'console',
      after: query.after ?? null,
      first: query.first,
      tail: query.tail ?? null,
    });
  }
});

function batchOf({ projectId, trialId, attempt, epoch }: GroundTrial, from: number, to: number): LogBatch {
  const seqs = Array.from({ length: to - from }, (_, i) => from + i);
  return {
    projectId,
    trialId,
    attempt,
    epoch,
    stream: 'console',
    seq: from,
    lines: seqs.map((seq) => `line ${seq} ${'é'.repeat(seq)}`),
    sources: seqs.map((seq) => (seq % 3 === 0 ? 'STDERR' : 'STDOUT')),
    times: Float64Array.from(seqs, (seq) => 1_700_000_000.125 + seq),
  };
}
