import { describe, expect, it } from 'vitest';
import {
  type EndedTrial,
  type GrowingFront,
  growFront,
  NO_FRONT,
  referenceOfFront,
  volumesOf,
} from '../../../src/search/analysis/growing-front.js';
import { hypervolumeByTrial, paretoFront } from '../../../src/search/analysis/pareto.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../support.js';

const space = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });

/** Trials with values on a coarse grid, so that some are equal; every seventh does not count. */
function randomTrials(seed: string, count: number, objectives: number): EndedTrial[] {
  const next = makeGenerator(seed);
  return Array.from({ length: count }, (_, number) => {
    const values = Array.from({ length: objectives }, () => Math.floor(next() * 12) / 4);
    return { number, values: number % 7 === 6 ? null : values };
  });
}

function grownInParts(trials: readonly EndedTrial[], size: number): GrowingFront {
  let front = NO_FRONT;
  for (let at = 0; at < trials.length; at += size) front = growFront(front, trials.slice(at, at + size));
  return front;
}

describe.each([1, 2, 3])('a front of %i objectives that grows', (objectives) => {
  const trials = randomTrials(`front ${objectives}`, 150, objectives);
  const history = historyOf(
    space,
    trials.map(({ number, values }) =>
      trial(
        number,
        { x: 0 },
        { endedAt: number + 1, ...(values === null ? ({ state: 'FAILED' } as const) : { values }) },
      ),
    ),
    { directions: Array.from({ length: objectives }, () => 'minimize' as const) },
  );

  it('is the front of the whole history, however it was fed', () => {
    for (const size of [1, 7, 150]) {
      const { members, ended } = grownInParts(trials, size);
      const numbers = members.map(({ number }) => number).sort((a, b) => a - b);
      expect(numbers).toEqual(paretoFront(history).map(({ number }) => number));
      expect(ended).toBe(150);
    }
  });

  it('measures the volumes that the history does, at the trials where they grow', () => {
    const front = grownInParts(trials, 11);
    const reference = referenceOfFront(front);

    const whole = hypervolumeByTrial(history);
    expect(reference).toEqual(whole.reference);
    const grew = [...whole.volumes].flatMap((volume, i) => (volume > (whole.volumes[i - 1] ?? 0) ? [i] : []));
    const volumes = [...volumesOf(front.entrants, reference)];
    const beyond = front.entrants.flatMap(({ ended }, i) =>
      (volumes[i] ?? 0) > (volumes[i - 1] ?? 0) ? [ended - 1] : [],
    );
    expect(beyond).toEqual(grew);
    expect(volumes).toEqual(front.entrants.map(({ ended }) => whole.volumes[ended - 1]));
  });

  it('leaves what it was as it was', () => {
    const before = growFront(NO_FRONT, trials.slice(0, 20));
    const [members, entrants] = [[...before.members], [...before.entrants]];

    growFront(before, trials.slice(20));

    expect([before.members, before.entrants, NO_FRONT.members]).toEqual([members, entrants, []]);
  });
});
