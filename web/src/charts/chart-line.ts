/** A line of a chart and how it looks. */
import type { LineData } from './align.js';

/** `values` are those drawn, after smoothing. */
export interface ChartLine extends LineData {
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
  /** Drawn thin and pale. */
  readonly isDim: boolean;
  /** Drawn thick, and named first. */
  readonly isStrong: boolean;
  /** The values before smoothing, drawn as a ghost behind. [n] */
  readonly ghost: Float64Array | null;
}

/** Where each line's own values are among those of uPlot: ghosts come before. */
export function mainIndices(lines: readonly ChartLine[]): number[] {
  let at = -1;
  return lines.map(({ ghost }) => {
    at += ghost === null ? 1 : 2;
    return at;
  });
}
