/** The report of regret as Markdown. Pure. */
import type { Estimate } from './bootstrap.js';
import type { GroupReport } from './report.js';

export interface Labels {
  /** By method; a method without one is called by its name. */
  readonly titles: ReadonlyMap<string, string>;
  readonly at: readonly number[];
}

export function reportText(groups: readonly GroupReport[], { titles, at }: Labels): string {
  const title = (method: string) => titles.get(method) ?? `**${method}**`;
  return groups
    .map((group) => [head(group), methodTable(group, title, at), pairTable(group, title)].filter(Boolean).join('\n\n'))
    .join('\n\n');
}

function head({ group, problems, saturated }: GroupReport): string {
  const left = saturated.length === 0 ? '' : ` Random search solves ${saturated.join(', ')}: left out.`;
  return `### ${group}\n\n${problems.length} problems.${left}`;
}

function methodTable(
  { methods, problems }: GroupReport,
  title: (method: string) => string,
  at: readonly number[],
): string {
  const columns = ['method', ...at.map((trials) => `after ${trials}`), 'mean rank', 'seeds', 'CPU ms a proposal'];
  const rows = methods.map(({ method, regret, rank, seeds, problems: run, msPerTrial }) => [
    `${title(method)}${run < problems.length ? ` (${run} of ${problems.length} problems)` : ''}`,
    ...regret.map(estimate),
    Number.isNaN(rank) ? '' : rank.toFixed(2),
    String(seeds),
    Number.isNaN(msPerTrial) ? '' : Number(msPerTrial.toPrecision(2)).toLocaleString('en'),
  ]);
  return table(columns, rows);
}

function pairTable({ pairings }: GroupReport, title: (method: string) => string): string {
  if (pairings.length === 0) return '';
  const rows = pairings.map(({ method, other, difference, wins, p, verdict }) => [
    title(method),
    title(other),
    estimate(difference),
    `${Math.round(100 * wins.mean)} % [${Math.round(100 * wins.low)}, ${Math.round(100 * wins.high)}]`,
    p < 0.001 ? '< 0.001' : p.toFixed(3),
    verdict,
  ]);
  return table(['ours', 'peer', 'difference of regret', 'wins', 'p', 'verdict'], rows);
}

function estimate({ mean, low, high }: Estimate): string {
  return `${mean.toFixed(3)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
