/** The table of goals as Markdown, from results alone. Pure. */
import type { Goal } from './goal-list.js';
import type { Result } from './result.js';

export interface Machine {
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly postgres: string;
  readonly fsync: 'on';
  /** Of the last minute, when the run began: above 0.5 somebody else was at work. */
  readonly load: number;
}

/** A file of bench/results/. */
export interface Run {
  readonly bench: string;
  readonly date: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly results: readonly Result[];
}

const RIVALS = 'rivals, ';
const RIVALS_HEAD = '| what | ours | rival | its figure | ratio | |\n| --- | --- | --- | --- | --- | --- |';
/** What the goal beside MLflow asks for, and what no comparison may fall below. */
const AIM = 10;
const FLOOR = 2;
const HEAD =
  '| goal | at least or most | ours | | beside (its figure, ratio) | CPU |\n| --- | --- | --- | --- | --- | --- |';

/** One row per goal, then why goals are missed, then when and on what each bench ran. */
export function goalsTable(goals: readonly Goal[], runs: readonly Run[]): string {
  const results = runs.flatMap((run) => run.results);
  const named = (name: string) => results.filter((one) => one.name === name);
  const judged = goals.map((goal) => judge(goal, results));
  const rows = judged.map(
    ({ goal, best, verdict }) =>
      `| ${goal.what} | ${limitOf(goal)} | ${best === undefined ? '' : oursOf(best)} | ${verdict} | ${best === undefined ? '' : named(best.name).map(beside).join('; ')} | ${cpuOf(goal, named)} |`,
  );
  const missed = judged.flatMap(({ goal, verdict }) =>
    verdict === 'missed'
      ? [`- **${goal.what}**: ${goal.missed?.why ?? 'no reason is known.'} Next: ${goal.missed?.next ?? 'find it.'}`]
      : [],
  );
  const made = runs.map(
    ({ bench, date, quick, machine }) =>
      `${bench} ${date.slice(0, 16).replace('T', ' ')}${quick ? ' (quick)' : ''}, load ${machine.load}`,
  );
  const machines = [...new Set(runs.map(({ machine }) => machineOf(machine)))];
  return [
    [HEAD, ...rows].join('\n'),
    missed.length === 0 ? 'No goal that was run is missed.' : `Missed:\n\n${missed.join('\n')}`,
    `Runs, with the load average when each began: ${made.join('; ')}. Machine: ${machines.join('; ')}.`,
    ...rivalsTable(results),
  ].join('\n\n');
}

/** The text with what stands between the two marks replaced. @throws Error when a mark is missing. */
export function between(text: string, [from, to]: readonly [string, string], content: string): string {
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`${from} and ${to} must stand in the text`);
  return `${text.slice(0, start + from.length)}\n\n${content}\n\n${text.slice(end)}`;
}

type Verdict = 'met' | 'missed' | 'smaller case only' | 'not run';

function judge(goal: Goal, results: readonly Result[]) {
  const best =
    goal.smallestRatio === undefined
      ? goal.results.flatMap((name) => results.filter((one) => one.name === name))[0]
      : worst(results, goal.smallestRatio);
  return { goal, best, verdict: verdictOf(goal, best) };
}

/** The comparison that we do worst in: its ratio as a figure. */
function worst(results: readonly Result[], { name, rival }: NonNullable<Goal['smallestRatio']>): Result | undefined {
  const [smallest] = results
    .filter((one) => one.name.startsWith(name) && one.rival.startsWith(rival))
    .sort((a, b) => a.ratio - b.ratio);
  return smallest && { ...smallest, figure: smallest.ratio, unit: 'times' };
}

/** Nothing before the rivals have run. */
function rivalsTable(results: readonly Result[]): string[] {
  const rows = results
    .filter(({ name }) => name.startsWith(RIVALS))
    .map((result) => {
      const { name, figure, unit, rival, ratio } = result;
      const theirs = theirsOf(result);
      const note = ratio < FLOOR ? `below ${FLOOR}` : ratio < AIM ? `below ${AIM}` : '';
      return `| ${name.slice(RIVALS.length)} | ${grouped(figure)} ${unit} | ${rival} | ${theirs.figure} ${unit} | ${theirs.ratio} | ${note} |`;
    });
  return rows.length === 0 ? [] : ['### Beside the rivals', [RIVALS_HEAD, ...rows].join('\n')];
}

function verdictOf({ limit, results, smallestRatio }: Goal, best: Result | undefined): Verdict {
  if (best === undefined) return 'not run';
  const holds = 'atLeast' in limit ? best.figure >= limit.atLeast : best.figure <= limit.atMost;
  if (!holds) return 'missed';
  return best.name === results[0] || smallestRatio !== undefined ? 'met' : 'smaller case only';
}

function limitOf({ limit }: Goal): string {
  return 'atLeast' in limit ? `≥ ${grouped(limit.atLeast)}` : `≤ ${grouped(limit.atMost)}`;
}

function oursOf({ name, figure, unit }: Result): string {
  return `${grouped(figure)} ${unit} <sub>${name}</sub>`;
}

function beside(result: Result): string {
  const { figure, ratio } = theirsOf(result);
  return `${result.rival} (${figure}, ${ratio})`;
}

/** The rival's figure and the ratio; of one that was stopped, what they are below or above: a rate is lower, a time longer. */
function theirsOf({ unit, rivalFigure, ratio, rivalStopped }: Result) {
  const [worse, least] = rivalStopped ? [unit.endsWith('/s') ? '< ' : '> ', '> '] : ['', ''];
  return { figure: `${worse}${grouped(rivalFigure)}`, ratio: `${least}${grouped(ratio)}` };
}

function cpuOf(goal: Goal, named: (name: string) => readonly Result[]): string {
  const cpu = goal.cpu === undefined ? undefined : named(goal.cpu)[0];
  return cpu === undefined ? '' : `${grouped(cpu.figure)} ${cpu.unit}, beside ${grouped(cpu.rivalFigure)}`;
}

function machineOf({ cores, memoryGiB, node, postgres, fsync }: Machine): string {
  return `${cores} cores and ${memoryGiB} GiB for server, Postgres ${postgres} (fsync ${fsync}) and load generator, Node ${node}`;
}

function grouped(figure: number): string {
  return figure.toLocaleString('en', { maximumSignificantDigits: Math.abs(figure) >= 1_000 ? 21 : 3 });
}
