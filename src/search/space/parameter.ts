/** What a search space is made of: parameter kinds, their values, and the space itself. Plain data, safe to clone and store. */

/** A value of a hyperparameter. Numbers are finite. */
export type ParamValue = string | number | boolean | null;

/** Values of the active parameters by name; an inactive parameter is absent. */
export type Params = Readonly<Record<string, ParamValue>>;

/**
 * A small predicate tree over other parameters. `above` and `below` are strict and compare numbers; on an ordinal they are
 * declared with one of its values and parsed to `in`.
 */
export type Condition =
  | { readonly param: string; readonly in: readonly ParamValue[] }
  | { readonly param: string; readonly above: number }
  | { readonly param: string; readonly below: number }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** A condition that may also compare two parameters; `equals` is by kind and value. */
export type Predicate =
  | { readonly param: string; readonly in: readonly ParamValue[] }
  | { readonly param: string; readonly above: number | Reference }
  | { readonly param: string; readonly below: number | Reference }
  | { readonly param: string; readonly equals: Reference }
  | { readonly all: readonly Predicate[] }
  | { readonly any: readonly Predicate[] }
  | { readonly not: Predicate };

/** The value of another parameter. */
export interface Reference {
  readonly param: string;
}

/** sum of coefficient times value <= atMost, on raw numbers: true counts as 1, false and inactive parameters as 0. */
export interface LinearConstraint {
  readonly kind: 'linear';
  readonly name?: string;
  /** By parameter; finite, none is 0. */
  readonly coefficients: Readonly<Record<string, number>>;
  readonly atMost: number;
}

/** Values for which the predicate is certainly true are forbidden: what it says of an inactive parameter is unknown. */
export interface ForbidConstraint {
  readonly kind: 'forbid';
  readonly name?: string;
  readonly forbid: Predicate;
}

/** What the values must satisfy together, known before any trial runs. */
export type Constraint = LinearConstraint | ForbidConstraint;

interface Shared {
  /** Unique in the space; matches `[A-Za-z_][A-Za-z0-9_.-]*`. */
  readonly name: string;
  /** The one value it may take for now, of those it could; it then counts as a parameter with a single value. */
  readonly fixed?: ParamValue;
  /** A legal value. When every active parameter has one, the first trial is the default configuration. */
  readonly default?: ParamValue;
  /** The parameter is active when this holds; always, when absent. */
  readonly when?: Condition;
  readonly doc?: string;
}

/** A real number in [low, high]; with `step`, one of `low + k step`, and `high` is the last of them. */
export interface FloatParameter extends Shared {
  readonly kind: 'float';
  readonly low: number;
  readonly high: number;
  /** Searched in ln; needs low > 0, excludes `step`. */
  readonly log: boolean;
  readonly step?: number;
}

/** An integer `low + k step` in [low, high]; `high` is the last of them. */
export interface IntParameter extends Shared {
  readonly kind: 'int';
  readonly low: number;
  readonly high: number;
  /** Searched in ln; needs low >= 1 and step 1. */
  readonly log: boolean;
  readonly step: number;
}

/** One of ordered values; distance is by rank. */
export interface OrdinalParameter extends Shared {
  readonly kind: 'ordinal';
  readonly values: readonly (string | number)[];
}

/** One of unordered choices; identity by kind and value. */
export interface CategoricalParameter extends Shared {
  readonly kind: 'categorical';
  readonly choices: readonly ParamValue[];
}

/** False or true; models treat it as a categorical of these two. */
export interface BooleanParameter extends Shared {
  readonly kind: 'boolean';
}

export type Parameter = FloatParameter | IntParameter | OrdinalParameter | CategoricalParameter | BooleanParameter;

/** A parsed space. The order of declaration is part of the replay contract: a list, since stored maps may lose theirs. */
export interface SearchSpace {
  readonly parameters: readonly Parameter[];
  /** Absent when there is none. Every proposal satisfies all of them. */
  readonly constraints?: readonly Constraint[];
}
