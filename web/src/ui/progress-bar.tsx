/** How many trials are in which state, against the budget. */
import { formatCount, formatWord } from './format.js';

export interface ProgressCounts {
  readonly waiting: number;
  readonly running: number;
  readonly completed: number;
  readonly pruned: number;
  readonly failed: number;
  readonly stopped: number;
  readonly total: number;
}

/** The states in the order they are drawn. */
export const PROGRESS_STATES = ['completed', 'pruned', 'stopped', 'failed', 'running', 'waiting'] as const;

export function ProgressBar({ counts, target }: { readonly counts: ProgressCounts; readonly target: number | null }) {
  const whole = Math.max(target ?? 0, counts.total, 1);
  const parts = PROGRESS_STATES.filter((state) => counts[state] > 0);
  const words = parts.map((state) => `${formatCount(counts[state])} ${formatWord(state)}`).join(', ');
  const goal = target === null ? '' : ` of ${formatCount(target)}`;
  return (
    <span className="tg-progress" role="img" aria-label={`${words || 'no trials'}${goal}`} title={words}>
      {parts.map((state) => (
        <span key={state} data-state={state.toUpperCase()} style={{ width: `${(counts[state] / whole) * 100}%` }} />
      ))}
    </span>
  );
}
