import { afterAll, describe, expect, it } from 'vitest';
import type { ExperimentId } from '../../../src/domain/ids.js';
import { simulate } from '../../../src/search/simulate.js';
import { inlineAnalyst } from '../../../src/service/analysis/analyst.js';
import { openWorkerAnalyst } from '../../../src/service/analysis/worker-analyst.js';
import { everything, historyOf, makeGenerator } from '../../search/support.js';
import { codeOf } from '../../support/builders.js';

const experimentId = '01890000-0000-7000-8000-000000000001' as ExperimentId;
const history = simulate({
  space: everything,
  sampler: { kind: 'random', options: {} },
  objective: ({ learningRate }) => Number(learningRate),
  trials: 80,
  seed: 'analyst',
  makeGenerator,
});

describe('openWorkerAnalyst', () => {
  const analyst = openWorkerAnalyst({ limitMs: 60_000 });
  afterAll(() => analyst.close());

  it('answers as the inline one', { timeout: 60_000 }, async () => {
    const requests = [
      { kind: 'importance', options: { method: 'FANOVA', objective: null, pairs: 2 } },
      { kind: 'slice', options: { parameters: ['width'], objective: 0 } },
      { kind: 'surface', options: { parameters: ['learningRate'], objective: 0 } },
      { kind: 'timeline', options: { first: 10 } },
    ] as const;

    for (const { kind, options } of requests) {
      const request = { kind, options, history, experimentId } as never;
      expect(await analyst.answer(request)).toEqual(await inlineAnalyst.answer(request));
    }
  });

  it('gives up what takes too long, with a code that says so, and goes on', { timeout: 60_000 }, async () => {
    const hasty = openWorkerAnalyst({ limitMs: 1 });
    const dear = {
      kind: 'surface',
      options: { parameters: ['learningRate'], objective: 0 },
      history,
      experimentId,
    } as const;

    const asked = hasty.answer(dear);
    expect(await codeOf(asked)).toBe('QUERY_TOO_COSTLY');
    await expect(asked).rejects.toThrow('the analysis surface took more than 0.001 s');
    expect(await codeOf(hasty.answer(dear))).toBe('QUERY_TOO_COSTLY');
    await hasty.close();
    await expect(hasty.answer(dear)).rejects.toThrow('closed');
  });

  it('answers what is quick before what is dear', { timeout: 60_000 }, async () => {
    const order: string[] = [];
    const ask = async (kind: 'surface' | 'bestSoFar', name: string) => {
      const options = kind === 'surface' ? { parameters: ['width'], objective: 0 } : { objective: 0 };
      await analyst.answer({ kind, options, history, experimentId } as never);
      order.push(name);
    };

    await Promise.all([
      ask('surface', 'running'),
      ask('surface', 'dear'),
      ask('bestSoFar', 'quick'),
      ask('bestSoFar', 'next'),
    ]);

    expect(order).toEqual(['running', 'quick', 'next', 'dear']);
  });

  it('lets only so many wait', { timeout: 60_000 }, async () => {
    const small = openWorkerAnalyst({ mostWaiting: 1 });
    const ask = () =>
      small.answer({ kind: 'bestSoFar', options: { objective: 0 }, history: historyOf(everything, []), experimentId });

    const [first, second, third] = [ask(), ask(), ask()];

    expect(await codeOf(third)).toBe('OVERLOADED');
    expect((await Promise.all([first, second])).map(({ basis }) => basis.problem)).toEqual(['NO_TRIALS', 'NO_TRIALS']);
    await small.close();
  });
});
