/** Reads the constraints of a space, against parameters that are known to be sound. */

import { numberOf } from './constraint.js';
import type { Constraint, LinearConstraint, Parameter, ParamValue, Predicate } from './parameter.js';
import { parseCondition } from './parse-condition.js';
import { isRecord } from './parse-parameter.js';
import type { Report } from './space-error.js';

const FORMS =
  '{ "kind": "linear", "coefficients": { "x": 1, "y": 2 }, "atMost": 3 } or { "forbid": { "param": "x", "above": { "param": "y" } } }';
const KEYS = { linear: ['kind', 'name', 'coefficients', 'atMost'], forbid: ['kind', 'name', 'forbid'] } as const;

/** What looking for a feasible point costs grows with them. */
const MOST_TERMS = 1_000;
/** No part of a predicate is shorter. */
const CHARACTERS_A_PART = 20;

type ByName = ReadonlyMap<string, Parameter>;

/** The constraints, empty when none is declared; what is wrong is reported, and left out. */
export function parseConstraints(given: unknown, byName: ByName, report: Report): readonly Constraint[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    report('constraints', `must be a list of ${FORMS}`);
    return [];
  }
  const terms = given.reduce<number>((sum, one) => sum + termsOf(one), 0);
  if (terms > MOST_TERMS) {
    report('constraints', `have ${terms} terms: at most ${MOST_TERMS} in all can be kept`);
    return [];
  }
  const parsed = given.flatMap((one, i) => parseConstraint(`constraints[${i}]`, one, byName, report) ?? []);
  const names = parsed.flatMap((constraint) => constraint.name ?? []);
  for (const name of new Set(names.filter((some, i) => names.indexOf(some) < i))) {
    report('constraints', `${JSON.stringify(name)} names two of them: give each its own name, or none`);
  }
  return parsed;
}

/** Of a linear constraint its coefficients; of a predicate, as many parts as its text can hold. */
function termsOf(given: unknown): number {
  if (!isRecord(given)) return 1;
  return isRecord(given.coefficients)
    ? Object.keys(given.coefficients).length
    : Math.ceil(JSON.stringify(given).length / CHARACTERS_A_PART);
}

function parseConstraint(path: string, given: unknown, byName: ByName, report: Report): Constraint | null {
  const kind = isRecord(given) ? (given.kind ?? ('forbid' in given ? 'forbid' : undefined)) : undefined;
  if (!isRecord(given) || (kind !== 'linear' && kind !== 'forbid')) {
    report(path, `must be ${FORMS}`);
    return null;
  }
  for (const extra of Object.keys(given).filter((name) => !(KEYS[kind] as readonly string[]).includes(name))) {
    report(`${path}.${extra}`, `unknown key: a ${kind} constraint takes ${KEYS[kind].join(', ')}`);
  }
  const hasName = given.name !== undefined && given.name !== null;
  if (hasName && (typeof given.name !== 'string' || given.name === '')) report(`${path}.name`, 'must be text');
  const name = hasName ? { name: String(given.name) } : {};

  if (kind === 'forbid') {
    const forbid = parsePredicate(`${path}.forbid`, given.forbid, byName, report);
    return forbid === null ? null : { kind, ...name, forbid };
  }
  const coefficients = parseCoefficients(`${path}.coefficients`, given.coefficients, byName, report);
  const { atMost } = given;
  if (typeof atMost !== 'number' || !Number.isFinite(atMost)) {
    report(`${path}.atMost`, 'must be a finite number');
    return null;
  }
  return coefficients === null ? null : { kind, ...name, coefficients, atMost: atMost + 0 };
}

function parseCoefficients(
  path: string,
  given: unknown,
  byName: ByName,
  report: Report,
): LinearConstraint['coefficients'] | null {
  if (!isRecord(given) || Object.keys(given).length === 0) {
    report(path, 'must be a map from parameter to number, such as { "x": 1, "y": -2 }');
    return null;
  }
  const problems = Object.entries(given).flatMap(([name, a]): readonly [string, string][] => {
    const parameter = byName.get(name);
    if (parameter === undefined)
      return [[`${path}.${name}`, `${JSON.stringify(name)} is not a parameter of the space`]];
    if (!isNumeric(parameter)) {
      return [[`${path}.${name}`, `adds numbers, and ${name} is ${parameter.kind}: use forbid`]];
    }
    if (typeof a !== 'number' || !Number.isFinite(a) || a === 0) {
      return [[`${path}.${name}`, 'must be a finite number other than 0']];
    }
    return Number.isFinite(a * largest(parameter) * Object.keys(given).length)
      ? []
      : [[`${path}.${name}`, 'is too large for the values it multiplies']];
  });
  for (const [at, message] of problems) report(at, message);
  if (problems.length > 0) return null;
  // In an order of its own: a stored map may lose the one it was given in, and is the same constraint.
  const sorted = Object.entries(given as Record<string, number>).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

/** The predicate, or null after reporting what is wrong. Parts that compare with numbers or values are conditions. */
function parsePredicate(path: string, given: unknown, byName: ByName, report: Report): Predicate | null {
  const form = isRecord(given) ? Object.keys(given).sort().join(' ') : '';
  if (!isRecord(given)) return parseCondition(path, given, byName, report);
  if (form === 'not') {
    const part = parsePredicate(`${path}.not`, given.not, byName, report);
    return part === null ? null : { not: part };
  }
  const parts = form === 'all' || form === 'any' ? given[form] : null;
  if (Array.isArray(parts) && parts.length > 0) {
    const read = parts.map((part, i) => parsePredicate(`${path}.${form}[${i}]`, part, byName, report));
    const sound = read.filter((part) => part !== null);
    if (sound.length < read.length) return null;
    return form === 'all' ? { all: sound } : { any: sound };
  }
  for (const relation of ['above', 'below', 'equals'] as const) {
    const isOfTwo = relation === 'equals' || isRecord(given[relation]);
    if (given[relation] !== undefined && isOfTwo) return parseRelation(path, relation, given, byName, report);
  }
  return parseCondition(path, given, byName, report);
}

function parseRelation(
  path: string,
  relation: 'above' | 'below' | 'equals',
  given: Readonly<Record<string, unknown>>,
  byName: ByName,
  report: Report,
): Predicate | null {
  const reference = given[relation];
  const names = [given.param, isRecord(reference) ? reference.param : undefined];
  const places = [`${path}.param`, `${path}.${relation}.param`];
  const isBare = Object.keys(given).length === 2 && isRecord(reference) && Object.keys(reference).length === 1;
  if (!isBare) {
    report(path, `must be { "param": "x", "${relation}": { "param": "y" } }`);
    return null;
  }
  const found = names.map((name) => (typeof name === 'string' ? byName.get(name) : undefined));
  const wrong = found.map((parameter, i) => {
    if (parameter === undefined) return `${JSON.stringify(names[i])} is not a parameter of the space`;
    if (relation === 'equals' || (isNumeric(parameter) && parameter.kind !== 'boolean')) return null;
    return `compares numbers, and ${parameter.name} is ${parameter.kind}: use equals, or in`;
  });
  for (const [i, message] of wrong.entries()) if (message !== null) report(places[i] ?? path, message);
  const [param, other] = found.map((parameter) => parameter?.name ?? '');
  if (wrong.some((message) => message !== null) || param === undefined || other === undefined) return null;
  if (relation === 'equals') return { param, equals: { param: other } };
  return relation === 'above' ? { param, above: { param: other } } : { param, below: { param: other } };
}

/** Whether every value of the parameter counts as a number: an ordinal only if all are. */
function isNumeric(parameter: Parameter): boolean {
  if (parameter.kind === 'categorical') return false;
  return parameter.kind !== 'ordinal' || parameter.values.every((value) => typeof value === 'number');
}

function largest(parameter: Parameter): number {
  const values: readonly ParamValue[] =
    'low' in parameter ? [parameter.low, parameter.high] : 'values' in parameter ? parameter.values : [1];
  return Math.max(...values.map((value) => Math.abs(numberOf(value))));
}
