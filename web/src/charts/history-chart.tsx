/** The value of each trial by its number, and the best so far as a step line. */
import { scaleOf } from './scale.js';
import './charts.css';
import { axisNumber } from './ticks.js';

/** Finished trials in order of their numbers. */
export interface HistoryData {
  /** [n], rising. */
  readonly numbers: Float64Array;
  /** [n], NaN for trials without a value. */
  readonly values: Float64Array;
  /** Per trial: 1 when it was pruned, drawn hollow. [n] */
  readonly isPruned: Uint8Array;
}

export interface HistoryChartProps extends HistoryData {
  readonly width: number;
  readonly height: number;
  readonly isMinimize: boolean;
  readonly summary: string;
}

const LEFT = 46;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 20;
/** More trials than this are drawn as a fine cloud. */
const MANY = 800;
/** Values further than this many spreads from the middle half do not stretch the axis. */
const OUTLIER_SPREADS = 3;

export function HistoryChart({ numbers, values, isPruned, width, height, isMinimize, summary }: HistoryChartProps) {
  const isDense = numbers.length > MANY;
  const last = Math.max(1, numbers[numbers.length - 1] ?? 1);
  const [low, high] = visibleRange(values, isPruned);
  const x = scaleOf(0, last, LEFT, Math.max(LEFT + 1, width - RIGHT));
  const y = scaleOf(low, high, height - BOTTOM, TOP);
  const clampY = (value: number): number => Math.min(height - BOTTOM + 3, Math.max(TOP - 3, y(value)));
  const ticks = low === high ? [low] : [low, (low + high) / 2, high];
  return (
    <svg
      className="tg-history"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={summary}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} stroke="var(--tg-border)" />
          <text x={LEFT - 8} y={y(tick)} dy="0.35em" textAnchor="end">
            {axisNumber(Number(tick.toPrecision(3)))}
          </text>
        </g>
      ))}
      <text x={LEFT} y={height - 4}>
        0
      </text>
      <text x={width - RIGHT} y={height - 4} textAnchor="end">
        {`trial ${last}`}
      </text>
      <path
        d={dots(numbers, values, isPruned, x, clampY, 1)}
        stroke="var(--tg-border-strong)"
        strokeWidth={isDense ? 2 : 4}
        strokeLinecap="round"
      />
      <path
        d={dots(numbers, values, isPruned, x, clampY, 0)}
        stroke="var(--tg-accent)"
        strokeOpacity={isDense ? 0.25 : 0.55}
        strokeWidth={isDense ? 2.5 : 5}
        strokeLinecap="round"
      />
      <path
        d={bestLine(numbers, values, isPruned, x, clampY, isMinimize, width - RIGHT)}
        fill="none"
        stroke="var(--tg-text)"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
    </svg>
  );
}

type Scale = (value: number) => number;

/** Smallest and largest value of trials that were not pruned, without far outliers; [0, 1] when there is none. */
export function visibleRange(values: Float64Array, isPruned: Uint8Array): readonly [number, number] {
  const whole = values.filter((value, i) => Number.isFinite(value) && isPruned[i] !== 1).sort();
  const finite = whole.length > 0 ? whole : values.filter(Number.isFinite).sort();
  if (finite.length === 0) return [0, 1];
  const at = (share: number): number => finite[Math.round(share * (finite.length - 1))] ?? 0;
  const spread = at(0.75) - at(0.25);
  const low = Math.max(at(0), at(0.25) - OUTLIER_SPREADS * spread);
  const high = Math.min(at(1), at(0.75) + OUTLIER_SPREADS * spread);
  return high > low ? [low, high] : [at(0), at(1)];
}

/** Best so far after each trial; NaN before the first value. Pruned trials do not count. [n] */
export function bestSoFar(values: Float64Array, isPruned: Uint8Array, isMinimize: boolean): Float64Array {
  let best = Number.NaN;
  return values.map((value, i) => {
    const counts = Number.isFinite(value) && isPruned[i] !== 1;
    if (counts && (Number.isNaN(best) || (isMinimize ? value < best : value > best))) best = value;
    return best;
  });
}

function dots(
  numbers: Float64Array,
  values: Float64Array,
  isPruned: Uint8Array,
  x: Scale,
  y: Scale,
  kind: number,
): string {
  let path = '';
  for (let i = 0; i < numbers.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (isPruned[i] === kind && Number.isFinite(value))
      path += `M${x(numbers[i] ?? 0).toFixed(1)} ${y(value).toFixed(1)}h0`;
  }
  return path;
}

function bestLine(
  numbers: Float64Array,
  values: Float64Array,
  isPruned: Uint8Array,
  x: Scale,
  y: Scale,
  isMinimize: boolean,
  right: number,
): string {
  let path = '';
  let drawn = Number.NaN;
  bestSoFar(values, isPruned, isMinimize).forEach((best, i) => {
    if (Number.isNaN(best) || best === drawn) return;
    const at = x(numbers[i] ?? 0).toFixed(1);
    path += path === '' ? `M${at} ${y(best).toFixed(1)}` : `H${at}V${y(best).toFixed(1)}`;
    drawn = best;
  });
  return path === '' ? '' : `${path}H${right}`;
}
