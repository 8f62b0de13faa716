/** One trial: what was tried, how it went, what it wrote. */
import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { messageOf } from '../../api/client.js';
import { Crumbs } from '../../ui/crumbs.js';
import { ErrorNotice, Notice } from '../../ui/notice.js';
import { ArtifactsPanel, AttemptsPanel } from './attempts.js';
import { Console } from './console.js';
import { EventsPanel } from './events.js';
import { CircumstancesPanel, MetricsPanel, ParamsPanel } from './facts.js';
import { MetricCharts } from './metric-charts.js';
import type { TrialSearch } from './search.js';
import './trial.css';
import { TrialHeader } from './trial-header.js';
import { useTrial } from './use-trial.js';

export interface TrialPageProps {
  readonly id: string;
  readonly search: TrialSearch;
  onSearch(change: TrialSearch): void;
}

export function TrialPage({ id, search, onSearch }: TrialPageProps) {
  const { trial, events, error, reload } = useTrial(id);
  if (trial === null) {
    return (
      <main className="tg-main" id="main">
        {error === null ? (
          <Loading />
        ) : (
          <ErrorNotice title="The trial could not be loaded" message={messageOf(error)} onRetry={reload} />
        )}
      </main>
    );
  }
  if (trial === undefined) return <NoTrial />;
  return (
    <main className="tg-main" id="main">
      <Crumbs>
        <li>
          <Link to="/">Experiments</Link>
        </li>
        <li>
          <Link to="/experiments/$id" params={{ id: trial.experimentId }}>
            {trial.experiment.name}
          </Link>
        </li>
        <li aria-current="page">Trial {trial.number}</li>
      </Crumbs>
      <title>{`Trial ${trial.number} of ${trial.experiment.name} · Trialgraph`}</title>
      <TrialHeader trial={trial} onStopped={reload} />
      <div className="tg-trial">
        <div className="tg-trial-side">
          <ParamsPanel trial={trial} />
          <MetricsPanel trial={trial} />
          <CircumstancesPanel trial={trial} />
          <AttemptsPanel jobs={trial.jobs} />
          <ArtifactsPanel artifacts={trial.artifacts} />
        </div>
        <div className="tg-trial-main">
          <MetricCharts trial={trial} search={search} onSearch={onSearch} />
          <Console trial={trial} search={search} onSearch={onSearch} />
          <EventsPanel events={events} />
        </div>
      </div>
    </main>
  );
}

function NoTrial() {
  return (
    <main className="tg-main" id="main">
      <section className="tg-panel">
        <Notice title="There is no such trial">
          <p>It may have been deleted, or you may not see its project.</p>
          <Link to="/" className="tg-link">
            All experiments
          </Link>
        </Notice>
      </section>
    </main>
  );
}

function Loading() {
  return (
    <div aria-busy="true" role="status" aria-label="Loading the trial" className="tg-main" style={{ padding: 0 }}>
      <Skeleton height={26} width={200} />
      <div className="tg-trial">
        <Skeleton height={260} />
        <Skeleton height={420} />
      </div>
    </div>
  );
}
