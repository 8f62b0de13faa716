/** Reads one parameter, all but its condition and the value it is fixed at. */

import { gridCount, gridValue } from './levels.js';
import type { Parameter, ParamValue } from './parameter.js';
import type { Report } from './space-error.js';
import { describeValues, isLegalValue } from './validate-params.js';

/** Encoding and decoding are exact below these; far above what anyone counts. */
const MOST_VALUES = 2 ** 48;
const LOG_INT_HIGHEST = 2 ** 40;

const KEYS: Readonly<Record<Parameter['kind'], readonly string[]>> = {
  float: ['low', 'high', 'log', 'step'],
  int: ['low', 'high', 'log', 'step'],
  ordinal: ['values'],
  categorical: ['choices'],
  boolean: [],
};
const SHARED_KEYS = ['name', 'kind', 'fixed', 'default', 'when', 'doc'];

type Fields = Readonly<Record<string, unknown>>;

/** The parameter, with bounds normalised, or null after reporting what is wrong. */
export function parseParameter(name: string, given: unknown, report: Report): Parameter | null {
  if (!isRecord(given)) {
    report(name, 'must be an object such as { "kind": "float", "low": 0, "high": 1 }');
    return null;
  }
  const kind = given.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(KEYS, kind)) {
    report(
      `${name}.kind`,
      `${kind === undefined ? 'is missing' : `${JSON.stringify(kind)} is unknown`}: use one of ${Object.keys(KEYS).join(', ')}`,
    );
    return null;
  }
  const allowed = [...SHARED_KEYS, ...KEYS[kind as Parameter['kind']]];
  for (const extra of Object.keys(given).filter((field) => !allowed.includes(field))) {
    report(`${name}.${extra}`, `unknown key: a ${kind} takes ${allowed.join(', ')}`);
  }
  if (given.name !== undefined && given.name !== name) report(`${name}.name`, 'differs from the key of the map');

  const bare = READERS[kind as Parameter['kind']](name, given, report);
  return bare === null ? null : withShared(bare, given, report);
}

/** Whether a value is an object that is no list. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Reader = (name: string, given: Fields, report: Report) => Parameter | null;

const READERS: Readonly<Record<Parameter['kind'], Reader>> = {
  float: parseFloat64,
  int: parseInteger,
  ordinal: (name, given, report) => {
    const isValue = (value: unknown) => typeof value === 'string' || Number.isFinite(value);
    const values = parseValues(`${name}.values`, given.values, isValue, 'strings or finite numbers', report);
    return values === null ? null : { kind: 'ordinal', name, values: values as (string | number)[] };
  },
  categorical: (name, given, report) => {
    const isChoice = (value: unknown) =>
      value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
    const choices = parseValues(
      `${name}.choices`,
      given.choices,
      isChoice,
      'strings, finite numbers, booleans or null',
      report,
    );
    return choices === null ? null : { kind: 'categorical', name, choices };
  },
  boolean: (name) => ({ kind: 'boolean', name }),
};

function parseFloat64(name: string, given: Fields, report: Report): Parameter | null {
  const range = parseRange(name, given, report);
  if (range === null) return null;
  const { low, high, log, step } = range;

  const problem = firstOf([
    [low >= high, 'high', `must be greater than low, ${low}; a single value is a categorical`],
    [!Number.isFinite(high - low), 'high', 'is too far from low: the width must be finite'],
    [log && low <= 0, 'low', 'must be greater than 0 with log'],
    [log && !(Math.log(high) > Math.log(low)), 'high', 'is too close to low for log'],
    [log && step !== undefined, 'step', 'excludes log'],
    [
      step !== undefined && step < 1e-13 * Math.max(Math.abs(low), Math.abs(high)),
      'step',
      'is too fine for bounds of this size',
    ],
    [step !== undefined && gridCount(low, high, step) < 2, 'step', 'is wider than the range'],
    [step !== undefined && (high - low) / step >= MOST_VALUES, 'step', 'makes too many values: leave it out'],
  ]);
  if (problem !== null) return refuse(name, problem, report);
  if (step === undefined) return { kind: 'float', name, low, high, log };
  return { kind: 'float', name, low, high: gridValue(low, step, gridCount(low, high, step) - 1), log, step };
}

function parseInteger(name: string, given: Fields, report: Report): Parameter | null {
  const range = parseRange(name, given, report);
  if (range === null) return null;
  const { low, high, log, step = 1 } = range;

  const problem = firstOf([
    [!Number.isSafeInteger(low), 'low', 'must be a whole number'],
    [!Number.isSafeInteger(high), 'high', 'must be a whole number'],
    [!Number.isSafeInteger(step), 'step', 'must be a whole number'],
    [low > high, 'high', `must not be less than low, ${low}`],
    [log && low < 1, 'low', 'must be at least 1 with log'],
    [log && step !== 1, 'step', 'must be 1 with log'],
    [log && high > LOG_INT_HIGHEST, 'high', `must be at most ${LOG_INT_HIGHEST} with log`],
    [(high - low) / step >= MOST_VALUES, 'high', 'is too far from low'],
  ]);
  if (problem !== null) return refuse(name, problem, report);
  return { kind: 'int', name, low, high: low + (gridCount(low, high, step) - 1) * step, log, step };
}

interface Range {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step?: number;
}

function parseRange(name: string, given: Fields, report: Report): Range | null {
  const { low, high, log, step } = given;
  const problems = [
    ...(['low', 'high'] as const)
      .filter((end) => !Number.isFinite(given[end]))
      .map((end) => [end, 'must be a finite number']),
    ...(log === undefined || log === null || typeof log === 'boolean' ? [] : [['log', 'must be true or false']]),
    ...(step === undefined || step === null || (Number.isFinite(step) && Number(step) > 0)
      ? []
      : [['step', 'must be a number > 0']]),
  ];
  for (const [field, message] of problems) report(`${name}.${field}`, message ?? '');
  if (problems.length > 0) return null;
  // + 0 turns -0 into 0.
  const range = { low: Number(low) + 0, high: Number(high) + 0, log: log === true };
  return typeof step === 'number' ? { ...range, step } : range;
}

function parseValues(
  path: string,
  given: unknown,
  isValue: (value: unknown) => boolean,
  expected: string,
  report: Report,
): readonly ParamValue[] | null {
  if (!Array.isArray(given) || given.length === 0) {
    report(path, `must be a list of ${expected}`);
    return null;
  }
  const wrong = given.filter((value) => !isValue(value));
  for (const value of wrong) report(path, `${JSON.stringify(value) ?? String(value)} is not allowed: use ${expected}`);
  const repeated = new Set(given.filter((value, i) => given.indexOf(value) < i));
  for (const value of repeated) report(path, `${JSON.stringify(value)} is listed twice`);
  return wrong.length + repeated.size > 0 ? null : given.map((value) => (value === 0 ? 0 : (value as ParamValue)));
}

function withShared(parameter: Parameter, given: Fields, report: Report): Parameter {
  const { name } = parameter;
  const isNullChoice = given.default === null && isLegalValue(parameter, null);
  const hasDefault = given.default !== undefined && (given.default !== null || isNullChoice);
  if (hasDefault && !isLegalValue(parameter, given.default as ParamValue)) {
    report(`${name}.default`, `is ${JSON.stringify(given.default)}: give ${describeValues(parameter)}`);
  }
  const hasDoc = given.doc !== undefined && given.doc !== null;
  if (hasDoc && typeof given.doc !== 'string') report(`${name}.doc`, 'must be text');
  return {
    ...parameter,
    ...(hasDefault ? { default: given.default as ParamValue } : {}),
    ...(hasDoc ? { doc: String(given.doc) } : {}),
  };
}

type Check = readonly [isWrong: boolean, field: string, message: string];

function firstOf(checks: readonly Check[]): Check | null {
  return checks.find(([isWrong]) => isWrong) ?? null;
}

function refuse(name: string, [, field, message]: Check, report: Report): null {
  report(`${name}.${field}`, message);
  return null;
}
