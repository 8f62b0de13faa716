/** Lines over steps, drawn by uPlot: typed arrays and a size in, pixels out. */
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './charts.css';
import { CANVAS_FONT, type ChartColours } from '../ui/palette.js';
import { type Aligned, align, countPoints, type LineData } from './align.js';
import type { ChartLine } from './chart-line.js';
import { endLabels } from './end-labels.js';
import { axisNumber } from './ticks.js';
import { nearestLines } from './tooltip.js';
import { padded, withoutOutliers } from './y-range.js';

export interface LineChartProps {
  readonly lines: readonly ChartLine[];
  readonly width: number;
  readonly height: number;
  readonly isLog: boolean;
  /** The value axis shows the middle nine tenths of the values. */
  readonly hidesOutliers: boolean;
  readonly colours: ChartColours;
  /** What the chart says, for those who do not see it. */
  readonly summary: string;
  readonly hasEndLabels: boolean;
  /** Charts with the same key share their cursor. */
  readonly syncKey?: string;
}

const FONT = `11px ${CANVAS_FONT}`;
const LABEL_SPACE = 54;

export function LineChart(props: LineChartProps) {
  const { lines, width, height, isLog, colours, summary, hasEndLabels, syncKey } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const current = useRef<{ lines: readonly ChartLine[]; aligned: Aligned }>({ lines: [], aligned: { x: [], ys: [] } });

  const look = JSON.stringify([
    lines.map(styleOf),
    isLog,
    props.hidesOutliers,
    colours.surface,
    hasEndLabels,
    syncKey,
    height < 200,
  ]);
  const aligned = useMemo(() => align(lines.flatMap(withGhost), isLog), [lines, isLog]);
  current.current = { lines, aligned };

  // `look` stands for all that a new plot is needed for.
  useEffect(() => {
    if (!host.current) return;
    const made = new uPlot(
      options(props, () => current.current),
      dataOf(current.current.aligned),
      host.current,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [look]);

  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);

  useEffect(() => {
    const made = plot.current;
    if (made && made.series.length === aligned.ys.length + 1) made.setData(dataOf(aligned), isWholeRange(made));
  }, [aligned]);

  return (
    <div
      ref={host}
      role="img"
      aria-label={summary}
      className="tg-chart"
      style={{ height }}
      data-testid="metric-chart"
      data-points={countPoints(lines)}
      data-lines={lines.length}
    />
  );
}

function options(props: LineChartProps, now: () => { lines: readonly ChartLine[]; aligned: Aligned }): uPlot.Options {
  const { lines, width, height, colours, hasEndLabels, syncKey } = props;
  const axis = {
    stroke: colours.text,
    font: FONT,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    legend: { show: false },
    padding: [10, hasEndLabels ? LABEL_SPACE : 14, 0, 0],
    cursor: {
      points: { size: 6, width: 1.5 },
      drag: { x: true, y: false, setScale: true },
      ...(syncKey === undefined ? {} : { sync: { key: syncKey, setSeries: false } }),
      focus: { prox: 24 },
    },
    focus: { alpha: 0.35 },
    scales: { x: { time: false, range: xRange }, y: yScale(props, () => now().lines) },
    axes: [
      { ...axis, size: 30, gap: 6, space: 64, incrs: STEP_INCREMENTS, values: (_plot, ticks) => ticks.map(axisNumber) },
      {
        ...axis,
        size: (_plot, labels) => 14 + 6.2 * Math.max(3, ...(labels ?? []).map((label) => label.length)),
        gap: 6,
        space: height < 200 ? 30 : 38,
        values: (_plot, ticks) => ticks.map(axisNumber),
      },
    ],
    series: [{ label: 'step' }, ...lines.flatMap((line) => seriesOf(line))],
    plugins: [nearestLines(now), ...(hasEndLabels ? [endLabels(now, colours, FONT)] : [])],
  };
}

/** Steps are whole numbers. */
const STEP_INCREMENTS = [1, 2, 5]
  .flatMap((unit) => Array.from({ length: 13 }, (_, power) => unit * 10 ** power))
  .sort((a, b) => a - b);

function xRange(_plot: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 10];
  return min === max ? [min - 1, max + 1] : [min, max];
}

/** Read at each drawing, since lines grow. */
function yScale({ isLog, hidesOutliers }: LineChartProps, lines: () => readonly ChartLine[]): uPlot.Scale {
  const range = (_plot: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax => {
    if (min === null || max === null) return [0, 1];
    const [low, high] = (hidesOutliers ? withoutOutliers(lines()) : null) ?? [min, max];
    return [...padded(low, high)];
  };
  return isLog ? { distr: 3 } : { range };
}

function seriesOf(line: ChartLine): uPlot.Series[] {
  const isSingle = (plot: uPlot, index: number): boolean => {
    let count = 0;
    for (const value of plot.data[index] ?? []) count += typeof value === 'number' ? 1 : 0;
    return count === 1;
  };
  const main: uPlot.Series = {
    label: line.label,
    stroke: line.colour,
    width: line.isStrong ? 2.5 : 1.5,
    alpha: line.isDim ? 0.5 : 1,
    points: { show: isSingle, size: 6, fill: line.colour },
    ...(line.dash.length > 0 ? { dash: [...line.dash] } : {}),
  };
  if (line.ghost === null) return [main];
  return [{ label: line.label, stroke: line.colour, width: 1, alpha: 0.22, points: { show: false } }, main];
}

function withGhost(line: ChartLine): LineData[] {
  return line.ghost === null ? [line] : [{ steps: line.steps, values: line.ghost }, line];
}

function styleOf({ label, colour, dash, isDim, isStrong, ghost }: ChartLine): unknown {
  return [label, colour, dash, isDim, isStrong, ghost !== null];
}

/** uPlot's types know no undefined, its drawing does: the line goes on there. */
function dataOf({ x, ys }: Aligned): uPlot.AlignedData {
  return [x, ...ys] as uPlot.AlignedData;
}

/** False while a person has zoomed in, so that new points do not move the view. */
function isWholeRange(plot: uPlot): boolean {
  const xs = plot.data[0];
  const { min, max } = plot.scales.x ?? {};
  const first = xs[0];
  const last = xs[xs.length - 1];
  if (first === undefined || last === undefined || min == null || max == null) return true;
  return min <= first && max >= last;
}
