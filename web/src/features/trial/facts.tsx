/** What was tried and what came of it: parameters, metrics, circumstances. */
import { decodeFloat } from '../../../../sdk/typescript/browser.js';
import { CopyButton } from '../../ui/copy-button.js';
import { formatCount, formatDuration, formatMetric, formatParam } from '../../ui/format.js';
import { Panel } from '../../ui/panel.js';
import { useNow } from '../../ui/use-now.js';
import type { FullTrial } from './use-trial.js';

export function ParamsPanel({ trial }: { readonly trial: FullTrial }) {
  const params = Object.entries(trial.params).sort(([a], [b]) => a.localeCompare(b));
  return (
    <Panel
      title="Parameters"
      tools={<CopyButton text={JSON.stringify(trial.params, null, 2)} label="Copy parameters as JSON" />}
    >
      {params.length === 0 && <p className="tg-muted">None.</p>}
      <dl className="tg-facts tg-mono" data-testid="trial-params">
        {params.flatMap(([name, value]) => [
          <dt key={`${name} name`}>{name}</dt>,
          <dd key={name} title={String(value)}>
            {formatParam(value)}
          </dd>,
        ])}
      </dl>
    </Panel>
  );
}

export function MetricsPanel({ trial }: { readonly trial: FullTrial }) {
  if (trial.summary.length === 0) return null;
  return (
    <Panel title="Metrics" isFlush>
      <div className="tg-scroll">
        <table className="tg-small-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Last</th>
              <th scope="col">Min</th>
              <th scope="col">Max</th>
              <th scope="col">Points</th>
            </tr>
          </thead>
          <tbody>
            {trial.summary.map(({ key, last, min, max, count, nonFinite }) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td>{formatMetric(decodeFloat(last))}</td>
                <td>{min === null ? '–' : formatMetric(decodeFloat(min))}</td>
                <td>{max === null ? '–' : formatMetric(decodeFloat(max))}</td>
                <td title={nonFinite > 0 ? `${formatCount(nonFinite)} are not finite` : undefined}>
                  {formatCount(count)}
                  {nonFinite > 0 && ' *'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

export function CircumstancesPanel({ trial }: { readonly trial: FullTrial }) {
  const now = useNow(trial.startedAt !== null && trial.endedAt === null);
  const end = trial.endedAt === null ? now : Date.parse(trial.endedAt);
  const facts: readonly (readonly [string, string | null])[] = [
    ['Proposed by', trial.proposedBy],
    ['Copy of', trial.parent === null ? null : `trial ${trial.parent.number}`],
    ['Copies', trial.children.length > 0 ? trial.children.map(({ number }) => `trial ${number}`).join(', ') : null],
    ['Created', timeText(trial.createdAt)],
    ['Started', timeText(trial.startedAt)],
    ['Ended', timeText(trial.endedAt)],
    ['Duration', trial.startedAt === null ? null : formatDuration((end - Date.parse(trial.startedAt)) / 1000)],
    ['Attempt', trial.attempt > 0 ? String(trial.attempt) : null],
    ['Tags', trial.tags.length > 0 ? trial.tags.join(', ') : null],
    ['Points', trial.pointsExpiredAt ? `Not kept since ${trial.pointsExpiredAt.slice(0, 10)}` : null],
    ['Points given up', trial.dropped > 0 ? formatCount(trial.dropped) : null],
  ];
  return (
    <Panel title="Details" tools={<CopyButton text={trial.id} label="Copy the trial's id" />}>
      <dl className="tg-facts">
        {facts.flatMap(([name, text]) =>
          text === null ? [] : [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{text}</dd>],
        )}
      </dl>
    </Panel>
  );
}

function timeText(iso: string | null): string | null {
  return iso === null ? null : new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
