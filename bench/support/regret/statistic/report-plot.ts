/** Mean regret over trials as SVG, a panel for each group: how soon a method is good, not only how good it ends. Pure. */
import { COLOURS, DASHES, escaped } from '../../plot.js';
import type { GroupReport } from './report.js';

const PANEL = { width: 760, height: 300, left: 50, top: 40, plot: { width: 440, height: 210 } };
/** Regret above it leaves the panel: the first trials say little. */
const HIGHEST = 2;

export function reportPlot(groups: readonly GroupReport[], titles: ReadonlyMap<string, string>): string {
  const { width, height } = PANEL;
  // A method looks the same in every panel.
  const order = [...new Set(groups.flatMap(({ methods }) => methods.map(({ method }) => method)))];
  const panels = groups.map(
    (group, i) => `<g transform="translate(0 ${i * height})">${panel(group, titles, order)}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height * groups.length}" font-family="sans-serif" font-size="12">
<title>Mean normalised regret over trials</title>
<style>text{fill:#333}.grid{stroke:#8886}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>
${panels.join('\n')}
</svg>
`;
}

function panel(
  { group, problems, curves }: GroupReport,
  titles: ReadonlyMap<string, string>,
  order: readonly string[],
): string {
  const { left, top, plot: area } = PANEL;
  const [right, bottom] = [left + area.width, top + area.height];
  const trials = Math.max(...Object.values(curves).map((curve) => curve.length));
  const px = (t: number) => left + (area.width * t) / trials;
  const py = (regret: number) => bottom - (area.height * Math.min(regret, HIGHEST)) / HIGHEST;
  const grid = [
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => {
      const x = n(px(share * trials));
      return `<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/><text x="${x}" y="${bottom + 18}" text-anchor="middle">${share * trials}</text>`;
    }),
    ...[0, 0.5, 1, 1.5, 2].map((regret) => {
      const y = n(py(regret));
      return `<line class="grid" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/><text x="${left - 8}" y="${n(py(regret) + 4)}" text-anchor="end">${regret}</text>`;
    }),
  ];
  const lines = Object.entries(curves).map(([method, curve], i) => {
    const look = order.indexOf(method);
    const style = `stroke="${COLOURS[look % COLOURS.length]}" stroke-width="2" stroke-dasharray="${DASHES[look % DASHES.length]}"`;
    const from = Math.max(
      0,
      curve.findIndex((regret) => regret <= HIGHEST),
    );
    const points = curve.slice(from).map((regret, t) => `${n(px(from + t + 1))},${n(py(regret))}`);
    const y = top + 14 + i * 20;
    return `<polyline points="${points.join(' ')}" fill="none" ${style}/>
<line x1="${right + 20}" x2="${right + 50}" y1="${y - 4}" y2="${y - 4}" ${style}/><text x="${right + 58}" y="${y}">${escaped(titles.get(method) ?? method)}</text>`;
  });
  return `<text x="${left}" y="22" font-weight="bold">${escaped(group)}: mean regret of ${problems.length} problems over trials; 0 is the optimum, 1 random search at the end</text>
${[...grid, ...lines].join('\n')}`;
}

function n(value: number): string {
  return value.toFixed(1);
}
