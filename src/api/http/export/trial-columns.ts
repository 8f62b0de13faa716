/** The columns of a table of trials that every experiment has. */

/** In this order; hyperparameters and metrics follow. */
export const TRIAL_COLUMNS = [
  'number',
  'id',
  'name',
  'state',
  'value',
  'createdAt',
  'startedAt',
  'endedAt',
  'tags',
] as const;

/** What is shown of each metric. */
export const METRIC_STATS = ['last', 'min', 'max'] as const;
