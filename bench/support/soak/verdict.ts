/** Which quantities of a soak may not grow, by how much they may seem to, and whether they did. Pure. */

import type { Sample } from './sample.js';
import { type Trend, trendOf } from './trend.js';

/**
 * What may come of noise in a simulated day: so much, or so much of the median, whichever is more. What is never removed
 * grows by one and a half of its median.
 */
interface Allowance {
  readonly name: RegExp;
  readonly unit: string;
  readonly least: number;
  readonly share: number;
}

const ALLOWANCES: readonly Allowance[] = [
  { name: /^heap$/, unit: 'MiB', least: 8, share: 0 },
  { name: /^resident memory$/, unit: 'MiB', least: 25, share: 0.2 },
  { name: /^Postgres memory$/, unit: 'MiB', least: 25, share: 0.1 },
  { name: /^connections$/, unit: '', least: 5, share: 0.1 },
  { name: /^(file descriptors|active resources)$/, unit: '', least: 10, share: 0.3 },
  { name: /^WAL beyond its bound$/, unit: 'MiB', least: 32, share: 0.15 },
  { name: /^disk per million points$/, unit: 'MiB', least: 2, share: 0.25 },
  { name: /^disk of /, unit: 'MiB', least: 16, share: 0.25 },
  { name: /^dead rows/, unit: 'rows', least: 5_000, share: 0.25 },
  { name: / per (100 trials|100 trials with jobs|project)$/, unit: '', least: 2, share: 0.3 },
  { name: /^(rows of|files|trials that nobody knows|bookkeeping rows)/, unit: '', least: 40, share: 0.3 },
];

/**
 * Kept for ever, by design: what happened in a project is told until the project is deleted. Judged per trial instead, and
 * so is what its table takes on disk.
 */
const KEPT = new Set(['rows of event', 'disk of event']);
/** There are as many as trials or projects are kept just now: judged per one of them, and those against the ledger. */
const PER_TRIAL = [
  'api_key',
  'artifact',
  'log_segment',
  'log_stream',
  'metric_chunk',
  'metric_segment',
  'metric_stream',
  'metric_summary',
  'trial_lease',
];
const PER_PROJECT = ['experiment', 'metric_key'];
/** Only the trials of agents have jobs, and their share of all trials wanders: judged per one of those. */
const JOBS = 'training_job per 100 trials with jobs';
const KEPT_BY_LOAD = new Set(
  ['trial', 'training_job', 'training_job by trial', ...PER_TRIAL, ...PER_PROJECT].map((table) => `rows of ${table}`),
);
/** Postgres keeps files of its log for its next use, up to max_wal_size. */
const WAL_BOUND_MIB = 1_024;

const BOOKKEEPING = ['change', 'client_request', 'runner'];

/** Judged in every run: one that was never sampled fails it. */
const ALWAYS = [
  ...['heap', 'resident memory', 'Postgres memory', 'connections', 'file descriptors', 'active resources', 'files'],
  ...['WAL beyond its bound', 'disk per million points', 'dead rows', 'trials that nobody knows', 'bookkeeping rows'],
  ...[...PER_TRIAL, 'events'].map((table) => `${table} per 100 trials`),
  JOBS,
  ...PER_PROJECT.map((table) => `${table} per project`),
];

export interface Judged {
  readonly name: string;
  readonly unit: string;
  /** Per simulated day. */
  readonly growth: number;
  readonly low: number;
  readonly high: number;
  readonly median: number;
  readonly limit: number;
  readonly grows: boolean;
}

/** Adds what follows from others: sums, and what there is per trial and project that is kept, or per trial ever started. */
export function completed(
  sample: Sample,
  { started, living, points }: { readonly started: number; readonly living: number; readonly points: number },
): Sample {
  const of = (name: string) => sample[name] ?? Number.NaN;
  const per = (tables: readonly string[], many: number, unit: string) =>
    tables.map((table) => [`${table} per ${unit}`, of(`rows of ${table}`) / Math.max(1, many)] as const);
  return {
    ...sample,
    ...Object.fromEntries(per(PER_TRIAL, of('rows of trial') / 100, '100 trials')),
    ...Object.fromEntries(per(PER_PROJECT, of('rows of project'), 'project')),
    [JOBS]: (100 * of('rows of training_job')) / Math.max(1, of('rows of training_job by trial')),
    // Of the queue, and of what is deleted but not purged yet: a purge or a deletion that stops makes it grow.
    'trials that nobody knows': of('rows of trial') - living,
    'bookkeeping rows': BOOKKEEPING.reduce((sum, table) => sum + of(`rows of ${table}`), 0),
    'WAL beyond its bound': Math.max(0, of('WAL') - WAL_BOUND_MIB),
    // Of so few trials some are far longer than others: what is kept wanders by a fifth, and the disk with it.
    'disk per million points': (of('disk') - of('disk of event')) / Math.max(1, points / 1e6),
    'events per 100 trials': (100 * of('rows of event')) / Math.max(1, started),
  };
}

/**
 * Judges samples taken at `at` (simulated days). It grows if it seems to grow by more than its allowance a day, and the 95 %
 * interval of that is above zero. Of which there are too few samples to tell, it counts as growing.
 */
export function judge(at: readonly number[], samples: readonly Sample[]): Judged[] {
  const names = [...new Set([...ALWAYS, ...samples.flatMap((sample) => Object.keys(sample))])];
  return names.flatMap((name) => {
    const allowance = ALLOWANCES.find((one) => one.name.test(name));
    if (allowance === undefined || KEPT.has(name) || KEPT_BY_LOAD.has(name)) return [];
    const known = samples.flatMap((sample, i) => (Number.isFinite(sample[name]) ? [i] : []));
    const trend = trendOf(
      known.map((i) => at[i] as number),
      known.map((i) => samples[i]?.[name] as number),
    );
    return [verdictOf(name, allowance, trend)];
  });
}

function verdictOf(name: string, { unit, least, share }: Allowance, { slope, low, high, median }: Trend): Judged {
  const limit = Math.max(least, share * median);
  const grows = !Number.isFinite(slope) || (slope > limit && low > 0);
  return { name, unit, growth: slope, low, high, median, limit, grows };
}
