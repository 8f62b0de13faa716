/** The attempts to execute the trial, and the files it left. */
import type { ArtifactFieldsFragment, JobFieldsFragment } from '../../../../sdk/typescript/browser.js';
import { formatBytes, formatDuration, formatWord } from '../../ui/format.js';
import { DownloadIcon } from '../../ui/icons.js';
import { Panel } from '../../ui/panel.js';
import { StateBadge } from '../../ui/state-badge.js';
import { useNow } from '../../ui/use-now.js';

export function AttemptsPanel({ jobs }: { readonly jobs: readonly JobFieldsFragment[] }) {
  const now = useNow(jobs.some(({ endedAt, startedAt }) => startedAt !== null && endedAt === null));
  if (jobs.length === 0) return null;
  return (
    <Panel title="Attempts" note={jobs.length}>
      <ol className="tg-list" data-testid="attempts">
        {jobs.map((job) => (
          <li key={job.id}>
            <div className="tg-list-line">
              <span className="tg-number">{job.attempt}</span>
              <StateBadge state={job.state} />
              <span className="tg-list-end tg-number">{durationText(job, now)}</span>
            </div>
            <p className="tg-muted">{describe(job)}</p>
            {job.message !== null && (
              <p className="tg-list-message" title={job.message}>
                {job.message}
              </p>
            )}
            <p className="tg-mono tg-muted tg-list-command" title={job.command.join(' ')}>
              {job.command.join(' ')}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

export function ArtifactsPanel({ artifacts }: { readonly artifacts: readonly ArtifactFieldsFragment[] }) {
  if (artifacts.length === 0) return null;
  return (
    <Panel title="Artifacts" note={artifacts.length}>
      <ul className="tg-list" data-testid="artifacts">
        {artifacts.map((artifact) => (
          <li key={artifact.id} className="tg-list-line">
            <span className="tg-list-name" title={artifact.fileName}>
              {artifact.name}
              <span className="tg-muted">
                {' '}
                {artifact.kind} · {formatBytes(artifact.sizeBytes)}
              </span>
            </span>
            <span className="tg-list-end">
              {artifact.downloadPath === null ? (
                <span className="tg-muted">uploading</span>
              ) : (
                <a
                  className="tg-link tg-download"
                  href={artifact.downloadPath}
                  download={artifact.fileName}
                  aria-label={`Download ${artifact.fileName}`}
                >
                  <DownloadIcon size={14} /> Download
                </a>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function durationText({ startedAt, endedAt }: JobFieldsFragment, now: number): string {
  if (startedAt === null) return '–';
  return formatDuration(((endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt)) / 1000);
}

function describe({ cause, exitCode, signal, runner, gpus }: JobFieldsFragment): string {
  const parts = [
    cause === null ? '' : formatWord(cause),
    signal === null ? '' : `signal ${signal}`,
    exitCode === null ? '' : `exit code ${exitCode}`,
    runner === null ? 'no runner yet' : `on ${runner.name}`,
    gpus > 0 ? `${gpus} GPU${gpus > 1 ? 's' : ''}` : '',
  ];
  return parts.filter(Boolean).join(' · ');
}
