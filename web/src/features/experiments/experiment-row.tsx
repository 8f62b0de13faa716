/** One experiment of the list. */
import { Link } from '@tanstack/react-router';
import { decodeFloat, type ExperimentRowFragment } from '../../../../sdk/typescript/browser.js';
import { formatAgo, formatCount, formatDuration, formatMetric } from '../../ui/format.js';
import { ProgressBar } from '../../ui/progress-bar.js';
import { StateBadge } from '../../ui/state-badge.js';

export function ExperimentRow({
  experiment,
  now,
}: {
  readonly experiment: ExperimentRowFragment;
  readonly now: number;
}) {
  const { id, name, project, state, search, counts, bestTrial, createdAt, endedAt } = experiment;
  const value = bestTrial?.value;
  const ended = counts.total - counts.running - counts.waiting;
  const target = search?.budget.maxTrials ?? null;
  const lastsUntil = endedAt === null ? now : Date.parse(endedAt);
  return (
    <li>
      <Link
        to="/experiments/$id"
        params={{ id }}
        className="tg-experiment"
        data-testid="experiment-row"
        data-state={state}
      >
        <span className="tg-experiment-name">
          <strong>{name}</strong>
          <span className="tg-muted">{project.name}</span>
        </span>
        <span data-label="State">
          <StateBadge state={state} />
        </span>
        <span data-label="Trials" className="tg-experiment-progress">
          <span className="tg-number">
            {formatCount(ended)}
            <span className="tg-muted">{target === null ? ' trials' : ` / ${formatCount(target)}`}</span>
            {counts.failed > 0 && <span className="tg-experiment-failed">{formatCount(counts.failed)} failed</span>}
          </span>
          <ProgressBar counts={counts} target={target} />
        </span>
        <span data-label="Best" className="tg-experiment-best">
          {value === undefined || value === null ? (
            <span className="tg-muted">–</span>
          ) : (
            <>
              <strong className="tg-number">{formatMetric(decodeFloat(value))}</strong>
              <span className="tg-muted">
                {search?.objective.metric} · #{bestTrial?.number}
              </span>
            </>
          )}
        </span>
        <span data-label="Sampler" className="tg-muted">
          {search?.sampler.kind ?? 'tracked'}
        </span>
        <span data-label="Created" className="tg-experiment-time tg-number">
          <time dateTime={createdAt} title={new Date(createdAt).toLocaleString('en-GB')}>
            {formatAgo(createdAt, now)}
          </time>
          <span className="tg-muted">
            {endedAt === null ? 'for ' : 'took '}
            {formatDuration((lastsUntil - Date.parse(createdAt)) / 1000)}
          </span>
        </span>
      </Link>
    </li>
  );
}
