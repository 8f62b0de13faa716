/** Names of lines at their ends, so that a chart reads without colour. Those at the right edge make room for each other. */
import type uPlot from 'uplot';
import type { ChartColours } from '../ui/palette.js';
import type { Aligned } from './align.js';
import { type ChartLine, mainIndices } from './chart-line.js';

const GAP = 13;
const EDGE = 44;
/** With more lines only the strong ones are named. */
const MOST_LABELS = 16;
const NOWHERE = -1;

interface Label {
  readonly line: ChartLine;
  readonly x: number;
  /** Where the line ends. */
  readonly y: number;
}

export function endLabels(
  now: () => { lines: readonly ChartLine[]; aligned: Aligned },
  colours: ChartColours,
  font: string,
): uPlot.Plugin {
  const draw = (plot: uPlot): void => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const right = bbox.left + bbox.width;
    const labels = labelsOf(plot, now());
    const named = labels.length > MOST_LABELS ? labels.filter(({ line }) => line.isStrong) : labels;
    const isAtEdge = ({ x }: Label): boolean => x > right - EDGE * ratio;
    const atEdge = named.filter(isAtEdge);
    const inside = named.filter((label) => !isAtEdge(label) && !label.line.isDim);
    const placesOf = (some: readonly Label[]): number[] =>
      spread(
        some.map(({ y }) => y),
        GAP * ratio,
        bbox.top,
        bbox.top + bbox.height,
      );
    const places = placesOf(atEdge);
    const placesInside = placesOf(inside);
    ctx.save();
    ctx.font = font.replace(/^\d+px/, `${11 * ratio}px`);
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'left';
    ctx.lineJoin = 'round';
    ctx.setLineDash([]);
    atEdge.forEach((label, i) => {
      const y = places[i] ?? label.y;
      leader(ctx, label, right, y, ratio);
      ctx.fillStyle = label.line.isDim ? colours.text : label.line.colour;
      ctx.fillText(nameOf(label.line), right + 12 * ratio, y);
    });
    inside.forEach((label, i) => {
      dotAndName(ctx, label, placesInside[i] ?? label.y, colours, ratio);
    });
    ctx.restore();
  };
  return { hooks: { draw } };
}

/**
 * Places at least `gap` apart, in the order of those wanted, whose squared distances to them are least; then moved into
 * [from, to]. It is isotonic regression of `wanted - i·gap`, by pooling neighbours that are too near.
 */
export function spread(wanted: readonly number[], gap: number, from: number, to: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const pools: { sum: number; count: number }[] = [];
  order.forEach((at, i) => {
    let pool = { sum: (wanted[at] ?? 0) - i * gap, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.count >= pool.sum / pool.count; last = pools.at(-1)) {
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  });
  const places: number[] = new Array(wanted.length).fill(0);
  const means = pools.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
  const most = to - (wanted.length - 1) * gap;
  order.forEach((at, i) => {
    places[at] = Math.max(from, Math.min(most, means[i] ?? 0)) + i * gap;
  });
  return places;
}

/** The most important first. */
function labelsOf(plot: uPlot, { lines, aligned }: { lines: readonly ChartLine[]; aligned: Aligned }): Label[] {
  const indices = mainIndices(lines);
  const maxX = plot.scales.x?.max ?? Number.POSITIVE_INFINITY;
  const { top, height, left } = plot.bbox;
  const labels = lines.flatMap((line, i): Label[] => {
    const end = lastPoint(aligned.x, aligned.ys[indices[i] ?? NOWHERE] ?? [], maxX);
    if (!end) return [];
    const label = { line, x: plot.valToPos(end.x, 'x', true), y: plot.valToPos(end.y, 'y', true) };
    return label.y < top || label.y > top + height || label.x < left ? [] : [label];
  });
  return labels.sort((a, b) => rank(a.line) - rank(b.line));
}

function leader(
  ctx: CanvasRenderingContext2D,
  { line, x, y }: Label,
  right: number,
  labelY: number,
  ratio: number,
): void {
  ctx.strokeStyle = line.colour;
  ctx.globalAlpha = 0.5;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(Math.min(x, right) + 1, y);
  ctx.lineTo(right + 9 * ratio, labelY);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function dotAndName(
  ctx: CanvasRenderingContext2D,
  { line, x, y }: Label,
  labelY: number,
  colours: ChartColours,
  ratio: number,
): void {
  ctx.fillStyle = line.colour;
  ctx.beginPath();
  ctx.arc(x, y, 3 * ratio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.strokeStyle = colours.surface;
  ctx.lineWidth = 4 * ratio;
  ctx.strokeText(nameOf(line), x + 8 * ratio, labelY);
  ctx.fillText(nameOf(line), x + 8 * ratio, labelY);
}

function nameOf({ label, isStrong }: ChartLine): string {
  return isStrong ? `${label} ★` : label;
}

function rank({ isStrong, isDim }: ChartLine): number {
  if (isStrong) return 0;
  return isDim ? 2 : 1;
}

function lastPoint(x: readonly number[], ys: readonly unknown[], maxX: number): { x: number; y: number } | null {
  for (let at = ys.length - 1; at >= 0; at--) {
    const y = ys[at];
    if (typeof y === 'number' && (x[at] ?? 0) <= maxX) return { x: x[at] ?? 0, y };
  }
  return null;
}
