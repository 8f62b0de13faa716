/** What can still become of params that are drawn only in part: lets a walk through cells turn back early. */

import { constrainedNames, isFeasible, numberOf } from './constraint.js';
import type { Constraint, LinearConstraint, Parameter, Params } from './parameter.js';
import { truthOf } from './predicate.js';

/** `BROKEN`: every completion breaks a constraint. `SETTLED`: none does. `OPEN`: neither is certain. */
export type Outlook = 'BROKEN' | 'OPEN' | 'SETTLED';

/** Bounds that are this close, in shares of what is added up, are left open: the last value decides. */
const MARGIN = 1e-9;

/**
 * Tells the outlook of params whose first `depth` parameters in `order` are decided, inactive ones left out. The constraints
 * must be about parameters of `order` only. With everything decided the answer is exact, never OPEN.
 */
export function createOutlook(
  constraints: readonly Constraint[],
  order: readonly Parameter[],
): (depth: number, params: Params) => Outlook {
  const views = constraints.map((constraint) =>
    constraint.kind === 'linear' ? linearView(constraint, order) : forbidView(constraint, order),
  );
  const space = { parameters: order, constraints };
  return (depth, params) => {
    if (depth >= order.length) return isFeasible(space, params) ? 'SETTLED' : 'BROKEN';
    let outlook: Outlook = 'SETTLED';
    for (const view of views) {
      const seen = view(depth, params);
      if (seen === 'BROKEN') return 'BROKEN';
      if (seen === 'OPEN') outlook = 'OPEN';
    }
    return outlook;
  };
}

type View = (depth: number, params: Params) => Outlook;

function linearView({ coefficients, atMost }: LinearConstraint, order: readonly Parameter[]): View {
  const terms = order.map((parameter) => termRange(parameter, coefficients[parameter.name] ?? 0));
  const suffix = (side: 0 | 1) => {
    const sums = new Float64Array(order.length + 1); // [d + 1], sums[k] over the parameters from k on
    for (let k = order.length - 1; k >= 0; k--) sums[k] = (sums[k + 1] ?? 0) + (terms[k]?.[side] ?? 0);
    return sums;
  };
  const [least, most] = [suffix(0), suffix(1)];
  const size = terms.reduce((sum, [low, high]) => sum + Math.max(-low, high), Math.abs(atMost));
  return (depth, params) => {
    let sum = -atMost;
    for (const name in coefficients) {
      if (Object.hasOwn(params, name)) sum += (coefficients[name] ?? 0) * numberOf(params[name]);
    }
    if (sum + (least[depth] ?? 0) > MARGIN * size) return 'BROKEN';
    return sum + (most[depth] ?? 0) < -MARGIN * size ? 'SETTLED' : 'OPEN';
  };
}

/** The least and the most a term can add. */
function termRange(parameter: Parameter, a: number): readonly [number, number] {
  if (a === 0) return [0, 0];
  const values =
    parameter.fixed !== undefined
      ? [numberOf(parameter.fixed)]
      : 'low' in parameter
        ? [parameter.low, parameter.high]
        : 'values' in parameter
          ? parameter.values.map(numberOf)
          : [0, 1];
  const terms = [...values.map((value) => a * value), ...(parameter.when === undefined ? [] : [0])];
  return [Math.min(...terms), Math.max(...terms)];
}

function forbidView(constraint: Exclude<Constraint, LinearConstraint>, order: readonly Parameter[]): View {
  const names = constrainedNames(constraint);
  const decidedAt = order.reduce((last, parameter, k) => (names.includes(parameter.name) ? k + 1 : last), 0);
  return (depth, params) => {
    const truth = truthOf(constraint.forbid, params);
    if (truth === true) return 'BROKEN';
    return truth === false || depth >= decidedAt ? 'SETTLED' : 'OPEN';
  };
}
