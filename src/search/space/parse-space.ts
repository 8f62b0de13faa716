/** The border of `space/`: declarations as people and files write them, checked once and made into a `SearchSpace`. */

import { sortByConditions } from './draw-order.js';
import type { Parameter, ParamValue, SearchSpace } from './parameter.js';
import { parseCondition } from './parse-condition.js';
import { parseConstraints } from './parse-constraint.js';
import { isRecord, parseParameter } from './parse-parameter.js';
import { type Problem, type Report, SpaceError } from './space-error.js';
import { describeValues, isLegalValue } from './validate-params.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const PARTS: readonly string[] = ['parameters', 'constraints', 'fixed'];
const MOST_PARAMETERS = 5_000;

/**
 * The space that was declared, either as `{ parameters, constraints?, fixed? }` or as a bare map of parameters. `parameters` is
 * a list `[{ name, kind, … }, …]` or a map `{ name: { kind, … }, … }`; `fixed` a map from name to value, which may also
 * stand in the parameter. What it returns has a list and no map of fixed values, is JSON, and parses to itself: store it
 * rather than a map, whose order a store may lose.
 * @throws SpaceError with every problem found.
 */
export function parseSpace(given: unknown): SearchSpace {
  const problems: Problem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });

  const { named, constraints, fixed } = partsOf(given, report);
  const declared = declarations(named, report);
  const parsed = declared.flatMap(([name, declaration]) => {
    const parameter = parseParameter(name, declaration, report);
    return parameter === null ? [] : [{ parameter, declaration: isRecord(declaration) ? declaration : {} }];
  });
  // Conditions, constraints and fixed values are read against other parameters: only when those are known to be sound.
  if (problems.length > 0) throw new SpaceError(problems);
  const parameters = withConditions(parsed, report);
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const together = parseConstraints(constraints, byName, report);
  const values = fixedValues(parsed, fixed, byName, report);

  if (problems.length > 0) throw new SpaceError(problems);
  const space = {
    parameters: parameters.map((parameter) =>
      values.has(parameter.name) ? { ...parameter, fixed: values.get(parameter.name) ?? null } : parameter,
    ),
  };
  return together.length === 0 ? space : { ...space, constraints: together };
}

interface Parts {
  readonly named: readonly (readonly [string, unknown])[];
  readonly constraints: unknown;
  readonly fixed: unknown;
}

function partsOf(given: unknown, report: Report): Parts {
  if (!isRecord(given)) {
    report('space', 'must be { "parameters": [{ "name": …, "kind": … }, …] } or a map from name to { "kind": … }');
    return { named: [], constraints: undefined, fixed: undefined };
  }
  const { parameters, constraints, fixed } = given;
  // A bare map may have a parameter of that name, which then has a kind.
  const isWhole = Array.isArray(parameters) || (isRecord(parameters) && typeof parameters.kind !== 'string');
  const named = Array.isArray(parameters)
    ? parameters.map((item, i) => [nameIn(item, i, report), item] as const)
    : Object.entries(isWhole && isRecord(parameters) ? parameters : given);
  for (const extra of isWhole ? Object.keys(given).filter((name) => !PARTS.includes(name)) : []) {
    report(extra, `unknown key beside parameters: a space takes ${PARTS.join(', ')}`);
  }
  if (named.length === 0) report('space', 'declares no parameter: give at least one');
  if (named.length > MOST_PARAMETERS) {
    report('space', `declares ${named.length} parameters: at most ${MOST_PARAMETERS} are searched together`);
    return { named: [], constraints: undefined, fixed: undefined };
  }
  return isWhole ? { named, constraints, fixed } : { named, constraints: undefined, fixed: undefined };
}

function declarations(named: Parts['named'], report: Report): Parts['named'] {
  const seen = new Set<string>();
  return named.filter(([name]) => {
    if (name === '') return false;
    if (!NAME.test(name) || name === '__proto__') {
      report(name, 'is not a name: use letters, digits, _ . - and begin with a letter or _');
    } else if (seen.has(name)) report(name, 'is declared twice');
    seen.add(name);
    return true;
  });
}

function nameIn(item: unknown, i: number, report: Report): string {
  if (isRecord(item) && typeof item.name === 'string' && item.name !== '') return item.name;
  report(`parameters[${i}].name`, 'is missing');
  return '';
}

interface Parsed {
  readonly parameter: Parameter;
  readonly declaration: Readonly<Record<string, unknown>>;
}

function withConditions(parsed: readonly Parsed[], report: Report): readonly Parameter[] {
  const byName = new Map(parsed.map(({ parameter }) => [parameter.name, parameter]));
  const parameters = parsed.map(({ parameter, declaration: { when } }): Parameter => {
    if (when === undefined || when === null) return parameter;
    const condition = parseCondition(`${parameter.name}.when`, when, byName, report);
    return condition === null ? parameter : { ...parameter, when: condition };
  });

  const { circular } = sortByConditions(parameters);
  const names = circular.map((parameter) => parameter.name);
  for (const name of names) report(`${name}.when`, `waits in a circle: ${names.join(', ')} depend on each other`);
  return parameters;
}

/** The values parameters are fixed at, by name: those of the map, else those in the parameters. */
function fixedValues(
  parsed: readonly Parsed[],
  given: unknown,
  byName: ReadonlyMap<string, Parameter>,
  report: Report,
): ReadonlyMap<string, ParamValue> {
  if (given !== undefined && given !== null && !isRecord(given))
    report('fixed', 'must be a map from parameter to value');
  const inside = parsed.flatMap(({ parameter, declaration }): readonly (readonly [string, string, unknown])[] =>
    isGiven(parameter, declaration.fixed) ? [[parameter.name, `${parameter.name}.fixed`, declaration.fixed]] : [],
  );
  const beside = Object.entries(isRecord(given) ? given : {}).map(
    ([name, value]) => [name, `fixed.${name}`, value] as const,
  );
  const values = new Map<string, ParamValue>();
  for (const [name, path, value] of [...inside, ...beside]) {
    const parameter = byName.get(name);
    if (parameter === undefined) report(path, 'is not a parameter of the space');
    else if (!isLegalValue(parameter, value as ParamValue)) {
      report(path, `is ${JSON.stringify(value)}: give ${describeValues(parameter)}`);
    } else values.set(name, value as ParamValue);
  }
  return values;
}

/** Null is absent, unless it is a choice. */
function isGiven(parameter: Parameter, value: unknown): boolean {
  return value !== undefined && (value !== null || isLegalValue(parameter, null));
}
