import { describe, expect, it } from 'vitest';
import { PlatformError } from '../../../src/domain/errors.js';
import { AnalysisMemo } from '../../../src/service/analysis/analysis-memo.js';
import { codeOf } from '../../support/builders.js';

const MIB = 1024 * 1024;

describe('AnalysisMemo', () => {
  it('lets go of what was not asked for longest when its columns are too many', async () => {
    const memo = new AnalysisMemo(() => 0);
    const computed: string[] = [];
    const ask = (question: string) =>
      memo.answer(question, '1', async () => {
        computed.push(question);
        return { values: new Float64Array((25 * MIB) / 8) };
      });

    await ask('a');
    await ask('b');
    await ask('a');
    await ask('c'); // beyond 64 MiB: b goes
    await ask('a');
    await ask('c');
    expect(computed).toEqual(['a', 'b', 'c']);
    await ask('b');
    expect(computed).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps one answer, however large, and shares one that is being computed', async () => {
    const memo = new AnalysisMemo(() => 0);
    let count = 0;
    const ask = (version = '1') =>
      memo.answer('a', version, async () => {
        count += 1;
        return new Float64Array((70 * MIB) / 8);
      });

    const [first, second] = await Promise.all([ask(), ask()]);
    // By hand: a matcher would compare nine million numbers for its message.
    expect([second === first, (await ask()) === first, count]).toEqual([true, true, 1]);
    expect([(await ask('2')) === first, count]).toEqual([false, 2]);
  });

  it('tries again what was too costly, after a minute', async () => {
    let nowMs = 0;
    let count = 0;
    const memo = new AnalysisMemo(() => nowMs);
    const ask = () =>
      memo.answer('a', '1', () => {
        count += 1;
        return Promise.reject(new PlatformError('QUERY_TOO_COSTLY', 'no'));
      });

    expect(await codeOf(ask())).toBe('QUERY_TOO_COSTLY');
    nowMs = 60_000;
    expect(await codeOf(ask())).toBe('QUERY_TOO_COSTLY');
    expect(count).toBe(1);
    nowMs = 60_001;
    expect(await codeOf(ask())).toBe('QUERY_TOO_COSTLY');
    expect(count).toBe(2);
  });

  it('keeps the newer answer when an older one is late', async () => {
    const memo = new AnalysisMemo(() => 0);
    let settle: (text: string) => void = () => undefined;
    const waiting = new Promise<string>((resolve) => {
      settle = resolve;
    });
    const old = memo.answer('a', '1', () => waiting);
    const recent = memo.answer('a', '2', async () => 'new');
    settle('old');

    expect([await old, await recent]).toEqual(['old', 'new']);
    expect(await memo.answer('a', '2', async () => 'again')).toBe('new');
  });
});
