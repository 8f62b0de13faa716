import { describe, expect, it } from 'vitest';
import { contentHash } from '../../../src/search/math/content-hash.js';
import {
  logImprovement,
  logImprovementSlope,
  logLowerMass,
  logLowerMassSlope,
} from '../../../src/search/math/log-improvement.js';
import { fitYeoJohnson, yeoJohnson } from '../../../src/search/math/yeo-johnson.js';

describe('log of the expected improvement', () => {
  // z, ln h, Phi/h, ln Phi, phi/Phi, all with 60 digits
  it.each([
    [3, 1.0987396653277077, 0.3328409684517952, -0.0013508099647481938, 0.004437839042125664],
    [0.5, -0.3598276837450638, 0.9909227180041099, -0.3689464152886564, 0.5091604338370335],
    [0, -0.9189385332046728, 1.2533141373155003, -Math.LN2, 0.7978845608028654],
    [-0.5, -1.6205162643873199, 1.5598731483480797, -1.1759117615936185, 1.1410777703680646],
    [-1, -2.4851210257126413, 1.9042712333296918, -1.8410216450092636, 1.525135276160981],
    [-2, -4.768783523917114, 2.679416883955586, -3.783184333682032, 2.373215532822841],
    [-5, -16.74430116266099, 5.361816241288088, -15.064998393988725, 5.186503967125842],
    [-8, -37.12236426169263, 8.239396506840066, -35.01343715991455, 8.121368112236112],
    [-12, -77.90910054500735, 12.16335257158574, -75.4106730015688, 12.082214175254284],
    [-99, -4910.609484215455, 99.02019584095312, -4906.014160387732, 99.01009894993145],
    [-101, -5110.649473554864, 101.01979616064943, -5106.034157055638, 101.00989904986949],
    [-1e4, -50000019.33961931, 10000.000199999993, -50000010.12927891, 10000.000099999997],
  ])('and its relatives are right at %d', (z, improvement, slope, mass, massSlope) => {
    expect(Math.abs(logImprovement(z) - improvement)).toBeLessThan(1e-7);
    expect(Math.abs(logImprovementSlope(z) / slope - 1)).toBeLessThan(1e-7);
    expect(Math.abs(logLowerMass(z) - mass)).toBeLessThan(1e-8);
    expect(Math.abs(logLowerMassSlope(z) / massSlope - 1)).toBeLessThan(1e-10);
  });

  it('goes on however far it is', () => {
    expect(logImprovement(-1e100)).toBeLessThan(-1e199);
    expect(logImprovementSlope(-1e10)).toBeCloseTo(1e10, -2);
    expect(logImprovement(1e10)).toBeCloseTo(Math.log(1e10), 9);
  });
});

describe('Yeo-Johnson', () => {
  it.each([
    [2, 0.5, 1.4641016151377548],
    [2, 0, 1.0986122886681098],
    [2, -1.3, 0.5848145914551629],
    [-1.5, 0.5, -1.968564716806983],
    [-1.5, 2, -0.9162907318741551],
    [-1.5, 3, -0.6],
  ])('takes %d with power %d to what scipy does', (x, lambda, expected) => {
    expect(yeoJohnson(x, lambda)).toBeCloseTo(expected, 14);
  });

  it('is fitted as scipy fits it, and is the identity where all values are alike', () => {
    const values = Float64Array.of(0.1, 0.4, 0.5, 0.9, 1.4, 2.2, 3.9, 7.5, 20, -0.3);

    expect(fitYeoJohnson(values)).toBeCloseTo(-0.36972, 2);
    expect(fitYeoJohnson(Float64Array.of(3, 3, 3))).toBe(1);
    expect(fitYeoJohnson(Float64Array.of(3))).toBe(1);
  });
});

describe('content hash', () => {
  it('is equal for equal numbers and differs with any bit, place or border', () => {
    const names = [
      contentHash([[1, 2, 3]]),
      contentHash([[1, 2, 3 + Number.EPSILON * 2]]),
      contentHash([[2, 1, 3]]),
      contentHash([[1, 2], [3]]),
      contentHash([[0]]),
      contentHash([[-0]]),
      contentHash([[]]),
      contentHash([[], []]),
    ];

    expect(contentHash([Float64Array.of(1, 2, 3)])).toBe(names[0]);
    expect(new Set(names).size).toBe(names.length);
  });
});
