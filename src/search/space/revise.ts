/** Revisions of a space while its experiment runs: each takes a space and answers the next one, parsed anew. */

import { completeParams } from './default-params.js';
import type { Parameter, Params, ParamValue, SearchSpace } from './parameter.js';
import { parseSpace } from './parse-space.js';
import { SpaceError } from './space-error.js';
import { describeValues, isLegalValue } from './validate-params.js';

/** What a parameter may take from now on: bounds of numbers, values of an ordinal, choices of a categorical. */
export interface Range {
  readonly low?: number;
  readonly high?: number;
  readonly values?: readonly (string | number)[];
  readonly choices?: readonly ParamValue[];
  /** Give a new default where the old one is left out. */
  readonly default?: ParamValue;
}

/**
 * Leaves out values of a parameter.
 * @throws SpaceError when the range holds values the parameter could not take, or conditions and constraints need others.
 */
export function shrink(space: SearchSpace, name: string, to: Range): SearchSpace {
  const before = parameterOf(space, name);
  const after = withRange(before, to);
  const wrong = endsOf(after).filter((value) => !isLegalValue(unfixed(before), value));
  if (wrong.length > 0) {
    const message = `${wrong.map((value) => JSON.stringify(value)).join(', ')} would be new: give part of ${describeValues(unfixed(before))}, or extend`;
    throw new SpaceError([{ path: name, message }]);
  }
  return replace(space, after);
}

/**
 * Adds values to a parameter; it keeps those it could take.
 * @throws SpaceError when values would be lost, or the range is no range.
 */
export function extend(space: SearchSpace, name: string, to: Range): SearchSpace {
  const before = parameterOf(space, name);
  const revised = replace(space, withRange(before, to));
  const after = unfixed(parameterOf(revised, name));
  const lost = endsOf(unfixed(before)).filter((value) => !isLegalValue(after, value));
  if (lost.length > 0) {
    const message = `${lost.map((value) => JSON.stringify(value)).join(', ')} would be lost: keep ${describeValues(unfixed(before))}, or shrink`;
    throw new SpaceError([{ path: name, message }]);
  }
  return revised;
}

/** Fixes a parameter at one of its values. @throws SpaceError when it is none of them. */
export function freeze(space: SearchSpace, name: string, value: ParamValue): SearchSpace {
  return replace(space, { ...parameterOf(space, name), fixed: value });
}

/** Lets a fixed parameter take all its values again; one that is not fixed stays as it is. */
export function unfreeze(space: SearchSpace, name: string): SearchSpace {
  return replace(space, unfixed(parameterOf(space, name)));
}

/**
 * Adds a parameter at the end, declared as for `parseSpace`. It must have a default: the value that earlier trials had.
 * @throws SpaceError when it has none, or its name is taken.
 */
export function addParameter(space: SearchSpace, declaration: Readonly<Record<string, unknown>>): SearchSpace {
  const revised = parseSpace({ ...space, parameters: [...space.parameters, declaration] });
  const added = revised.parameters.at(-1);
  if (added !== undefined && added.default === undefined) {
    const message = 'is missing: give the value that the trials so far have run with';
    throw new SpaceError([{ path: `${added.name}.default`, message }]);
  }
  return revised;
}

/** Removes a parameter. @throws SpaceError when conditions or constraints mention it: remove those first. */
export function removeParameter(space: SearchSpace, name: string): SearchSpace {
  const removed = parameterOf(space, name);
  return parseSpace({ ...space, parameters: space.parameters.filter((parameter) => parameter !== removed) });
}

/** Whether a trial of an earlier revision stays in the models: completed by the defaults of new parameters it is legal now. */
export function fitsRevision(space: SearchSpace, params: Params): boolean {
  return completeParams(space, params) !== null;
}

function parameterOf(space: SearchSpace, name: string): Parameter {
  const found = space.parameters.find((parameter) => parameter.name === name);
  if (found !== undefined) return found;
  const names = space.parameters.map((parameter) => parameter.name).join(', ');
  throw new SpaceError([{ path: name, message: `is not a parameter of the space: it has ${names}` }]);
}

function replace(space: SearchSpace, changed: Parameter): SearchSpace {
  const parameters = space.parameters.map((parameter) => (parameter.name === changed.name ? changed : parameter));
  return parseSpace({ ...space, parameters });
}

/** The parser refuses what its kind does not take. */
function withRange(parameter: Parameter, to: Range): Parameter {
  return { ...parameter, ...to } as Parameter;
}

function unfixed(parameter: Parameter): Parameter {
  const { fixed: _, ...rest } = parameter;
  return rest;
}

/** The values that decide whether one range holds another: the ends of numbers, all of a list. */
function endsOf(parameter: Parameter): readonly ParamValue[] {
  if ('low' in parameter) return [parameter.low, parameter.high];
  return 'values' in parameter ? parameter.values : 'choices' in parameter ? parameter.choices : [];
}
