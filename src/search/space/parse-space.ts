/** The border of `space/`: declarations as people and files write them, checked once and made into a `SearchSpace`. */

import { sortByConditions } from './draw-order.js';
import type { Parameter, SearchSpace } from './parameter.js';
import { parseCondition } from './parse-condition.js';
import { isRecord, parseParameter } from './parse-parameter.js';
import { type Problem, type Report, SpaceError } from './space-error.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/**
 * The space that was declared, either as `{ parameters: [{ name, kind, … }, …] }` or as a map `{ name: { kind, … }, … }`.
 * What it returns is the first form, JSON, and parses to itself: store it rather than a map, whose order a store may lose.
 * @throws SpaceError with every problem found.
 */
export function parseSpace(given: unknown): SearchSpace {
  const problems: Problem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });

  const parameters = declarations(given, report).flatMap(([name, declaration]) => {
    const parameter = parseParameter(name, declaration, report);
    return parameter === null ? [] : [{ parameter, when: isRecord(declaration) ? declaration.when : undefined }];
  });
  // Conditions are read against values of other parameters: only when those are known to be sound.
  const space = problems.length === 0 ? withConditions(parameters, report) : [];

  if (problems.length > 0) throw new SpaceError(problems);
  return { parameters: space };
}

function declarations(given: unknown, report: Report): readonly (readonly [string, unknown])[] {
  if (!isRecord(given)) {
    report('space', 'must be { "parameters": [{ "name": …, "kind": … }, …] } or a map from name to { "kind": … }');
    return [];
  }
  const list = Array.isArray(given.parameters) ? given.parameters : null;
  const named = list === null ? Object.entries(given) : list.map((item, i) => [nameIn(item, i, report), item] as const);
  if (list !== null) {
    for (const extra of Object.keys(given).filter((name) => name !== 'parameters'))
      report(extra, 'unknown key beside parameters');
  }
  if (named.length === 0) report('space', 'declares no parameter: give at least one');

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

function withConditions(
  parsed: readonly { readonly parameter: Parameter; readonly when: unknown }[],
  report: Report,
): readonly Parameter[] {
  const byName = new Map(parsed.map(({ parameter }) => [parameter.name, parameter]));
  const parameters = parsed.map(({ parameter, when }): Parameter => {
    if (when === undefined || when === null) return parameter;
    const condition = parseCondition(`${parameter.name}.when`, when, byName, report);
    return condition === null ? parameter : { ...parameter, when: condition };
  });

  const { circular } = sortByConditions(parameters);
  const names = circular.map((parameter) => parameter.name);
  for (const name of names) report(`${name}.when`, `waits in a circle: ${names.join(', ')} depend on each other`);
  return parameters;
}
