import { describe, expect, it } from 'vitest';
import type { HistoryTrial } from '../../../src/search/history.js';
import { inverseLowerMass } from '../../../src/search/math/normal.js';
import { outlookOf } from '../../../src/search/pruners/forecast/outlook.js';
import { scoresAmong } from '../../../src/search/pruners/forecast/scores.js';
import { pruningReport } from '../../../src/search/simulate-pruning.js';
import { simulateTime, type Training } from '../../../src/search/simulate-time.js';
import type { Params } from '../../../src/search/space/parameter.js';
import { curve, makeGenerator } from '../support.js';
import { line } from '../training.js';
import { verdictOn } from './verdict.js';

/** Standard normal draws. */
function normals(seed: string): () => number {
  const draw = makeGenerator(seed);
  return () => inverseLowerMass(Math.max(1e-9, draw()));
}

describe('scores', () => {
  it('stay the same under a monotone change of the values, and are finite for all of them', () => {
    const draw = normals('scores');
    const values = Float64Array.from({ length: 99 }, draw);
    const [plain, curved] = [scoresAmong(values), scoresAmong(values.map(Math.exp))];

    for (const value of [...values, -9, 0.123, 9]) expect(curved.of(Math.exp(value))).toBe(plain.of(value));
    expect(plain.of(Infinity)).toBeGreaterThan(plain.of(3));
    expect(plain.of(-Infinity)).toBeLessThan(plain.of(-2));
    for (const value of [-Infinity, Infinity]) expect(Number.isFinite(plain.of(value))).toBe(true);
  });

  it('lead back to a known value', () => {
    const values = Float64Array.from({ length: 99 }, (_, i) => i);
    const { of, valueAt } = scoresAmong(values);

    for (const value of [0, 17, 49, 98]) expect(Math.abs(valueAt(of(value)) - value)).toBeLessThanOrEqual(1);
  });
});

describe('outlook', () => {
  it('goes on as the others did from there, and is sure of it when they agree', () => {
    const others = Array.from({ length: 40 }, (_, i) => Float64Array.of(i / 20, i / 20 - 0.5, i / 20 - 0.6));
    const { mean, deviation } = outlookOf(Float64Array.of(1.3), others);

    expect(mean).toBeCloseTo(0.7, 2);
    expect(deviation).toBeLessThan(0.15);
  });

  it('is no more than what all come to where steps tell nothing', () => {
    const draw = normals('silent');
    const others = Array.from({ length: 200 }, () => Float64Array.of(draw(), draw()));
    const { mean, deviation } = outlookOf(Float64Array.of(-1.5), others);

    expect(Math.abs(mean)).toBeLessThan(0.4);
    expect(deviation).toBeGreaterThan(0.7);
    expect(deviation).toBeLessThan(1.3);
  });

  it('tells from the last move what rises from what falls', () => {
    const others = Array.from({ length: 40 }, (_, i) => {
      const move = i % 2 === 0 ? -0.5 : 0.5;
      return Float64Array.of(i / 40 - move, i / 40, i / 40 + move);
    });

    expect(outlookOf(Float64Array.of(1, 0.5), others).mean).toBeLessThan(0.2);
    expect(outlookOf(Float64Array.of(0, 0.5), others).mean).toBeGreaterThan(0.8);
  });

  it('is not misled by who was let go on', () => {
    const draw = normals('survivors');
    const others = Array.from({ length: 400 }, () => {
      const start = draw();
      const middle = start + 0.7 * draw();
      return Float64Array.of(start, middle, middle > 0 ? Number.NaN : middle + 0.1 * draw());
    });
    // Those that began there and have an end came to -0.3 and better.
    const { mean } = outlookOf(Float64Array.of(1), others);

    expect(mean).toBeGreaterThan(0.6);
    expect(mean).toBeLessThan(1.4);
  });

  it('knows little where few or none went on', () => {
    expect(outlookOf(Float64Array.of(0), []).deviation).toBe(0);
    expect(outlookOf(Float64Array.of(0), [Float64Array.of(0, Number.NaN)]).deviation).toBe(1);
    const few = [0, 1, 2].map((i) => Float64Array.of(i / 10, i / 10));
    const many = Array.from({ length: 60 }, (_, i) => Float64Array.of(i / 200, i / 200));
    const deviationFrom = (others: readonly Float64Array[]) => outlookOf(Float64Array.of(0.1), others).deviation;
    expect(deviationFrom(few)).toBeGreaterThan(2 * deviationFrom(many));
  });
});

describe('forecast pruner', () => {
  const options = { controls: 0 };
  /** Curves of 13 reports that fall in parallel: what is behind at step 1 stays behind. */
  const parallel = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      curve(
        i,
        Array.from({ length: 13 }, (_step, step) => i + 12 - step),
        { values: [i] },
      ),
    );
  /** The place at any step says nothing of the end. */
  const crossing = Array.from({ length: 40 }, (_, i) => curve(i, Array(13).fill(i), { values: [(i * 17) % 40] }));

  it('stops what is behind where curves are parallel, and nothing where they cross at will', () => {
    expect(verdictOn([42, 41], 'forecast', options, parallel(40)).code).toBe('PRUNE');
    expect(verdictOn([11, 10], 'forecast', options, parallel(40)).code).toBe('CONTINUE');
    for (const own of [0, 20, 99]) {
      expect(verdictOn([own, own], 'forecast', { ...options, chance: 0.02 }, crossing).code).toBe('CONTINUE');
    }
  });

  it('decides alike whatever monotone scale the objective has', () => {
    const bent = parallel(40).map((trial) => ({
      ...trial,
      reports: trial.reports.map((value) => value ** 3),
      values: [(trial.values?.[0] ?? 0) ** 3],
    }));
    for (let own = -1; own < 40; own += 3) {
      const { code } = verdictOn([own + 12, own + 11], 'forecast', options, parallel(40));

      expect(verdictOn([(own + 12) ** 3, (own + 11) ** 3], 'forecast', options, bent).code).toBe(code);
    }
  });

  it('waits for enough completed trials and for the warm-up, and never stops a control', () => {
    expect(verdictOn([42, 41], 'forecast', options, parallel(7)).stop).toBe(false);
    expect(verdictOn([42, 41], 'forecast', options, parallel(8)).stop).toBe(true);
    expect(verdictOn([42, 41], 'forecast', { ...options, warmupSteps: 2 }, parallel(40)).stop).toBe(false);
    expect(verdictOn([42, 41, 40], 'forecast', { ...options, warmupSteps: 2 }, parallel(40)).stop).toBe(true);
    expect(verdictOn([42, 41], 'forecast', { controls: 1 }, parallel(40)).stop).toBe(false);
    expect(verdictOn([42, 41], 'forecast', { ...options, startupTrials: 100 }, parallel(40)).stop).toBe(false);
  });

  it('judges by the value at the last decision step, not by the latest, and no longer at the end', () => {
    const flat = parallel(40).map(({ number }) => curve(number, Array(13).fill(number), { values: [number] }));
    const reports = (...last: readonly number[]) => [...Array(9 - last.length + 1).fill(0), ...last];

    // Decision steps 1, 2, 3, 4, 6, 9.
    expect(verdictOn([0, 0, 0, 0, 0, 0, 0, 99, 99], 'forecast', options, flat).stop).toBe(false);
    expect(verdictOn(reports(99, 99, 99), 'forecast', options, flat).stop).toBe(true);
    expect(verdictOn(Array(13).fill(99), 'forecast', { ...options, warmupSteps: 12 }, flat).stop).toBe(false);
  });

  it('counts the completed trials of the whole history, and the best 5 % of all', () => {
    const options = { controls: 0, startupTrials: 60 };
    const completed = parallel(60);
    /** Newer, and more than are looked at. */
    const pruned = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        curve(100 + i, [30, 29, 28, 27], { state: 'PRUNED', reportedAt: new Float64Array(4).fill(60) }),
      );
    const judged = (others: readonly HistoryTrial[]) => verdictOn([90, 89], 'forecast', options, others);

    expect(judged(completed.slice(1)).reason).toMatch(/^59 of 60 start-up trials/);
    expect(judged([...completed, ...pruned(340)]).reason).toMatch(/as well as 19:/);
    // A twentieth of 2,000 is more than ended: the last that did.
    expect(judged([...completed, ...pruned(1_940)]).reason).toMatch(/as well as 59:/);
  });

  it('has no goal that breaks a constraint', () => {
    const constrained = parallel(40).map((trial) => ({ ...trial, constraints: [trial.number < 10 ? 1 : -1] }));
    const unknown = constrained.map((trial) => ({
      ...trial,
      constraints: trial.constraints.map((c) => (c > 0 ? NaN : c)),
    }));

    for (const others of [constrained, unknown]) {
      expect(verdictOn([42, 41], 'forecast', options, others).reason).toMatch(/as well as 11:/);
      expect(verdictOn([42, 41], 'forecast', { ...options, startupTrials: 31 }, others).stop).toBe(false);
    }
  });

  it('says the same of a step when others have ended since', () => {
    const since = parallel(40).map((trial) => ({ ...trial, endedAt: 200 + trial.number }));
    const running = since.map(({ values: _, endedAt: __, ...trial }): HistoryTrial => ({ ...trial, state: 'RUNNING' }));
    // A whole trial is of 12 steps: 5 is the first decision of one that warms up so long, 1 of others.
    for (const reports of [[42], [42, 41], [Number.NaN], [Number.NaN, Number.NaN], Array(9).fill(Number.NaN)]) {
      for (const warmupSteps of [0, 5]) {
        const verdicts = [running, since].map((others) =>
          verdictOn(reports, 'forecast', { ...options, warmupSteps }, others),
        );
        expect(verdicts[1]).toEqual(verdicts[0]);
      }
    }
    // Of 120 steps the first decision would be at 13, once it is known.
    const long = since.map((trial) => ({ ...trial, steps: trial.steps.map((step) => 10 * step) }));
    const begun = running.map((trial, i) => ({ ...trial, steps: long[i]?.steps ?? trial.steps }));
    const [before, after] = [begun, long].map((others) => verdictOn([5, Number.NaN, 5], 'forecast', options, others));
    expect(after).toEqual(before);
  });

  it('says what it expects in the unit and direction of the objective', () => {
    const negated = parallel(40).map((trial) => ({
      ...trial,
      reports: trial.reports.map((value) => -value),
      values: [-(trial.values?.[0] ?? 0)],
    }));

    // The second best of 40 came to 1, maximised to -1.
    expect(verdictOn([42, 41], 'forecast', options, parallel(40)).reason).toMatch(/as well as 1: about [23]\d/);
    const { reason } = verdictOn([-42, -41], 'forecast', options, negated, { direction: 'maximize' });
    expect(reason).toMatch(/as well as -1: about -[23]\d/);
  });

  it('saves most of the epochs and stops hardly any of the best, of curves that cross', () => {
    const noise = normals('curves');
    const starts = Array.from({ length: 120 }, noise);
    const last = 40 ** -0.5;
    const train = ({ x }: Params, number: number): Training => ({
      epochs: 40,
      // From a start that is correlated with the end, as e^(-1/2).
      valueAt: (epoch) => Number(x) + (1 + 0.15 * (starts[number] ?? 0)) * ((epoch ** -0.5 - last) / (1 - last)),
      secondsOf: () => 1,
    });
    const reports = ['a', 'b'].map((seed) => {
      const pruner = { kind: 'forecast' };
      const sampler = { kind: 'random' };
      const run = simulateTime({ space: line, sampler, pruner, train, workers: 4, trials: 120, seed, makeGenerator });
      return pruningReport(
        run,
        ({ params }) => Number(params.x),
        () => 40,
      );
    });
    const mean = (of: (report: (typeof reports)[number]) => number) =>
      reports.reduce((sum, report) => sum + of(report) / reports.length, 0);

    expect(mean(({ epochsSaved }) => epochsSaved)).toBeGreaterThan(0.7);
    expect(mean(({ falsePrunes }) => falsePrunes)).toBeLessThan(0.02);
  });
});
