/** The edges of the graph: one loader per edge over the services' batch verbs, made anew for each reply. */
import DataLoader from 'dataloader';
import { PlatformError } from '../domain/errors.js';
import type { ExperimentId, ProjectId, TrialId } from '../domain/ids.js';
import type { Principal } from '../domain/roles.js';
import {
  loadAlgorithms,
  loadAlgorithmVersions,
  loadVersionsByAlgorithm,
} from '../service/algorithm/load-algorithms.js';
import { loadAnalyses } from '../service/analysis/load-analyses.js';
import { loadArtifactsByTrial } from '../service/artifact/load-artifacts.js';
import {
  loadDatasets,
  loadDatasetVersionsByExperiment,
  loadVersionsByDataset,
} from '../service/dataset/load-datasets.js';
import type { Deps } from '../service/deps.js';
import { loadEventPages } from '../service/event/load-event-pages.js';
import { loadCosts } from '../service/experiment/load-costs.js';
import { type ExperimentListing, loadExperimentPages } from '../service/experiment/load-experiment-pages.js';
import { bestTrials, experimentCounts, loadExperiments } from '../service/experiment/load-experiments.js';
import { loadBestTrialPages, loadParetoFronts } from '../service/experiment/load-pareto-fronts.js';
import { loadJobsByTrial } from '../service/job/load-training-jobs.js';
import { loadLogStreams } from '../service/log/load-log-streams.js';
import { loadMetricKeys } from '../service/metric/load-metric-keys.js';
import { loadSummaries } from '../service/metric/load-summaries.js';
import { loadSummaryColumns } from '../service/metric/load-summary-columns.js';
import type { PageInput } from '../service/page.js';
import { loadPoolLoads, loadResourcePools } from '../service/pool/load-resource-pools.js';
import { loadProjects } from '../service/project/load-projects.js';
import { loadJobsByRunner, loadRunners, loadRunnersByPool } from '../service/runner/load-runners.js';
import { loadRevisions, loadTrialRevisions } from '../service/search/load-revisions.js';
import { loadExplanations } from '../service/trial/load-explanations.js';
import { loadCheckpoints, loadChildren, loadParents } from '../service/trial/load-lineage.js';
import { loadPointMeans } from '../service/trial/load-point-means.js';
import { loadTrialPages, type TrialListing } from '../service/trial/load-trial-pages.js';
import { loadTrials } from '../service/trial/load-trials.js';

/** Keys that one statement may ask for: a page of 200 with lists below it stays at one. */
const MAX_BATCH = 1_000;

export type Loaders = ReturnType<typeof createLoaders>;

/** Loaders for one reply; what a principal may not see loads as null, and a page of it fails with NOT_FOUND. */
export function createLoaders(deps: Deps, principal: Principal) {
  type Batch<Key, Value> = (
    deps: Deps,
    principal: Principal,
    keys: readonly Key[],
  ) => Promise<readonly (Value | PlatformError)[]>;
  const edge = <Key, Value>(load: Batch<Key, Value>) =>
    new DataLoader<Key, Value>((keys) => load(deps, principal, keys), { maxBatchSize: MAX_BATCH });
  const known = new Map<string, unknown>();
  /** The loader of an edge that takes arguments: one for each set of them, so that its keys share a statement. */
  const withArguments = <Loader>(name: string, given: unknown, make: () => Loader): Loader => {
    const key = `${name} ${JSON.stringify(given, keepInfinities)}`;
    const loader = (known.get(key) as Loader | undefined) ?? make(); // the name tells its type
    known.set(key, loader);
    return loader;
  };
  return {
    project: edge(loadProjects),
    projectExperiments: (given: ExperimentListing) =>
      withArguments('experiments of projects', given, () =>
        edge((_deps, _principal, ids: readonly ProjectId[]) => loadExperimentPages(deps, principal, ids, given)),
      ),
    experiment: edge(loadExperiments),
    experimentCounts: edge(experimentCounts),
    experimentCost: edge(loadCosts),
    experimentTrials: (given: TrialListing) =>
      withArguments('trials of experiments', given, () =>
        edge((_deps, _principal, ids: readonly ExperimentId[]) => loadTrialPages(deps, principal, ids, given)),
      ),
    experimentEvents: (given: PageInput) =>
      withArguments('events of experiments', given, () =>
        edge((_deps, _principal, ids: readonly ExperimentId[]) =>
          loadEventPages(deps, principal, 'experiment', ids, given),
        ),
      ),
    experimentDatasets: edge(loadDatasetVersionsByExperiment),
    experimentMetricKeys: edge(loadMetricKeys),
    bestTrial: edge(bestTrials),
    bestTrialPage: (given: PageInput) =>
      withArguments('best trials of experiments', given, () =>
        edge((_deps, _principal, ids: readonly ExperimentId[]) => loadBestTrialPages(deps, principal, ids, given)),
      ),
    paretoFront: (reference: readonly number[] | null) =>
      withArguments('fronts of experiments', reference, () =>
        edge((_deps, _principal, ids: readonly ExperimentId[]) => loadParetoFronts(deps, principal, ids, reference)),
      ),
    analysis: edge(loadAnalyses),
    trial: edge(loadTrials),
    trialJobs: edge(loadJobsByTrial),
    trialArtifacts: edge(loadArtifactsByTrial),
    trialCheckpoint: edge(loadCheckpoints),
    trialParent: edge(loadParents),
    trialChildren: edge(loadChildren),
    trialExplanation: edge(loadExplanations),
    trialRevision: edge(loadTrialRevisions),
    trialPointMean: edge(loadPointMeans),
    searchRevisions: edge(loadRevisions),
    trialEvents: (given: PageInput) =>
      withArguments('events of trials', given, () =>
        edge((_deps, _principal, ids: readonly TrialId[]) => loadEventPages(deps, principal, 'trial', ids, given)),
      ),
    /** Summaries of a trial, of the metrics with these keys. */
    trialSummary: (keys: readonly string[] | null) =>
      withArguments('summaries of trials', keys, () =>
        edge((_deps, _principal, ids: readonly TrialId[]) => loadSummaries(deps, principal, ids, keys)),
      ),
    /** The same for a page of trials, as columns. */
    pageSummary: (keys: readonly string[] | null) =>
      withArguments('summaries of pages', keys, () =>
        edge((_deps, _principal, pages: readonly (readonly TrialId[])[]) =>
          loadSummaryColumns(deps, principal, pages, keys),
        ),
      ),
    jobLogStreams: edge(loadLogStreams),
    algorithm: edge(loadAlgorithms),
    algorithmVersion: edge(loadAlgorithmVersions),
    algorithmVersions: edge(loadVersionsByAlgorithm),
    dataset: edge(loadDatasets),
    datasetVersions: edge(loadVersionsByDataset),
    pool: edge(loadResourcePools),
    poolRunners: edge(loadRunnersByPool),
    poolLoad: edge(loadPoolLoads),
    runner: edge(loadRunners),
    runnerJobs: edge(loadJobsByRunner),
  };
}

/** JSON has no infinities, but a literal such as 1e999 is one. */
function keepInfinities(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** `found`, for edges that always lead somewhere. @throws NOT_FOUND when the other end was deleted or is not visible. */
export function there<Value>(found: Value | null | undefined, what: string): Value {
  if (found === null || found === undefined)
    throw new PlatformError('NOT_FOUND', `the ${what} does not exist or is not visible to you`);
  return found;
}
