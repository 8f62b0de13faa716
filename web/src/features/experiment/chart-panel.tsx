/** The live chart of one metric over the chosen trials. */
import { Select, Slider, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { LineChart } from '../../charts/line-chart.js';
import { useFrameSignal } from '../../live/frame-signal.js';
import type { SeriesStore } from '../../live/series-store.js';
import type { TrialEntry } from '../../live/trial-store.js';
import { formatCount, formatNumber } from '../../ui/format.js';
import { useChartColours } from '../../ui/palette.js';
import { Panel } from '../../ui/panel.js';
import { useWidth } from '../../ui/use-width.js';
import { describeLines, linesJson, linesOf, type TrialLine } from './chart-lines.js';
import { type ExperimentSearch, MOST_SMOOTH } from './search.js';

const HEIGHT = 340;
const HEIGHT_NARROW = 260;
const MOST_NAMES = 24;

export interface ChartPanelProps {
  readonly metric: string | null;
  readonly metricKeys: readonly string[];
  readonly entries: readonly TrialEntry[];
  readonly total: number;
  readonly series: SeriesStore;
  readonly error: string | null;
  readonly hasObjective: boolean;
  readonly bestId: string | null;
  readonly search: ExperimentSearch;
  onSearch(change: ExperimentSearch): void;
  onToggle(number: number): void;
}

export function ChartPanel(props: ChartPanelProps) {
  const { metric, metricKeys, entries, total, series, error, bestId, search, onSearch, onToggle } = props;
  const version = useFrameSignal(series.signal);
  const colours = useChartColours();
  const { ref, width } = useWidth();
  const [dragged, setDragged] = useState<number | null>(null); // the address follows when the slider is let go
  const weight = dragged ?? search.smooth ?? 0;
  const lines = useMemo(
    () => (metric === null ? [] : linesOf(entries, series, { metric, weight, bestId, colours })),
    // The store is read again at each version.
    [entries, series, metric, weight, bestId, colours, version],
  );
  const keys = metric === null || metricKeys.includes(metric) ? metricKeys : [metric, ...metricKeys];

  return (
    <Panel
      title={
        <Select
          size="xs"
          w={220}
          aria-label="Metric"
          placeholder="No metrics yet"
          data={[...keys]}
          value={metric}
          searchable={keys.length > 8}
          allowDeselect={false}
          onChange={(value) => onSearch({ metric: value ?? undefined })}
          data-testid="metric-select"
        />
      }
      note={`${formatCount(lines.length)} of ${formatCount(total)} trials`}
      tools={
        <>
          <ShownChips search={search} hasObjective={props.hasObjective} onSearch={onSearch} />
          <SmoothSlider
            weight={weight}
            onChange={setDragged}
            onChangeEnd={(value) => {
              setDragged(null);
              onSearch({ smooth: value > 0 ? value : undefined });
            }}
          />
          <Switch
            size="xs"
            label="Ignore outliers"
            checked={search.clip === true}
            disabled={search.log === true}
            onChange={({ currentTarget }) => onSearch({ clip: currentTarget.checked || undefined })}
          />
          <Switch
            size="xs"
            label="Log scale"
            checked={search.log === true}
            onChange={({ currentTarget }) => onSearch({ log: currentTarget.checked || undefined })}
          />
        </>
      }
    >
      <div ref={ref} className="tg-chart-place">
        {width > 0 && metric !== null && (
          <LineChart
            lines={lines}
            width={width}
            height={width < 600 ? HEIGHT_NARROW : HEIGHT}
            isLog={search.log === true}
            hidesOutliers={search.clip === true}
            colours={colours}
            summary={describeLines(lines, metric)}
            hasEndLabels
          />
        )}
        {lines.length === 0 && <p className="tg-chart-empty">{error ?? emptyText(search.show, total)}</p>}
      </div>
      {lines.length > 0 && <Names lines={lines} onToggle={onToggle} />}
      {search.debug && (
        <pre hidden data-testid="chart-data">
          {linesJson(lines)}
        </pre>
      )}
    </Panel>
  );
}

function emptyText(show: string | undefined, total: number): string {
  if (show === 'none') return 'No trial is chosen. Press the eye of a trial in the table.';
  return total === 0
    ? 'Curves appear as soon as a trial reports.'
    : 'The chosen trials have no points of this metric yet.';
}

function ShownChips({ search, hasObjective, onSearch }: Pick<ChartPanelProps, 'search' | 'hasObjective' | 'onSearch'>) {
  const choices = [
    { label: hasObjective ? 'Best and running' : 'Latest', show: undefined },
    { label: 'All', show: 'all' },
  ];
  const isOwn = search.show !== undefined && search.show !== 'all';
  return (
    <fieldset className="tg-chips" aria-label="Trials in the chart">
      {choices.map(({ label, show }) => (
        <button
          key={label}
          type="button"
          className="tg-chip"
          aria-pressed={search.show === show}
          onClick={() => onSearch({ show })}
        >
          {label}
        </button>
      ))}
      {isOwn && (
        <span className="tg-chip" data-plain aria-current="true">
          Chosen by hand
        </span>
      )}
    </fieldset>
  );
}

interface SmoothSliderProps {
  readonly weight: number;
  onChange(weight: number): void;
  onChangeEnd(weight: number): void;
}

function SmoothSlider({ weight, onChange, onChangeEnd }: SmoothSliderProps) {
  return (
    <div className="tg-smooth">
      <span id="smooth-label">Smoothing</span>
      <Slider
        size="xs"
        w={104}
        min={0}
        max={MOST_SMOOTH}
        step={0.01}
        label={null}
        value={weight}
        onChange={onChange}
        onChangeEnd={onChangeEnd}
        thumbProps={{ 'aria-labelledby': 'smooth-label' }}
      />
      <output className="tg-number">{weight.toFixed(2)}</output>
    </div>
  );
}

function Names({ lines, onToggle }: { readonly lines: readonly TrialLine[]; onToggle(number: number): void }) {
  return (
    <div className="tg-chips tg-names">
      {lines.slice(0, MOST_NAMES).map((line) => (
        <button
          key={line.trialId}
          type="button"
          className="tg-chip"
          title="Take out of the chart"
          aria-label={`Take trial ${line.number} out of the chart`}
          onClick={() => onToggle(line.number)}
        >
          <LineSample line={line} />
          <span>
            {line.label}
            {line.isStrong && ' ★'}
          </span>
          <span className="tg-number tg-muted">
            {formatNumber(line.values[line.values.length - 1] ?? Number.NaN, 4)}
          </span>
        </button>
      ))}
      {lines.length > MOST_NAMES && <span className="tg-muted">and {lines.length - MOST_NAMES} more</span>}
    </div>
  );
}

function LineSample({ line }: { readonly line: TrialLine }) {
  return (
    <svg width="18" height="6" aria-hidden="true" opacity={line.isDim ? 0.6 : 1}>
      <line
        x1="0"
        y1="3"
        x2="18"
        y2="3"
        stroke={line.colour}
        strokeWidth={line.isStrong ? 3 : 2}
        strokeDasharray={line.dash.join(' ')}
      />
    </svg>
  );
}
