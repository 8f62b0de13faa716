/** Searches with several objectives, bounds or replicates, worked on by a script. */
import type { Experiment, Search } from '../../../src/domain/experiment.js';
import type { Trial } from '../../../src/domain/trial.js';
import type { History } from '../../../src/search/history.js';
import type { Deps } from '../../../src/service/deps.js';
import type { SearchInput } from '../../../src/service/experiment/check-search.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { type FinishTrialInput, finishTrial } from '../../../src/service/trial/finish-trial.js';
import { unique } from '../../support/builders.js';
import type { World } from '../../support/world.js';

/** Two objectives, of which the first shall be large. */
export const TWO = {
  space: { x: { kind: 'float', low: 0, high: 1 }, y: { kind: 'float', low: 0, high: 1 } },
  objectives: [
    { metric: 'accuracy', goal: 'maximize' },
    { metric: 'size', goal: 'minimize' },
  ],
  sampler: { kind: 'random' },
  budget: { maxTrials: 100, maxParallel: 10 },
  seed: 'seed',
} as const satisfies SearchInput;

export function createSearch(world: World, search: SearchInput, command: readonly string[] | null = null) {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('several'),
    command,
    search,
  });
}

/** The next trial, RUNNING, or the test fails. */
export async function ask(world: World, experiment: Experiment): Promise<Trial> {
  const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
  if (started === null) throw new Error('there was no trial to run');
  return started.trial;
}

/** Metrics of a trial by name, in the order they were logged. */
export async function report(
  world: World,
  trial: Trial,
  metrics: Readonly<Record<string, readonly number[]>>,
  attempt = 1,
): Promise<void> {
  const series = Object.entries(metrics).map(([metric, values]) => ({
    key: metric,
    steps: Float64Array.from(values, (_, i) => i),
    times: new Float64Array(values.length),
    values: Float64Array.from(values),
  }));
  await reportMetrics(world.deps, world.admin, { trialId: trial.id, attempt, stream: 's', seq: 0, series });
}

export function tell(world: World, trial: Trial, told: Partial<FinishTrialInput> = {}): Promise<Trial> {
  return finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state: 'COMPLETED', ...told });
}

/** What samplers know of the experiment now. */
export async function historyOf({ id }: Experiment, world: World, deps: Deps = world.deps): Promise<History> {
  const { search } = (await findExperiment(deps, world.admin, { id })) as Experiment;
  return loadHistory(deps.database.read, deps.database, id, search as Search);
}
