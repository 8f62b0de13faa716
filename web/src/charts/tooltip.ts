/** On hover: the lines nearest to the pointer, ordered by value. */
import type uPlot from 'uplot';
import { formatNumber } from '../ui/format.js';
import { type Aligned, nearestPoint } from './align.js';
import { type ChartLine, mainIndices } from './chart-line.js';

const MOST_LINES = 7;

interface Row {
  readonly line: ChartLine;
  readonly step: number;
  readonly value: number;
  readonly distance: number;
}

export function nearestLines(now: () => { lines: readonly ChartLine[]; aligned: Aligned }): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'tg-tooltip';
  box.hidden = true;

  const init = (plot: uPlot): void => {
    plot.over.append(box);
  };
  const setCursor = (plot: uPlot): void => {
    const { idx, left = -1, top = -1 } = plot.cursor;
    const rows = left < 0 || idx == null ? [] : nearest(plot, idx, top, now());
    box.hidden = rows.length === 0;
    if (rows.length === 0) return;
    box.replaceChildren(head(plot.data[0][idx ?? 0] ?? 0), ...rows.map(rowElement));
    const isRight = left > plot.over.clientWidth / 2;
    box.style.left = isRight ? '' : `${left + 14}px`;
    box.style.right = isRight ? `${plot.over.clientWidth - left + 14}px` : '';
    box.style.top = `${Math.max(0, Math.min(top < 0 ? 0 : top - 20, plot.over.clientHeight - box.offsetHeight))}px`;
  };
  return { hooks: { init, setCursor } };
}

/** At most seven lines by their distance to `top`, those with higher values first. */
function nearest(
  plot: uPlot,
  at: number,
  top: number,
  { lines, aligned }: { lines: readonly ChartLine[]; aligned: Aligned },
): Row[] {
  const indices = mainIndices(lines);
  const rows = lines.flatMap((line, i): Row[] => {
    const ys = aligned.ys[indices[i] ?? -1] ?? [];
    const point = nearestPoint(aligned.x, ys, at);
    const value = ys[point];
    if (typeof value !== 'number') return [];
    const first = line.steps[0] ?? 0;
    const last = line.steps[line.steps.length - 1] ?? 0;
    const here = aligned.x[at] ?? 0;
    if (here < first || here > last) return []; // the line is not there
    const distance = top < 0 ? 0 : Math.abs(plot.valToPos(value, 'y') - top);
    return [{ line, step: aligned.x[point] ?? 0, value, distance }];
  });
  rows.sort((a, b) => a.distance - b.distance);
  return rows.slice(0, MOST_LINES).sort((a, b) => b.value - a.value);
}

function head(step: number): HTMLElement {
  const element = document.createElement('div');
  element.className = 'tg-tooltip-head';
  element.textContent = `step ${formatNumber(step)}`;
  return element;
}

function rowElement({ line, value }: Row): HTMLElement {
  const element = document.createElement('div');
  element.className = 'tg-tooltip-row';
  const swatch = document.createElement('i');
  swatch.style.borderTopColor = line.colour;
  swatch.style.borderTopStyle = line.dash.length > 0 ? 'dashed' : 'solid';
  const name = document.createElement('span');
  name.textContent = line.isStrong ? `${line.label} ★` : line.label;
  const number = document.createElement('b');
  number.textContent = formatNumber(value);
  element.append(swatch, name, number);
  return element;
}
