/** Which trials are in the chart. */
import { decodeFloat } from '../../../../sdk/typescript/browser.js';
import type { TrialEntry } from '../../live/trial-store.js';

const BEST_SHOWN = 6;
const MOST_BY_DEFAULT = 14;
/** More lines than this are not read by anyone. */
export const MOST_LINES = 100;

/** Numbers of the trials to draw, rising: as `show` says, else those that run and the best few, or the newest where none has a value. */
export function chosenNumbers(entries: readonly TrialEntry[], show: string | undefined, isMinimize: boolean): number[] {
  if (show === 'none') return [];
  if (show === 'all') return newest(entries.filter(hasStarted), MOST_LINES);
  if (show !== undefined) return rising(show.split(',').map(Number).filter(Number.isInteger)).slice(0, MOST_LINES);

  const running = entries.filter(({ trial }) => trial.state === 'RUNNING');
  const best = entries
    .filter(({ trial }) => trial.state === 'COMPLETED' && Number.isFinite(numberOf(trial.value)))
    .sort(
      (a, b) =>
        (numberOf(a.trial.value) - numberOf(b.trial.value)) * (isMinimize ? 1 : -1) || a.trial.number - b.trial.number,
    )
    .slice(0, BEST_SHOWN);
  const chosen = newest(running, MOST_BY_DEFAULT - best.length).concat(best.map(({ trial }) => trial.number));
  return best.length > 0 ? rising(chosen) : rising([...chosen, ...newest(entries.filter(hasStarted), BEST_SHOWN)]);
}

/** `show` with the trial added or taken away. */
export function toggled(chosen: readonly number[], number: number): string {
  const rest = chosen.filter((other) => other !== number);
  const next = rest.length < chosen.length ? rest : rising([...chosen, number]);
  return next.length === 0 ? 'none' : next.join(',');
}

function numberOf(value: TrialEntry['trial']['value']): number {
  return value === null ? Number.NaN : decodeFloat(value);
}

function hasStarted({ trial }: TrialEntry): boolean {
  return trial.startedAt !== null;
}

function newest(entries: readonly TrialEntry[], count: number): number[] {
  const numbers = rising(entries.map(({ trial }) => trial.number));
  return count <= 0 ? [] : numbers.slice(-count);
}

function rising(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
