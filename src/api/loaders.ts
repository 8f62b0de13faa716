/** The edges of the graph: one loader per edge over the services' batch verbs, made anew for each reply. */
import DataLoader from 'dataloader';
import { PlatformError } from '../domain/errors.js';
import type { TrialId } from '../domain/ids.js';
import type { MetricSummary } from '../domain/metric.js';
import type { Principal } from '../domain/roles.js';
import {
  loadAlgorithms,
  loadAlgorithmVersions,
  loadVersionsByAlgorithm,
} from '../service/algorithm/load-algorithms.js';
import { loadArtifactsByTrial } from '../service/artifact/load-artifacts.js';
import {
  loadDatasets,
  loadDatasetVersionsByExperiment,
  loadVersionsByDataset,
} from '../service/dataset/load-datasets.js';
import type { Deps } from '../service/deps.js';
import { bestTrials, experimentCounts, loadExperiments } from '../service/experiment/load-experiments.js';
import { loadJobsByTrial } from '../service/job/load-training-jobs.js';
import { loadLogStreams } from '../service/log/load-log-streams.js';
import { loadMetricKeys } from '../service/metric/load-metric-keys.js';
import { loadSummaries } from '../service/metric/load-summaries.js';
import { loadPoolLoads, loadResourcePools } from '../service/pool/load-resource-pools.js';
import { loadProjects } from '../service/project/load-projects.js';
import { loadJobsByRunner, loadRunners, loadRunnersByPool } from '../service/runner/load-runners.js';
import { loadTrials } from '../service/trial/load-trials.js';

/** Keys that one statement may ask for: a page of 200 with lists below it stays at one. */
const MAX_BATCH = 1_000;

export type Loaders = ReturnType<typeof createLoaders>;

/** Loaders for one reply; what a principal may not see loads as null. */
export function createLoaders(deps: Deps, principal: Principal) {
  type Batch<Key, Value> = (deps: Deps, principal: Principal, keys: readonly Key[]) => Promise<readonly Value[]>;
  const edge = <Key, Value>(load: Batch<Key, Value>) =>
    new DataLoader<Key, Value>((keys) => load(deps, principal, keys), { maxBatchSize: MAX_BATCH });
  const summaries = new Map<string, DataLoader<TrialId, readonly MetricSummary[]>>();
  return {
    project: edge(loadProjects),
    experiment: edge(loadExperiments),
    experimentCounts: edge(experimentCounts),
    experimentDatasets: edge(loadDatasetVersionsByExperiment),
    experimentMetricKeys: edge(loadMetricKeys),
    bestTrial: edge(bestTrials),
    trial: edge(loadTrials),
    trialJobs: edge(loadJobsByTrial),
    trialArtifacts: edge(loadArtifactsByTrial),
    /** Summaries of a trial: one loader per list of keys. */
    trialSummary: (keys: readonly string[] | null) => {
      const name = JSON.stringify(keys);
      const known = summaries.get(name);
      if (known !== undefined) return known;
      const loader = edge<TrialId, readonly MetricSummary[]>((_deps, _principal, ids) =>
        loadSummaries(deps, principal, ids, keys),
      );
      summaries.set(name, loader);
      return loader;
    },
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

/** `found`, for edges that always lead somewhere. @throws NOT_FOUND when the other end was deleted or is not visible. */
export function there<Value>(found: Value | null | undefined, what: string): Value {
  if (found === null || found === undefined)
    throw new PlatformError('NOT_FOUND', `the ${what} does not exist or is not visible to you`);
  return found;
}
