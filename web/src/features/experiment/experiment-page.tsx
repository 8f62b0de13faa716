/** One experiment: what it asks, how far it is, its curves and its trials, all live. */
import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ExperimentFieldsFragment, TrialFieldsFragment } from '../../../../sdk/typescript/browser.js';
import { codeOf, messageOf } from '../../api/client.js';
import { useFrameSignal } from '../../live/frame-signal.js';
import type { TrialStore } from '../../live/trial-store.js';
import { Crumbs } from '../../ui/crumbs.js';
import { ErrorNotice, Notice } from '../../ui/notice.js';
import { ChartPanel } from './chart-panel.js';
import { orderOf, readSort } from './columns.js';
import './experiment.css';
import { ExperimentHeader } from './experiment-header.js';
import { isMinimized } from './metric-stats.js';
import { BestPanel, HistoryPanel, ProgressPanel } from './overview.js';
import type { ExperimentSearch } from './search.js';
import { chosenNumbers, toggled } from './selection.js';
import { TrialsTable } from './trials-table.js';
import { useExperiment } from './use-experiment.js';
import { useSeries } from './use-series.js';

export interface ExperimentPageProps {
  readonly id: string;
  readonly search: ExperimentSearch;
  onSearch(change: ExperimentSearch): void;
  onOpenTrial(trialId: string): void;
}

export function ExperimentPage({ id, search, onSearch, onOpenTrial }: ExperimentPageProps) {
  const isMinimizeGuess = search.metric === undefined || isMinimized(search.metric, null);
  const order = orderOf(readSort(search.sort), search.metric ?? null, isMinimizeGuess);
  const { experiment, best, trials, error, reload, setExperiment } = useExperiment(id, order);

  if (experiment === undefined) {
    return (
      <Frame>
        <section className="tg-panel">
          <Notice title="There is no such experiment">
            <p>It may have been deleted, or you may not see its project.</p>
            <Link to="/" className="tg-link">
              All experiments
            </Link>
          </Notice>
        </section>
      </Frame>
    );
  }
  if (experiment === null) {
    return (
      <Frame>
        {error === null ? (
          <Loading />
        ) : (
          <ErrorNotice title="The experiment could not be loaded" message={messageOf(error)} onRetry={reload} />
        )}
      </Frame>
    );
  }
  return (
    <Frame>
      <Crumbs>
        <li>
          <Link to="/">Experiments</Link>
        </li>
        <li>
          <Link to="/" search={{ q: `${experiment.project.name}/` }}>
            {experiment.project.name}
          </Link>
        </li>
        <li aria-current="page">{experiment.name}</li>
      </Crumbs>
      <title>{`${experiment.name} · Trialgraph`}</title>
      {error !== null && codeOf(error) !== 'NETWORK' && <LiveError error={error} onRetry={reload} />}
      <ExperimentHeader experiment={experiment} onChanged={setExperiment} />
      <Body
        experiment={experiment}
        best={best}
        trials={trials}
        search={search}
        onSearch={onSearch}
        onOpenTrial={onOpenTrial}
      />
    </Frame>
  );
}

interface BodyProps extends Pick<ExperimentPageProps, 'search' | 'onSearch' | 'onOpenTrial'> {
  readonly experiment: ExperimentFieldsFragment;
  readonly best: TrialFieldsFragment | null;
  readonly trials: TrialStore;
}

function Body({ experiment, best, trials, search, onSearch, onOpenTrial }: BodyProps) {
  const version = useFrameSignal(trials.signal);
  const metric = search.metric ?? experiment.search?.objective.metric ?? experiment.metricKeys[0] ?? null;
  const isMinimize = metric === null || isMinimized(metric, experiment.search);
  const isGoalMinimize = experiment.search?.objective.goal !== 'MAXIMIZE';

  // The store is read again at each version.
  const { chosen, entries, followed } = useMemo(() => {
    const all = trials.all();
    const numbers = chosenNumbers(all, search.show, isGoalMinimize);
    const found = numbers.flatMap((number) => trials.byNumber(number) ?? []);
    const running = all.filter(({ trial }) => trial.state === 'RUNNING');
    return {
      chosen: numbers,
      entries: found,
      followed: [...new Set([...found, ...running].map(({ trial }) => trial.id))].sort(),
    };
  }, [trials, version, search.show, isGoalMinimize]);
  const { store: series, error } = useSeries(experiment.id, metric, experiment.counts.total, followed);
  const toggle = (number: number): void => onSearch({ show: toggled(chosen, number) });

  return (
    <>
      <div className="tg-overview" data-plain={experiment.search === null || undefined}>
        <ProgressPanel experiment={experiment} />
        {experiment.search && (
          <>
            <HistoryPanel trials={trials} experiment={experiment} />
            <BestPanel best={best} experiment={experiment} />
          </>
        )}
      </div>
      <ChartPanel
        metric={metric}
        metricKeys={experiment.metricKeys}
        entries={entries}
        total={experiment.counts.total}
        series={series}
        error={error}
        hasObjective={experiment.search !== null}
        bestId={best?.id ?? null}
        search={search}
        onSearch={onSearch}
        onToggle={toggle}
      />
      <TrialsTable
        trials={trials}
        series={series}
        counts={experiment.counts}
        metric={metric}
        isMinimize={isMinimize}
        hasObjective={experiment.search !== null}
        chosen={chosen}
        bestId={best?.id ?? null}
        search={search}
        onSearch={onSearch}
        onToggle={toggle}
        onOpen={onOpenTrial}
      />
    </>
  );
}

function Frame({ children }: { readonly children: React.ReactNode }) {
  return (
    <main className="tg-main" id="main">
      {children}
    </main>
  );
}

/** A lost connection shows in the header; this is what does not mend itself. */
function LiveError({ error, onRetry }: { readonly error: unknown; onRetry(): void }) {
  return (
    <div role="alert" className="tg-alert" data-state="FAILED">
      <strong>Live updates have ended:</strong> {messageOf(error)}{' '}
      <Button size="compact-xs" variant="subtle" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

function Loading() {
  return (
    <div aria-busy="true" role="status" aria-label="Loading the experiment" className="tg-main" style={{ padding: 0 }}>
      <Skeleton height={26} width={260} />
      <div className="tg-overview">
        <Skeleton height={200} />
        <Skeleton height={200} />
        <Skeleton height={200} />
      </div>
      <Skeleton height={400} />
      <Skeleton height={300} />
    </div>
  );
}
