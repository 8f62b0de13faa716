import { describe, expect, it } from 'vitest';
import type { HistoryTrial } from '../../../../src/search/history.js';
import { createRng } from '../../../../src/search/math/rng.js';
import { acquisitionOf } from '../../../../src/search/samplers/gp/acquisition.js';
import { evidenceOf } from '../../../../src/search/samplers/gp/evidence.js';
import { featuresOf } from '../../../../src/search/samplers/gp/features.js';
import { frontModelsOf } from '../../../../src/search/samplers/gp/front-models.js';
import { constraintBeliefs } from '../../../../src/search/samplers/gp/limit-beliefs.js';
import { modelsOf } from '../../../../src/search/samplers/gp/models.js';
import { WARPS } from '../../../../src/search/samplers/gp/warp.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { curve, historyOf, makeGenerator, trial } from '../../support.js';

const line = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });
const features = featuresOf(line);
const options = { warps: WARPS, isDeterministic: false, isNoiseCounted: true };
const rng = createRng('seed', makeGenerator);
/** Pruned before it could tell its constraints. */
const silent = curve(9, [0], { params: { x: 0.9 }, state: 'PRUNED', endedAt: 19 });

function toldAt(i: number, excess: number, values: readonly number[]): HistoryTrial {
  return trial(i, { x: i / 10 }, { values, constraints: [excess], endedAt: 2 * i + 2 });
}

describe('a pruned trial without constraints, where others told theirs', () => {
  it('is no feasible one: while there is none, only feasibility is looked for', () => {
    const broken = [1, 2, 3, 4].map((i) => toldAt(i, i, [i]));
    const models = (trials: readonly HistoryTrial[]) =>
      modelsOf(
        features,
        evidenceOf(historyOf(line, trials), features),
        { ...options, acquisition: 'ei', kappa: 1, xi: 0 },
        rng,
      );

    expect(models([...broken, silent]).beliefs.length).toBe(1);
    expect(models([...broken, toldAt(5, -1, [5]), silent]).beliefs.length).toBe(2);
  });

  it('comes after those that are feasible', () => {
    const trials = [toldAt(0, -1, [9]), ...[1, 2, 3, 4].map((i) => toldAt(i, i, [i])), silent];
    const evidence = evidenceOf(historyOf(line, trials), features);
    const { objective } = modelsOf(features, evidence, { ...options, acquisition: 'ei', kappa: 1, xi: 0 }, rng);

    expect(objective?.order.map((i) => objective.groups[i]?.[0]?.point[0])).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.9]);
  });

  it('is no feasible one for several objectives either', () => {
    const trials = [...[1, 2, 3, 4].map((i) => toldAt(i, i, [i, -i])), silent];
    const history = historyOf(line, trials, { directions: ['minimize', 'minimize'] });
    const evidence = evidenceOf(history, features);
    const models = frontModelsOf(features, evidence, 2, options, rng);
    const limits = acquisitionOf(constraintBeliefs(features, evidence, new Float64Array(1), options), features.width);
    const rows = Float64Array.of(0, 0.35, 0.8);

    expect(models?.acquisition.scores(rows, 3)).toEqual(limits.scores(rows, 3));
  });
});
