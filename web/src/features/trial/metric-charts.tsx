/** A chart per metric of the trial, with one cursor for all. */
import { Slider, Switch } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { messageOf, noteError } from '../../api/client.js';
import type { ChartLine } from '../../charts/chart-line.js';
import { LineChart } from '../../charts/line-chart.js';
import { smooth } from '../../charts/smooth.js';
import { useFrameSignal } from '../../live/frame-signal.js';
import { feedSeries } from '../../live/series-feed.js';
import { type Points, SeriesStore } from '../../live/series-store.js';
import { formatMetric } from '../../ui/format.js';
import { type ChartColours, useChartColours } from '../../ui/palette.js';
import { Panel } from '../../ui/panel.js';
import { useWidth } from '../../ui/use-width.js';
import type { TrialSearch } from './search.js';
import type { FullTrial } from './use-trial.js';

const HEIGHT = 190;
const MOST_POINTS = 2000;

export interface MetricChartsProps {
  readonly trial: FullTrial;
  readonly search: TrialSearch;
  onSearch(change: TrialSearch): void;
}

export function MetricCharts({ trial, search, onSearch }: MetricChartsProps) {
  const { store, error } = useTrialSeries(trial);
  useFrameSignal(store.signal);
  const [dragged, setDragged] = useState<number | null>(null);
  const weight = dragged ?? search.smooth ?? 0;
  const objective = trial.experiment.search?.objective.metric;
  const keys = [...store.keys].sort((a, b) => Number(b === objective) - Number(a === objective) || a.localeCompare(b));

  return (
    <section className="tg-metrics" aria-label="Metrics">
      <div className="tg-metrics-tools">
        <span id="trial-smooth-label">Smoothing</span>
        <Slider
          size="xs"
          w={104}
          min={0}
          max={0.99}
          step={0.01}
          label={null}
          value={weight}
          onChange={setDragged}
          onChangeEnd={(value) => {
            setDragged(null);
            onSearch({ smooth: value > 0 ? value : undefined });
          }}
          thumbProps={{ 'aria-labelledby': 'trial-smooth-label' }}
        />
        <output className="tg-number">{weight.toFixed(2)}</output>
        <Switch
          size="xs"
          label="Log scale"
          checked={search.log === true}
          onChange={({ currentTarget }) => onSearch({ log: currentTarget.checked || undefined })}
        />
      </div>
      {keys.length === 0 && (
        <section className="tg-panel">
          <p className="tg-quiet">{error ?? emptyText(trial)}</p>
        </section>
      )}
      <div className="tg-metrics-grid">
        {keys.map((key) => (
          <MetricChart
            key={key}
            metric={key}
            points={store.read(trial.id, key)}
            weight={weight}
            isLog={search.log === true}
            isObjective={key === objective}
            trial={trial}
            isDebug={search.debug === true}
          />
        ))}
      </div>
    </section>
  );
}

interface MetricChartProps {
  readonly metric: string;
  readonly points: Points;
  readonly weight: number;
  readonly isLog: boolean;
  readonly isObjective: boolean;
  readonly trial: FullTrial;
  readonly isDebug: boolean;
}

function MetricChart({ metric, points, weight, isLog, isObjective, trial, isDebug }: MetricChartProps) {
  const colours = useChartColours();
  const { ref, width } = useWidth();
  const line = useMemo(() => lineOf(metric, points, weight, colours), [metric, points, weight, colours]);
  const lines = useMemo(() => [line], [line]);
  const last = points.values[points.values.length - 1] ?? Number.NaN;
  const step = points.steps[points.steps.length - 1] ?? 0;
  return (
    <Panel
      title={metric}
      note={isObjective ? 'objective' : undefined}
      tools={<span className="tg-number tg-strong">{formatMetric(last)}</span>}
    >
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        {width > 0 && (
          <LineChart
            lines={lines}
            width={width}
            height={HEIGHT}
            isLog={isLog}
            hidesOutliers={false}
            colours={colours}
            summary={`${metric} by step, ${points.steps.length} points; ${formatMetric(last)} at step ${step}.`}
            hasEndLabels={false}
            syncKey={trial.id}
          />
        )}
      </div>
      {isDebug && (
        <pre hidden data-testid="chart-data">
          {JSON.stringify([
            {
              trialId: trial.id,
              number: trial.number,
              key: metric,
              steps: Array.from(line.steps),
              values: Array.from(line.values),
            },
          ])}
        </pre>
      )}
    </Panel>
  );
}

function lineOf(label: string, { steps, values }: Points, weight: number, colours: ChartColours): ChartLine {
  return {
    label,
    steps,
    values: weight > 0 ? smooth(values, weight) : values,
    ghost: weight > 0 ? values : null,
    colour: colours.accent,
    dash: [],
    isDim: false,
    isStrong: false,
  };
}

function emptyText(trial: FullTrial): string {
  return trial.endedAt === null ? 'Curves appear as soon as the trial reports.' : 'The trial reported no metrics.';
}

/** All metrics of the trial, live; those that it reports later join. */
function useTrialSeries(trial: FullTrial): { readonly store: SeriesStore; readonly error: string | null } {
  const [store] = useState(() => new SeriesStore());
  const [error, setError] = useState<string | null>(null);
  const [keys] = useState(() => trial.summary.map(({ key }) => key));
  useEffect(() => {
    const abort = new AbortController();
    feedSeries(store, {
      scope: { trialIds: [trial.id] },
      keys,
      followsNewKeys: true,
      maxPoints: MOST_POINTS,
      signal: abort.signal,
    }).catch((reason: unknown) => {
      noteError(reason);
      if (!abort.signal.aborted) setError(messageOf(reason));
    });
    return () => abort.abort();
  }, [store, trial.id, keys]);
  return { store, error };
}
