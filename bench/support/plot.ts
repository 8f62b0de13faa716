/** A log-log plot as SVG that reads on light and dark ground and without colour. Pure. */

export interface Line {
  readonly label: string;
  /** x and y, both above 0. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Panel {
  readonly title: string;
  readonly x: string;
  /** Each is drawn beside its own first value, so that lines of different units share an axis: 1 is where it began. */
  readonly lines: readonly Line[];
}

const PANEL = { width: 760, height: 330, left: 60, top: 40, plot: { width: 360, height: 230 } };
export const COLOURS = ['#3b82c4', '#d9822b', '#3d9a50', '#b0559e', '#8a7a3c', '#c4483b', '#4aa3a3'];
export const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 3', '12 4', '4 2'];

/** Least squares of log y over log x: 0 is flat, 1 proportional. NaN for fewer than two points. */
export function slope(points: Line['points']): number {
  const logs = points.map(([x, y]) => [Math.log10(x), Math.log10(y)] as const);
  const mean = (of: (one: readonly [number, number]) => number) =>
    logs.reduce((sum, one) => sum + of(one), 0) / logs.length;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  return mean(([x, y]) => (x - mx) * (y - my)) / mean(([x]) => (x - mx) ** 2);
}

export function plot(panels: readonly Panel[]): string {
  const { width, height } = PANEL;
  const all = panels.map((panel, i) => `<g transform="translate(0 ${i * height})">${draw(panel)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height * panels.length}" font-family="sans-serif" font-size="12">
<title>${panels.map(({ title }) => escaped(title)).join('; ')}</title>
<style>text{fill:#333}.grid{stroke:#8886}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>
${all.join('\n')}
</svg>
`;
}

function draw({ title, x, lines }: Panel): string {
  const { left, top, plot: area } = PANEL;
  const scaled = lines.map(({ points }) => points.map(([at, y]) => [at, y / (points[0]?.[1] ?? 1)] as const));
  const xs = decades(scaled.flat().map(([at]) => at));
  const ys = decades([0.5, 2, ...scaled.flat().map(([, y]) => y)]);
  const px = (value: number) => left + (area.width * (Math.log10(value) - xs.from)) / (xs.to - xs.from);
  const py = (value: number) => top + area.height * (1 - (Math.log10(value) - ys.from) / (ys.to - ys.from));
  const bottom = top + area.height;
  const right = left + area.width;
  const grid = [
    ...ticks(xs).map(
      (power) =>
        `<line class="grid" x1="${n(px(10 ** power))}" x2="${n(px(10 ** power))}" y1="${top}" y2="${bottom}"/><text x="${n(px(10 ** power))}" y="${bottom + 18}" text-anchor="middle">10<tspan dy="-5" font-size="9">${power}</tspan></text>`,
    ),
    ...ticks(ys).map(
      (power) =>
        `<line class="grid" x1="${left}" x2="${right}" y1="${n(py(10 ** power))}" y2="${n(py(10 ** power))}"/><text x="${left - 8}" y="${n(py(10 ** power) + 4)}" text-anchor="end">${Number((10 ** power).toPrecision(3))}×</text>`,
    ),
  ];
  const drawn = lines.map(({ label, points }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const dash = DASHES[i % DASHES.length];
    const at = (scaled[i] ?? []).map(([value, y]) => `${n(px(value))},${n(py(y))}`);
    const y = top + 14 + i * 32;
    const marks = at.map(
      (place) => `<circle cx="${place.split(',')[0]}" cy="${place.split(',')[1]}" r="3" fill="${colour}"/>`,
    );
    const grown = points.length < 2 ? '' : `slope ${slope(points).toFixed(2)}`;
    return `<polyline points="${at.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>${marks.join('')}
<line x1="${right + 20}" x2="${right + 50}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${right + 58}" y="${y}">${escaped(label)}</text><text x="${right + 58}" y="${y + 14}" font-size="10">${grown}</text>`;
  });
  return `<text x="${left}" y="22" font-weight="bold">${escaped(title)}</text>
${[...grid, ...drawn].join('\n')}
<text x="${left + area.width / 2}" y="${bottom + 38}" text-anchor="middle">${escaped(x)}</text>`;
}

/** Whole decades around the values, as powers of ten; at least one. */
function decades(values: readonly number[]): { readonly from: number; readonly to: number } {
  const powers = values.filter((value) => value > 0).map(Math.log10);
  const from = Math.floor(Math.min(...powers) + 1e-9);
  return { from, to: Math.max(from + 1, Math.ceil(Math.max(...powers) - 1e-9)) };
}

function ticks({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function n(value: number): string {
  return value.toFixed(1);
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
