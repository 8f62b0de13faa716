/** Reads the `when` of a parameter. */

import type { Condition, Parameter, ParamValue } from './parameter.js';
import { isRecord } from './parse-parameter.js';
import type { Report } from './space-error.js';
import { describeValues, isLegalValue } from './validate-params.js';

const FORMS = '{ param, in }, { param, above }, { param, below }, { all }, { any } or { not }';

/** The condition, or null after reporting what is wrong. Comparisons on an ordinal become `in`. */
export function parseCondition(
  path: string,
  given: unknown,
  byName: ReadonlyMap<string, Parameter>,
  report: Report,
): Condition | null {
  const refuse = (at: string, message: string) => {
    report(at, message);
    return null;
  };
  if (!isRecord(given)) return refuse(path, `must be ${FORMS}`);

  const form = Object.keys(given).sort().join(' ');
  if (form === 'not') {
    const part = parseCondition(`${path}.not`, given.not, byName, report);
    return part === null ? null : { not: part };
  }
  if (form === 'all' || form === 'any') {
    const parts = given[form];
    if (!Array.isArray(parts) || parts.length === 0) return refuse(`${path}.${form}`, 'must be a list of conditions');
    const read = parts.map((part, i) => parseCondition(`${path}.${form}[${i}]`, part, byName, report));
    const sound = read.filter((part) => part !== null);
    if (sound.length < read.length) return null;
    return form === 'all' ? { all: sound } : { any: sound };
  }

  if (form !== 'in param' && form !== 'above param' && form !== 'below param') {
    return refuse(path, `has the keys ${form || '(none)'}: use ${FORMS}`);
  }
  const parameter = typeof given.param === 'string' ? byName.get(given.param) : undefined;
  if (parameter === undefined) {
    return refuse(`${path}.param`, `${JSON.stringify(given.param)} is not a parameter of the space`);
  }
  if (form === 'in param') return parseMembership(`${path}.in`, given.in, parameter, report);
  const side = form === 'above param' ? 'above' : 'below';
  return parseComparison(`${path}.${side}`, side, given[side], parameter, report);
}

function parseMembership(path: string, given: unknown, parameter: Parameter, report: Report): Condition | null {
  if (!Array.isArray(given) || given.length === 0) {
    report(path, `must be a list of values of ${parameter.name}`);
    return null;
  }
  const wrong = given.filter((value) => !isLegalValue(parameter, value as ParamValue));
  for (const value of wrong) report(path, `${JSON.stringify(value)} is not ${describeValues(parameter)}`);
  return wrong.length > 0 ? null : { param: parameter.name, in: given as ParamValue[] };
}

function parseComparison(
  path: string,
  side: 'above' | 'below',
  bound: unknown,
  parameter: Parameter,
  report: Report,
): Condition | null {
  const param = parameter.name;
  if (parameter.kind === 'ordinal') {
    const rank = (parameter.values as readonly unknown[]).indexOf(bound);
    const values = side === 'above' ? parameter.values.slice(rank + 1) : parameter.values.slice(0, Math.max(rank, 0));
    if (rank >= 0 && values.length > 0) return { param, in: values };
    report(
      path,
      rank < 0 ? `must be ${describeValues(parameter)}` : `no value of ${param} is ${side} ${String(bound)}`,
    );
    return null;
  }
  if (parameter.kind !== 'float' && parameter.kind !== 'int') {
    report(path, `compares numbers, and ${param} is ${parameter.kind}: use in`);
    return null;
  }
  if (typeof bound !== 'number' || !Number.isFinite(bound)) {
    report(path, 'must be a finite number');
    return null;
  }
  const isPossible = side === 'above' ? bound < parameter.high : bound > parameter.low;
  if (!isPossible) {
    report(path, `no value of ${param} is ${side} ${bound}`);
    return null;
  }
  return side === 'above' ? { param, above: bound } : { param, below: bound };
}
