/** The experiment at a glance: progress against the budget, history of the search, best trial. */
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import {
  decodeFloat,
  type ExperimentFieldsFragment,
  type TrialFieldsFragment,
} from '../../../../sdk/typescript/browser.js';
import { HistoryChart, type HistoryData } from '../../charts/history-chart.js';
import { useFrameSignal } from '../../live/frame-signal.js';
import type { TrialEntry, TrialStore } from '../../live/trial-store.js';
import { CopyButton } from '../../ui/copy-button.js';
import { formatAgo, formatCount, formatDuration, formatMetric, formatParam, formatState } from '../../ui/format.js';
import { Panel } from '../../ui/panel.js';
import { PROGRESS_STATES, ProgressBar } from '../../ui/progress-bar.js';
import { useNow } from '../../ui/use-now.js';
import { useWidth } from '../../ui/use-width.js';

const HISTORY_HEIGHT = 148;

export function ProgressPanel({ experiment }: { readonly experiment: ExperimentFieldsFragment }) {
  const { counts, search, createdAt, endedAt } = experiment;
  const now = useNow(endedAt === null);
  const target = search?.budget.maxTrials ?? null;
  const ended = counts.total - counts.running - counts.waiting;
  const until = endedAt === null ? now : Date.parse(endedAt);
  return (
    <Panel
      title="Progress"
      note={endedAt === null ? `started ${formatAgo(createdAt, now)}` : `ended ${formatAgo(endedAt, now)}`}
    >
      <p className="tg-big tg-number">
        {formatCount(ended)}
        <span className="tg-muted">{target === null ? ' trials ended' : ` of ${formatCount(target)} trials`}</span>
      </p>
      <ProgressBar counts={counts} target={target} />
      <dl className="tg-facts tg-counts">
        {PROGRESS_STATES.filter((state) => counts[state] > 0).map((state) => (
          <div key={state} data-state={state.toUpperCase()}>
            <dt>{formatState(state)}</dt>
            <dd>{formatCount(counts[state])}</dd>
          </div>
        ))}
        <div>
          <dt>Time</dt>
          <dd>{formatDuration((until - Date.parse(createdAt)) / 1000)}</dd>
        </div>
      </dl>
    </Panel>
  );
}

export function HistoryPanel({
  trials,
  experiment,
}: {
  readonly trials: TrialStore;
  readonly experiment: ExperimentFieldsFragment;
}) {
  const version = useFrameSignal(trials.signal);
  const { ref, width } = useWidth();
  // The store is read again at each version.
  const history = useMemo(() => historyOf(trials.all()), [trials, version]);
  const count = history.numbers.length;
  const goal = experiment.search?.objective.goal === 'MINIMIZE' ? 'lower is better' : 'higher is better';
  return (
    <Panel
      title="History"
      note={experiment.search ? `best so far of ${experiment.search.objective.metric}, ${goal}` : undefined}
    >
      <div ref={ref} style={{ height: HISTORY_HEIGHT }}>
        {count > 0 && width > 0 && (
          <HistoryChart
            {...history}
            width={width}
            height={HISTORY_HEIGHT}
            isMinimize={experiment.search?.objective.goal === 'MINIMIZE'}
            summary={`Values of ${count} trials by number, and the best so far.`}
          />
        )}
        {count === 0 && <p className="tg-quiet">Values appear as trials finish.</p>}
      </div>
    </Panel>
  );
}

export function BestPanel({
  best,
  experiment,
}: {
  readonly best: TrialFieldsFragment | null;
  readonly experiment: ExperimentFieldsFragment;
}) {
  const metric = experiment.search?.objective.metric;
  if (!best) {
    return (
      <Panel title="Best trial">
        <p className="tg-quiet" data-testid="best-trial">
          No trial has a value yet.
        </p>
      </Panel>
    );
  }
  const params = Object.entries(best.params);
  return (
    <Panel
      title="Best trial"
      note={
        <Link to="/trials/$id" params={{ id: best.id }} className="tg-link">
          #{best.number}
        </Link>
      }
      tools={<CopyButton text={JSON.stringify(best.params, null, 2)} label="Copy parameters as JSON" />}
    >
      <div data-testid="best-trial" data-number={best.number}>
        <p className="tg-big tg-number">
          {best.value === null ? '–' : formatMetric(decodeFloat(best.value))}
          <span className="tg-muted"> {metric}</span>
        </p>
        <dl className="tg-facts tg-best-params">
          {params.map(([name, value]) => (
            <div key={name}>
              <dt className="tg-mono">{name}</dt>
              <dd className="tg-mono">{formatParam(value)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Panel>
  );
}

function historyOf(entries: readonly TrialEntry[]): HistoryData {
  const rows = entries.filter(({ trial }) => trial.value !== null).sort((a, b) => a.trial.number - b.trial.number);
  return {
    numbers: Float64Array.from(rows, ({ trial }) => trial.number),
    values: Float64Array.from(rows, ({ trial }) => (trial.value === null ? Number.NaN : decodeFloat(trial.value))),
    isPruned: Uint8Array.from(rows, ({ trial }) => (trial.state === 'COMPLETED' ? 0 : 1)),
  };
}
