import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../src/search/math/rng.js';
import { evidenceOf } from '../../../../src/search/samplers/gp/evidence.js';
import { featuresOf } from '../../../../src/search/samplers/gp/features.js';
import { gp } from '../../../../src/search/samplers/gp/gp.js';
import { modelsOf } from '../../../../src/search/samplers/gp/models.js';
import { inFlight } from '../../../../src/search/samplers/gp/rows.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../../support.js';

const unit = { kind: 'float', low: 0, high: 1 };
const square = parseSpace({ x: unit, y: unit });
const features = featuresOf(square);
const draw = makeGenerator('pending');
const ended = Array.from({ length: 20 }, (_, i) => {
  const [x, y] = [draw(), draw()];
  return trial(i, { x, y }, { values: [(x - 0.3) ** 2 + (y - 0.6) ** 2], constraints: [x - 0.9], endedAt: i + 1 });
});
const waiting = Array.from({ length: 1_000 }, (_, i) => trial(20 + i, { x: draw(), y: draw() }, { state: 'RUNNING' }));
const crowded = historyOf(square, [...ended, ...waiting]);

describe('a thousand trials in flight', () => {
  it('are taken into account by some: the newest, and those where the search goes on', () => {
    const { pending } = evidenceOf(crowded, features);
    const centre = Float64Array.of(0.3, 0.6);
    const kept = inFlight(features, pending, Float64Array.of(4, 4), centre);
    const distance = (row: Float64Array) => Math.hypot((row[0] ?? 0) - 0.3, (row[1] ?? 0) - 0.6);
    const nearest = [...pending].sort((a, b) => distance(a.row) - distance(b.row)).slice(0, 20);

    expect(pending.length).toBe(1_000);
    expect(kept.length).toBe(64);
    for (const some of [...pending.slice(-16), ...nearest]) expect(kept).toContain(some);
    expect(inFlight(features, pending.slice(0, 64), Float64Array.of(4, 4), centre).length).toBe(64);
  });

  it('leave models of the size of a few, of constraints too', () => {
    const options = { acquisition: 'ei', kappa: 2, xi: 0, isNoiseCounted: false, isDeterministic: false } as const;
    const rng = createRng('models', makeGenerator);
    const { beliefs } = modelsOf(features, evidenceOf(crowded, features), { ...options, warps: ['identity'] }, rng);

    expect(beliefs.map(({ surrogate }) => surrogate.factor.size)).toEqual([84, 84]);
  });

  it('are kept apart from by what comes next, and from one another by a batch', () => {
    const proposals = gp.create({}).suggest(crowded, 6, createRng('seed', makeGenerator));
    const taken = waiting.slice(-16).map(({ params }) => params);

    for (const { params } of proposals) {
      for (const other of taken) {
        const gap = Math.hypot(Number(params.x) - Number(other.x), Number(params.y) - Number(other.y));
        expect(gap).toBeGreaterThan(1e-3);
      }
      taken.push(params);
    }
  });
});
