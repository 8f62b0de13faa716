/** `trialgraph experiment analyse`: what the trials say, for people in a page and for programs whole. */
import type { Command } from 'commander';
import { decodeColumn } from '../../../sdk/typescript/columns.js';
import {
  AnalyseExperimentDocument,
  type AnalyseExperimentQuery,
  type ImportanceMethod,
} from '../../../sdk/typescript/generated/operations.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { CommandError, formatNumber, type OutputOptions, printJson } from '../output.js';
import { wholeNumber } from '../whole-number.js';
import { experimentId } from './experiment-id.js';

interface Flags extends ConnectionOptions, OutputOptions {
  readonly importance: string;
  readonly objective: string;
}

type Found = NonNullable<AnalyseExperimentQuery['experiment']>;
type Analysis = NonNullable<Found['analysis']>;

const METHODS: Readonly<Record<string, ImportanceMethod>> = { 'ped-anova': 'PED_ANOVA', fanova: 'FANOVA' };
/** Pairs of parameters that fANOVA looks at, of the most important so many. */
const PAIRED = 5;
const BAR = 30;
/** Improvements that are shown: the last ones. */
const IMPROVEMENTS = 8;
/** Parameters that tell less of who fails are not worth a line. */
const LEAST_TOLD = 0.05;
/** Share of the worst share of failures from which a neighbour belongs to the worst part. */
const NEARLY = 0.7;

export function addAnalyseCommand(experiment: Command): void {
  withConnection(experiment.command('analyse <experiment>'))
    .alias('analyze')
    .description('how its best value came about, which parameters matter, where trials fail, whether to go on')
    .option('--importance <method>', 'ped-anova or fanova', 'ped-anova')
    .option('--objective <index>', 'which objective, from 0', '0')
    .option('--json', 'print JSON')
    .action(analyse);
}

async function analyse(nameOrId: string, flags: Flags): Promise<void> {
  const method = METHODS[flags.importance.toLowerCase().replace('_', '-')];
  if (method === undefined)
    throw new CommandError(`importance cannot be measured by ${flags.importance}: say ped-anova or fanova`, 2);
  const objective = wholeNumber(flags.objective, '--objective', 0);
  await withClient(flags, async (client) => {
    const variables = {
      experimentId: await experimentId(client, nameOrId),
      method,
      objective,
      pairs: method === 'FANOVA' ? PAIRED : 0,
    };
    const { experiment } = await client.request(AnalyseExperimentDocument, variables);
    if (!experiment?.analysis) throw new CommandError(`${nameOrId} has no search to analyse`);
    const { analysis } = experiment;
    if (flags.json === true) return printJson(decoded(analysis));
    const parts = [progress(experiment), best(analysis), importance(analysis), failures(analysis), stopping(analysis)];
    process.stdout.write(`${parts.filter((part) => part !== '').join('\n\n')}\n`);
  });
}

function progress({ name, project, state, counts, search }: Found): string {
  const goal = search === null ? '' : `  ${search.objective.goal.toLowerCase()} ${search.objective.metric}`;
  return `${project.name}/${name}  ${state}${goal}\n${counts.total} trials: ${counts.completed} completed, ${counts.pruned} pruned, ${counts.failed} failed, ${counts.running + counts.waiting} open`;
}

/** The trials that were the best so far, and when. */
function best({ bestSoFar }: Analysis): string {
  const [values, holders] = [decodeColumn(bestSoFar.values), decodeColumn(bestSoFar.holders)];
  const steps = [...values.keys()].filter((i) => !Number.isNaN(values[i]) && values[i] !== values[i - 1]);
  if (steps.length === 0) return 'best so far: none, no trial has completed with a finite value';
  const lines = steps
    .slice(-IMPROVEMENTS)
    .map(
      (i) => `  after ${String(i + 1).padStart(6)} trials  ${formatNumber(values[i]).padEnd(12)} trial ${holders[i]}`,
    );
  const since = values.length - 1 - (steps.at(-1) ?? 0);
  const head = `best so far: ${formatNumber(values.at(-1))}, for ${since} trials now; ${steps.length} times a new best`;
  return [head, ...lines].join('\n');
}

function importance({ importance: { basis, method, parameters, importances, interactions } }: Analysis): string {
  const head = `importance (${method === 'FANOVA' ? 'fANOVA' : 'PED-ANOVA'}, ${basis.trials} trials)`;
  if (basis.problem !== null) return `${head}: ${PROBLEMS[basis.problem]}`;
  const shares = decodeColumn(importances);
  const width = Math.max(...parameters.map(({ length }) => length));
  const most = Math.max(...shares);
  const lines = parameters.map((name, i) => {
    const share = shares[i] ?? 0;
    const bar = '#'.repeat(most > 0 ? Math.round((BAR * share) / most) : 0);
    return `  ${name.padEnd(width)}  ${share.toFixed(3)}  ${bar}`.trimEnd();
  });
  const pairs = interactions
    .filter((pair) => Number(pair.importance) > 0.005)
    .slice(0, PAIRED)
    .map((pair) => `  ${pair.parameters.join(' with ')}  ${Number(pair.importance).toFixed(3)}`);
  return [head, ...lines, ...pairs].join('\n');
}

const PROBLEMS = {
  NO_TRIALS: 'no trial has completed with a finite value yet',
  TOO_FEW: 'too few trials have completed to say',
  NO_VARIANCE: 'all values are alike',
  NO_MODEL: 'the model cannot say',
} as const;

/** How trials fail, and for each telling parameter the part of its range where the largest share of them does. */
function failures({ failures: { basis, failed, kinds, parameters } }: Analysis): string {
  if (failed === 0) return '';
  const how = kinds.map(({ kind, count }) => `${count} ${kind}`).join(', ');
  const lines = parameters.filter(({ told }) => Number(told) >= LEAST_TOLD).map(worstPart);
  return [`failures: ${failed} of ${basis.trials} trials that ended (${how})`, ...lines].join('\n');
}

/** The worst cell, and on a scale those beside it that are nearly as bad. */
function worstPart({ parameter, told, low, high, ...columns }: Analysis['failures']['parameters'][number]): string {
  const [ended, failed] = [decodeColumn(columns.ended), decodeColumn(columns.failed)];
  const share = (k: number) => (failed[k] ?? 0) / Math.max(1, ended[k] ?? 0);
  const worst = [...ended.keys()].reduce((a, b) => (share(b) > share(a) ? b : a), 0);
  const isBad = (k: number) => low[worst] !== high[worst] && share(k) >= NEARLY * share(worst);
  let [from, to] = [worst, worst];
  while (from > 0 && isBad(from - 1)) from -= 1;
  while (to + 1 < ended.length && isBad(to + 1)) to += 1;
  const count = (column: Float64Array) => column.subarray(from, to + 1).reduce((sum, n) => sum + n, 0);
  const range = low[from] === high[to] ? `= ${short(low[from])}` : `in ${short(low[from])} to ${short(high[to])}`;
  return `  ${parameter} ${range}: ${count(failed)} of ${count(ended)}  (tells ${Math.round(100 * Number(told))} %)`;
}

/** A value that came as JSON text. */
function short(text: string | undefined): string {
  const value: unknown = JSON.parse(text ?? 'null');
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

function stopping({ stoppingAdvice: { shouldStop, rules, remaining } }: Analysis): string {
  if (rules.length === 0) return 'stopping: too few trials have ended to advise';
  const head = shouldStop ? 'stopping: nothing speaks for going on' : 'stopping: going on is worth it';
  const lines = rules.map(
    ({ kind, shouldStop: says, reason }) => `  ${kind.toLowerCase()} says ${says ? 'stop' : 'go on'}: ${reason}`,
  );
  const rest =
    remaining === null || remaining.trials === 0
      ? []
      : [`  the ${remaining.trials} trials left in the budget are expected to gain ${formatNumber(remaining.gain)}`];
  return [head, ...lines, ...rest].join('\n');
}

const COLUMNS: ReadonlySet<string> = new Set([
  ...['numbers', 'values', 'holders', 'importances', 'ended', 'failed', 'shares', 'seconds', 'matrix'],
]);

/** The answer with its columns as lists; what JSON cannot say is null. */
function decoded(value: unknown, name = ''): unknown {
  if (typeof value === 'string' && COLUMNS.has(name))
    return Array.from(decodeColumn(value), (number) => (Number.isFinite(number) ? number : null));
  if (Array.isArray(value)) return value.map((part) => decoded(part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decoded(part, key)]));
}
