/** Builders for the parameters of a search space. */

interface Declared {
  readonly default?: unknown;
  /** Active only when this holds, such as `{ param: 'optimizer', in: ['sgd'] }`. */
  readonly when?: Readonly<Record<string, unknown>>;
  readonly doc?: string;
}

export const space = {
  /** A real number in [low, high]. */
  float: (low: number, high: number, options: Declared & { readonly log?: boolean; readonly step?: number } = {}) => ({
    kind: 'float',
    low,
    high,
    ...options,
  }),
  /** An integer in [low, high]. */
  int: (low: number, high: number, options: Declared & { readonly log?: boolean; readonly step?: number } = {}) => ({
    kind: 'int',
    low,
    high,
    ...options,
  }),
  /** One of unordered choices. */
  choice: (choices: readonly (string | number | boolean | null)[], options: Declared = {}) => ({
    kind: 'categorical',
    choices,
    ...options,
  }),
  /** One of ordered values. */
  ordinal: (values: readonly (string | number)[], options: Declared = {}) => ({ kind: 'ordinal', values, ...options }),
  boolean: (options: Declared = {}) => ({ kind: 'boolean', ...options }),
} as const;
