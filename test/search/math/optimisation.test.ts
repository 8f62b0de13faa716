import { describe, expect, it } from 'vitest';
import { goldenSection } from '../../../src/search/math/golden-section.js';
import { type BoxProblem, minimiseInBox } from '../../../src/search/math/minimise-in-box.js';

const rosenbrock: BoxProblem['evaluate'] = ([x = 0, y = 0], gradient) => {
  gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  gradient[1] = 200 * (y - x * x);
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
};

function solve(rest: Partial<BoxProblem>) {
  return minimiseInBox({
    start: Float64Array.of(-1.2, 1),
    lower: Float64Array.of(-5, -5),
    upper: Float64Array.of(5, 5),
    evaluate: rosenbrock,
    mostEvaluations: 200,
    firstMove: 0.5,
    gradientTolerance: 1e-8,
    ...rest,
  });
}

describe('minimum in a box', () => {
  it('is found inside, along a curved valley, in fewer than 100 evaluations', () => {
    const { x, value, evaluations } = solve({});

    expect(x[0]).toBeCloseTo(1, 6);
    expect(x[1]).toBeCloseTo(1, 6);
    expect(value).toBeLessThan(1e-12);
    expect(evaluations).toBeLessThan(100);
  });

  it('is found on the bound where the slope pushes outward', () => {
    const { x } = solve({ start: Float64Array.of(0, 0), upper: Float64Array.of(0.5, 5) });

    expect(x[0]).toBe(0.5);
    expect(x[1]).toBeCloseTo(0.25, 6);
  });

  it('ends at once where nothing can move, and stays where values are not finite', () => {
    const corner = solve({
      start: Float64Array.of(0, 0),
      evaluate: (x, gradient) => {
        gradient.fill(1);
        return x[0]! + x[1]!;
      },
      lower: new Float64Array(2),
    });
    const nowhere = solve({ evaluate: () => Number.NaN });

    expect(corner).toMatchObject({ value: 0, evaluations: 1 });
    expect([...nowhere.x]).toEqual([-1.2, 1]);
  });

  it('spends no more evaluations than allowed', () => {
    let count = 0;
    const { evaluations } = solve({
      mostEvaluations: 7,
      evaluate: (x, gradient) => {
        count += 1;
        return rosenbrock(x, gradient);
      },
    });

    expect(count).toBe(7);
    expect(evaluations).toBe(7);
  });

  it('steps back from where the value is infinite', () => {
    const { x } = solve({
      start: Float64Array.of(0.5, 0.5),
      evaluate: ([a = 0, b = 0], gradient) => {
        gradient[0] = 1 - 1 / a;
        gradient[1] = 2 * b;
        return a <= 0 ? Infinity : a - Math.log(a) + b * b;
      },
    });

    expect(x[0]).toBeCloseTo(1, 6);
    expect(x[1]).toBeCloseTo(0, 6);
  });
});

describe('golden section', () => {
  it('finds a minimum inside or at an end', () => {
    expect(goldenSection((x) => (x - 0.3) ** 2, -2, 4, 1e-6)).toBeCloseTo(0.3, 5);
    expect(goldenSection((x) => x, -2, 4, 1e-6)).toBeCloseTo(-2, 5);
  });
});
