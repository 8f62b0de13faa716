/** The search space of a file: W&B's spelling of parameters, and our conditions, as declarations of `search/space`. */
import type { Keys } from './places.js';

export interface FileParameter {
  readonly distribution?: string;
  readonly value?: unknown;
  readonly values?: readonly unknown[];
  readonly min?: number;
  readonly max?: number;
  readonly q?: number;
  readonly step?: number;
  readonly log?: boolean;
  readonly ordered?: boolean;
  readonly default?: unknown;
  readonly doc?: string;
}

export interface FileCondition {
  readonly parameter: string;
  readonly when: Readonly<Record<string, unknown>>;
}

export interface SpaceSource {
  readonly parameters: Readonly<Record<string, FileParameter>>;
  readonly conditions: readonly FileCondition[];
  /** Whether the number at this key was written as a whole one: 1 and not 1.0. */
  isWhole(keys: Keys): boolean;
  report(keys: Keys, message: string): void;
}

type Declaration = Readonly<Record<string, unknown>> & { readonly name: string };

/** `{ parameters: [...] }` in the order of the file; what cannot be read is reported and left out. */
export function readSpace(source: SpaceSource): { readonly parameters: readonly Declaration[] } {
  const conditions = readConditions(source);
  const parameters = Object.entries(source.parameters).flatMap(([name, parameter]) => {
    const kind = readParameter(source, name, parameter);
    if (kind === null) return [];
    const when = conditions.get(name);
    const { default: preset, doc } = parameter;
    return [
      {
        name,
        ...kind,
        ...(preset === undefined ? {} : { default: preset }),
        ...(doc === undefined ? {} : { doc }),
        ...(when === undefined ? {} : { when }),
      },
    ];
  });
  return { parameters };
}

/** Where a problem that `search/space` reports at `name.field` stands in the file. */
export function placeOf(source: SpaceSource, path: string): Keys {
  const name = Object.keys(source.parameters)
    .filter((candidate) => path === candidate || path.startsWith(`${candidate}.`))
    .sort((a, b) => b.length - a.length)[0];
  if (name === undefined) return ['parameters'];
  const field = path.slice(name.length + 1);
  const condition = source.conditions.findIndex((candidate) => candidate.parameter === name);
  if (field.startsWith('when') && condition >= 0) return ['conditions', condition, 'when'];
  const given = source.parameters[name] ?? {};
  const key = (SPELLINGS[field] ?? [field]).find((candidate) => Object.hasOwn(given, candidate));
  return key === undefined ? ['parameters', name] : ['parameters', name, key];
}

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  low: ['min'],
  high: ['max'],
  step: ['step', 'q'],
  log: ['log', 'distribution'],
  choices: ['values', 'value'],
  values: ['values'],
  default: ['default'],
  doc: ['doc'],
};

function readParameter(source: SpaceSource, name: string, given: FileParameter): object | null {
  const keys = ['parameters', name];
  const forms = [
    given.value !== undefined,
    given.values !== undefined,
    given.min !== undefined || given.max !== undefined,
  ];
  if (forms.filter(Boolean).length !== 1) {
    source.report(keys, 'needs value, or values, or min and max');
    return null;
  }
  if (given.value !== undefined) return { kind: 'categorical', choices: [given.value] };
  if (given.values !== undefined) return readValues(given, given.values);
  const { min, max } = given;
  if (min === undefined || max === undefined) {
    source.report(keys, `${min === undefined ? 'min' : 'max'} is missing`);
    return null;
  }
  return readRange(source, keys, given, min, max);
}

/** Numbers have an order, whatever the order they were listed in; exactly false and true are a switch. */
function readValues({ distribution, ordered }: FileParameter, values: readonly unknown[]): object {
  if (values.length === 2 && values.includes(true) && values.includes(false)) return { kind: 'boolean' };
  const areNumbers = values.every((value) => typeof value === 'number');
  const isOrdered = ordered ?? (areNumbers && distribution !== 'categorical' && values.length > 1);
  if (!isOrdered) return { kind: 'categorical', choices: values };
  return { kind: 'ordinal', values: areNumbers ? [...values].sort((a, b) => Number(a) - Number(b)) : values };
}

function readRange(source: SpaceSource, keys: Keys, given: FileParameter, min: number, max: number): object | null {
  const { distribution, log, q, step = q } = given;
  const stepped = step === undefined ? {} : { step };
  switch (distribution) {
    case undefined: {
      const isInt = source.isWhole([...keys, 'min']) && source.isWhole([...keys, 'max']);
      return { kind: isInt ? 'int' : 'float', low: min, high: max, log: log ?? false, ...stepped };
    }
    case 'int_uniform':
      return { kind: 'int', low: min, high: max, log: log ?? false, ...stepped };
    case 'uniform':
      return { kind: 'float', low: min, high: max, log: log ?? false, ...stepped };
    case 'q_uniform':
      return { kind: 'float', low: min, high: max, log: false, step: step ?? 1 };
    case 'log_uniform_values':
      return { kind: 'float', low: min, high: max, log: true, ...stepped };
    case 'log_uniform':
      return { kind: 'float', low: Math.exp(min), high: Math.exp(max), log: true, ...stepped };
    default:
      source.report([...keys, 'distribution'], `${distribution} needs value or values, not min and max`);
      return null;
  }
}

/** Conditions by parameter; several on one must all hold. */
function readConditions(source: SpaceSource): ReadonlyMap<string, unknown> {
  const byParameter = new Map<string, unknown[]>();
  for (const [i, { parameter, when }] of source.conditions.entries()) {
    if (!Object.hasOwn(source.parameters, parameter)) {
      source.report(['conditions', i, 'parameter'], `${parameter} is not one of the parameters`);
      continue;
    }
    byParameter.set(parameter, [...(byParameter.get(parameter) ?? []), readWhen(when)]);
  }
  return new Map([...byParameter].map(([parameter, all]) => [parameter, all.length === 1 ? all[0] : { all }]));
}

const LONG_FORMS = ['param', 'all', 'any', 'not'];

/** The long forms as they are; `{ optimizer: [sgd] }` is short for `{ param: optimizer, in: [sgd] }`. */
function readWhen(when: Readonly<Record<string, unknown>>): unknown {
  if (LONG_FORMS.some((form) => Object.hasOwn(when, form))) return when;
  const all = Object.entries(when).map(([param, values]) => ({ param, in: Array.isArray(values) ? values : [values] }));
  return all.length === 1 ? all[0] : { all };
}
