/**
 * The register of analyses: what can be asked of an experiment, and what answers it. Pure functions of a history and plain
 * options, so that they run in a worker. To add one: the analysis in `search/analysis`, its line here, its field in the API.
 */
import { bestSoFar } from '../../search/analysis/best-so-far.js';
import { correlations } from '../../search/analysis/correlations.js';
import { costAndGain } from '../../search/analysis/cost-and-gain.js';
import { distribution } from '../../search/analysis/distribution.js';
import { duplicates } from '../../search/analysis/duplicates.js';
import { type FailureKind, failureRegions } from '../../search/analysis/failure-regions.js';
import { intermediateValues } from '../../search/analysis/intermediate-values.js';
import { parallelCoordinates } from '../../search/analysis/parallel-coordinates.js';
import { rankedTrials } from '../../search/analysis/rank.js';
import { regimeTable } from '../../search/analysis/regimes.js';
import { contour, slice } from '../../search/analysis/scatter.js';
import { stoppingAdvice } from '../../search/analysis/stopping.js';
import { timeline } from '../../search/analysis/timeline.js';
import type { History } from '../../search/history.js';
import { standingOf } from '../../search/standing.js';
import { basisOf } from './basis.js';
import { axisColumns, doubles, labelOf } from './columns.js';
import { importanceOf } from './importance-of.js';
import { surfaceOf } from './surface-of.js';

interface ForObjective {
  /** Its index, from 0. */
  readonly objective: number;
}

/** Of parameters that exist, all different. */
interface ForParameters extends ForObjective {
  readonly parameters: readonly string[];
}

interface Some {
  /** Rows at most. */
  readonly first: number;
}

export const QUESTIONS = {
  bestSoFar(history: History, { objective }: ForObjective) {
    const { numbers, values, holders } = bestSoFar(history, objective);
    return {
      basis: basisOf(history, numbers.length),
      numbers: doubles(numbers),
      values,
      // A trial that the experiment began with has a negative number, as -1 does.
      holders: doubles(Array.from(holders, (holder, i) => (Number.isNaN(values[i]) ? Number.NaN : holder))),
    };
  },

  importance: importanceOf,

  slice(history: History, { parameters: [name = ''], objective }: ForParameters) {
    const found = there(slice(history, name, objective));
    return {
      basis: basisOf(history, found.numbers.length),
      axis: axisColumns(found.axis),
      numbers: doubles(found.numbers),
      values: found.objective,
      feasible: doubles(found.feasible),
    };
  },

  contour(history: History, { parameters: [x = '', y = ''], objective }: ForParameters) {
    const found = there(contour(history, [x, y], objective));
    return {
      basis: basisOf(history, found.numbers.length),
      x: axisColumns(found.axes[0]),
      y: axisColumns(found.axes[1]),
      numbers: doubles(found.numbers),
      values: found.objective,
      ranks: found.ranks,
    };
  },

  surface: surfaceOf,

  rank(history: History, { parameters, objective }: ForParameters) {
    const found = there(rankedTrials(history, parameters, objective));
    return {
      basis: basisOf(history, found.numbers.length),
      axes: found.axes.map(axisColumns),
      numbers: doubles(found.numbers),
      values: found.objective,
      ranks: found.ranks,
    };
  },

  parallelCoordinates(history: History, { first }: Some) {
    const { numbers, axes, objectives } = parallelCoordinates(history, first);
    return {
      basis: basisOf(history, numbers.length),
      axes: axes.map(axisColumns),
      numbers: doubles(numbers),
      objectives,
    };
  },

  intermediateValues(history: History, { first, points }: Some & { readonly points: number }) {
    const { curves, reporting } = intermediateValues(history, first, points);
    return { basis: basisOf(history, reporting), curves };
  },

  distribution(history: History, { objective }: ForObjective) {
    return { basis: basisOf(history, observed(history)), ...distribution(history, objective) };
  },

  timeline(history: History, { first }: Some) {
    const bars = timeline(history).slice(-first);
    const secondsOf = new Map(history.trials.map(({ number, seconds }) => [number, seconds]));
    return {
      basis: basisOf(history, bars.length),
      numbers: doubles(bars.map(({ number }) => number)),
      states: bars.map(({ state }) => state),
      proposedBy: bars.map(({ by }) => by),
      from: doubles(bars.map(({ from }) => from)),
      to: doubles(bars.map(({ to }) => to ?? Number.NaN)),
      lanes: doubles(bars.map(({ lane }) => lane)),
      seconds: doubles(bars.map(({ number }) => secondsOf.get(number) ?? Number.NaN)),
    };
  },

  regimes(history: History, { objective, first }: ForObjective & Some) {
    const rows = regimeTable(history, objective);
    return {
      basis: basisOf(
        history,
        rows.reduce((sum, { trials }) => sum + trials, 0),
      ),
      total: rows.length,
      regimes: rows.slice(0, first).map(({ names, best, holder, median, ...counts }) => ({
        parameters: names,
        ...counts,
        best: finite(best),
        bestTrial: Number.isNaN(best) ? null : holder,
        median: finite(median),
      })),
    };
  },

  duplicates(history: History, { objective, first }: ForObjective & Some) {
    const { points, noise, freedom } = duplicates(history, objective);
    return {
      basis: basisOf(history, history.trials.length),
      total: points.length,
      points: points.slice(0, first).map(({ mean, deviation, numbers, ...point }) => ({
        ...point,
        numbers: doubles(numbers),
        mean: finite(mean),
        deviation: finite(deviation),
      })),
      noise: finite(noise),
      freedom,
    };
  },

  failures(history: History, { kind }: { readonly kind: FailureKind | null }) {
    const { ended, failed, kinds, axes } = failureRegions(history, kind);
    return {
      basis: basisOf(history, ended),
      failed,
      kinds,
      parameters: axes.map(({ name, told, cells }) => ({
        parameter: name,
        told,
        low: cells.map(({ low }) => labelOf(low)),
        high: cells.map(({ high }) => labelOf(high)),
        ended: doubles(cells.map((cell) => cell.ended)),
        failed: doubles(cells.map((cell) => cell.failed)),
      })),
    };
  },

  correlations(history: History, _: Readonly<Record<string, never>>) {
    const { names, objectives, matrix, trials } = correlations(history);
    return { basis: basisOf(history, trials, trials < 3 ? 'TOO_FEW' : null), parameters: names, objectives, matrix };
  },

  costAndGain(history: History, { objective }: ForObjective) {
    const { numbers, seconds, values } = costAndGain(history, objective);
    return { basis: basisOf(history, numbers.length), numbers: doubles(numbers), seconds, values };
  },

  stoppingAdvice(history: History, options: { readonly patience: number; readonly ahead: number }) {
    const ended = history.trials.filter(({ endedAt }) => endedAt !== undefined).length;
    const advice = stoppingAdvice(history, options);
    return { basis: basisOf(history, ended, advice.rules.length === 0 ? 'TOO_FEW' : null), ...advice };
  },
} as const;

type Questions = typeof QUESTIONS;

/** What can be asked. */
export type AnalysisKind = keyof Questions;
export type AnalysisOptions<Kind extends AnalysisKind> = Options[Kind];
export type AnalysisAnswer<Kind extends AnalysisKind> = Answers[Kind];

type Options = { readonly [Kind in AnalysisKind]: Parameters<Questions[Kind]>[1] };
type Answers = { readonly [Kind in AnalysisKind]: ReturnType<Questions[Kind]> };

/** The answer to one question, computed here and now. */
export function answerNow<Kind extends AnalysisKind>(
  history: History,
  kind: Kind,
  options: AnalysisOptions<Kind>,
): AnalysisAnswer<Kind> {
  // The register pairs each kind with its options, which TypeScript cannot follow through an index.
  const answer = QUESTIONS[kind] as unknown as (history: History, options: Options[Kind]) => Answers[Kind];
  return answer(history, options);
}

function observed(history: History): number {
  return history.trials.filter((trial) => standingOf(trial, history.directions.length) === 'OBSERVED').length;
}

/** Where NaN means that there is none. */
function finite(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function there<Found>(found: Found | null): Found {
  if (found === null) throw new Error('a parameter does not exist: names are checked before this');
  return found;
}
