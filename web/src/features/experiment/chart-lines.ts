/** The lines of the chart: points of the chosen trials, smoothed, each in its trial's look. */

import type { ChartLine } from '../../charts/chart-line.js';
import { smooth } from '../../charts/smooth.js';
import type { SeriesStore } from '../../live/series-store.js';
import type { TrialEntry } from '../../live/trial-store.js';
import { type ChartColours, lineColour, lineDash } from '../../ui/palette.js';

/** A line and whose it is. */
export interface TrialLine extends ChartLine {
  readonly trialId: string;
  readonly number: number;
}

const PRUNED_DASH: readonly number[] = [2, 3];

export interface LineOptions {
  readonly metric: string;
  readonly weight: number;
  readonly bestId: string | null;
  readonly colours: ChartColours;
}

/** Trials without points have no line. */
export function linesOf(
  entries: readonly TrialEntry[],
  series: SeriesStore,
  { metric, weight, bestId, colours }: LineOptions,
): TrialLine[] {
  const used = new Map<string, number>();
  return entries.flatMap(({ trial }): TrialLine[] => {
    const { steps, values } = series.read(trial.id, metric);
    if (steps.length === 0) return [];
    const colour = lineColour(trial.number, colours);
    const earlier = used.get(colour) ?? 0;
    const isDim = trial.state === 'PRUNED' || trial.state === 'FAILED' || trial.state === 'STOPPED';
    if (!isDim) used.set(colour, earlier + 1);
    return [
      {
        trialId: trial.id,
        number: trial.number,
        label: `#${trial.number}`,
        steps,
        values: weight > 0 ? smooth(values, weight) : values,
        ghost: weight > 0 ? values : null,
        colour,
        dash: isDim ? PRUNED_DASH : lineDash(earlier),
        isDim,
        isStrong: trial.id === bestId,
      },
    ];
  });
}

/** The drawn lines as JSON, for tests: gaps are null. */
export function linesJson(lines: readonly TrialLine[]): string {
  return JSON.stringify(
    lines.map(({ trialId, number, steps, values }) => ({
      trialId,
      number,
      steps: Array.from(steps),
      values: Array.from(values),
    })),
  );
}

/** What the chart shows, in words. */
export function describeLines(lines: readonly TrialLine[], metric: string): string {
  if (lines.length === 0) return `${metric}: no points yet.`;
  const ends = lines.slice(0, 12).map(({ label, values, steps }) => {
    return `${label} ${values[values.length - 1]?.toPrecision(4)} at step ${steps[steps.length - 1]}`;
  });
  return `${metric} by step for ${lines.length} trials. Last values: ${ends.join('; ')}.`;
}
