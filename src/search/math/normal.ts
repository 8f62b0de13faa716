/** The normal law: its distribution function, logs of masses far into the tails, and its inverse. */

const LOG_SQRT_2_PI = 0.9189385332046727;

/**
 * Mass above x, relative error below 1e-12 up to x = 37, 0 beyond 38. NaN for NaN.
 * @source Hart et al., Computer Approximations, 1968, 5666; as arranged by West, Wilmott Magazine, May 2005, with a longer
 * continued fraction, from 4 on.
 */
export function upperMass(x: number): number {
  if (x < 0) return 1 - upperMass(-x);
  return x > 38 ? 0 : Math.exp((-x * x) / 2) * scaledUpperMass(x);
}

/** Mass above x times exp(x^2 / 2), which neither overflows nor vanishes, for x >= 0; relative error below 1e-12. */
export function scaledUpperMass(x: number): number {
  if (x < 4) return hartAbove(x) / hartBelow(x);
  let fraction = x + 0.65;
  for (let k = 24; k > 0; k--) fraction = x + k / fraction;
  return 1 / (fraction * 2.5066282746310002);
}

/** Mass below x, relative error below 1e-12 for x >= -37. */
export function lowerMass(x: number): number {
  return upperMass(-x);
}

/** ln of the mass above x, for any finite x; asymptotic beyond 30. */
export function logUpperMass(x: number): number {
  if (x <= 30) return Math.log(upperMass(x));
  const r = 1 / (x * x);
  return (-x * x) / 2 - Math.log(x) - LOG_SQRT_2_PI + Math.log1p(-r * (1 - 3 * r * (1 - 5 * r)));
}

/** ln of the mass in [a, b], computed in the tail it lies in; digits are lost as b - a falls. -Infinity when a >= b. */
export function logMass(a: number, b: number): number {
  if (!(a < b)) return -Infinity;
  if (b <= 0) return logMass(-b, -a);
  if (a <= 0) return Math.log1p(-upperMass(b) - upperMass(-a));
  if (b < 30) return Math.log(upperMass(a) - upperMass(b));
  const nearer = logUpperMass(a);
  return nearer + Math.log(-Math.expm1(logUpperMass(b) - nearer));
}

/** ln of the density at z. */
export function logDensity(z: number): number {
  return (-z * z) / 2 - LOG_SQRT_2_PI;
}

/**
 * The x below which the mass is p, relative error about 1e-15; -Infinity at 0, Infinity at 1.
 * @source Wichura, Applied Statistics 37 (1988), algorithm AS 241, PPND16.
 */
export function inverseLowerMass(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_P, r)) / polynomial(CENTRE_Q, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const x =
    r <= 5
      ? polynomial(TAIL_P, r - 1.6) / polynomial(TAIL_Q, r - 1.6)
      : polynomial(FAR_P, r - 5) / polynomial(FAR_Q, r - 5);
  return q < 0 ? -x : x;
}

/** Written out, since densities are asked for masses by the thousand. */
function hartAbove(x: number): number {
  const sum = (3.52624965998911e-2 * x + 0.700383064443688) * x + 6.37396220353165;
  return (((sum * x + 33.912866078383) * x + 112.079291497871) * x + 221.213596169931) * x + 220.206867912376;
}

function hartBelow(x: number): number {
  const sum = ((8.83883476483184e-2 * x + 1.75566716318264) * x + 16.064177579207) * x + 86.7807322029461;
  return (((sum * x + 296.564248779674) * x + 637.333633378831) * x + 793.826512519948) * x + 440.413735824752;
}

/** Value at x of the polynomial with these coefficients, highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

const CENTRE_P = [
  2.5090809287301227e3, 3.343057558358813e4, 6.72657709270087e4, 4.592195393154987e4, 1.373169376550946e4,
  1.9715909503065513e3, 1.3314166789178438e2, 3.3871328727963665,
];
const CENTRE_Q = [
  5.226495278852854e3, 2.8729085735721943e4, 3.930789580009271e4, 2.1213794301586597e4, 5.394196021424751e3,
  6.871870074920579e2, 4.231333070160091e1, 1,
];
const TAIL_P = [
  7.745450142783414e-4, 2.2723844989269184e-2, 2.417807251774506e-1, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const TAIL_Q = [
  1.0507500716444169e-9, 5.475938084995345e-4, 1.5198666563616457e-2, 1.4810397642748008e-1, 6.897673349851e-1,
  1.6763848301838038, 2.053191626637759, 1,
];
const FAR_P = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 1.2426609473880784e-3, 2.6532189526576124e-2, 2.9656057182850487e-1,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const FAR_Q = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 7.868691311456133e-4, 1.4875361290850615e-2,
  1.369298809227358e-1, 5.99832206555888e-1, 1,
];
