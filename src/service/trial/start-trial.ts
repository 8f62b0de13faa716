/** A script begins a trial of its own, or goes on with one: no runner, no lease that could lapse, but an epoch all the same. */
import { PlatformError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { isPaused, isTrialFinished } from '../../domain/lifecycle.js';
import { checkName } from '../../domain/names.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { findExperimentIn, lockExperiment } from '../../store/queries/experiment.js';
import { lockOpenJob } from '../../store/queries/job.js';
import { requireTrialWriter } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { makeExperiment } from '../experiment/make-experiment.js';
import { once } from '../once.js';
import { ensureProject } from '../project/ensure-project.js';
import { addTrial } from './add-trial.js';
import { beginOwnAttempt, type OwnAttempt } from './begin-own-attempt.js';
import { checkParams, checkTags, checkTrialName } from './check-trial.js';
import { requireOpen } from './create-trial.js';
import { issueTrialToken } from './issue-token.js';
import { reloadTrial } from './load-trials.js';
import { lockWritableTrial } from './lock-trial.js';
import { resumeTrial } from './pause-trial.js';

export interface StartTrialInput {
  /** Resumes this trial under a new attempt; else `project` and `experiment`, made when missing. */
  readonly trialId?: string | null;
  readonly project?: string | null;
  readonly experiment?: string | null;
  readonly params?: unknown;
  readonly name?: string | null;
  readonly tags?: readonly string[] | null;
  readonly clientRequestId?: string | null;
}

export interface StartedTrial {
  readonly trial: Trial;
  readonly attempt: number;
  /** The attempt's own: dies with its epoch. */
  readonly token: string;
}

/**
 * The trial, RUNNING, with a new attempt. Resuming fences the attempt before. A retry with the same `clientRequestId` gets
 * the same attempt with a fresh token.
 * @throws INPUT_INVALID, NAME_INVALID, NOT_FOUND, FORBIDDEN, STATE_CONFLICT when trial or experiment has ended, or a runner
 * executes the trial.
 */
export async function startTrial(deps: Deps, principal: Principal, input: StartTrialInput): Promise<StartedTrial> {
  // A trial's own token may not start attempts: it would outlive its epoch.
  if (principal.kind === 'trial') throw new PlatformError('FORBIDDEN', "a trial's token cannot start attempts");
  const request = { operation: 'startTrial', clientRequestId: input.clientRequestId, input };
  const attempt = await once(deps, principal, request, (tx) =>
    input.trialId
      ? resume(tx, deps, principal, checkId<TrialId>(input.trialId, 'trial'))
      : begin(tx, deps, principal, input),
  );
  deps.wakeups.notify(`experiment:${attempt.experimentId}`);
  return describeOwnAttempt(deps, principal, attempt);
}

/** What a script needs to go on, with a fresh token. A retry may come from somebody whose role was taken away since. */
async function describeOwnAttempt(deps: Deps, principal: Principal, attempt: OwnAttempt): Promise<StartedTrial> {
  const trial = await reloadTrial(deps, principal, attempt.trialId);
  requireTrialWriter(principal, trial);
  const token = await deps.database.transaction((tx) =>
    issueTrialToken(tx, deps, { ...attempt, organizationId: principal.organizationId }),
  );
  return { trial, attempt: attempt.attempt, token };
}

async function resume(tx: Sql, deps: Deps, principal: Principal, id: TrialId): Promise<OwnAttempt> {
  const { experiment, lease, trial } = await lockWritableTrial(tx, principal, id);
  if (isTrialFinished(trial.state)) {
    throw new PlatformError(
      'STATE_CONFLICT',
      `trial ${trial.number} is ${trial.state}: it cannot be resumed; start another one`,
      { state: trial.state },
    );
  }
  if (lease.runnerId !== null || (await lockOpenJob(tx, id)) !== null) {
    throw new PlatformError('STATE_CONFLICT', `trial ${trial.number} belongs to runners: stop it first`, {
      state: trial.state,
    });
  }
  if (isPaused(trial)) await resumeTrial(tx, deps, experiment, trial, 'somebody resumed it');
  return beginOwnAttempt(tx, deps, experiment, trial);
}

async function begin(tx: Sql, deps: Deps, principal: Principal, input: StartTrialInput): Promise<OwnAttempt> {
  if (!input.project || !input.experiment)
    throw new PlatformError('INPUT_INVALID', 'give trialId, or project and experiment');
  const experiment = await ensureExperiment(tx, deps, principal, input.project, input.experiment);
  requireOpen(experiment);
  const trial = await addTrial(tx, deps, experiment, {
    params: checkParams(input.params),
    name: checkTrialName(input.name),
    tags: checkTags(input.tags),
    proposedBy: 'user',
    explanation: null,
    queued: false,
  });
  return beginOwnAttempt(tx, deps, experiment, trial);
}

/** The experiment of this name, locked; made without a search when it is missing. */
async function ensureExperiment(
  tx: Sql,
  deps: Deps,
  principal: Principal,
  projectName: string,
  name: string,
): Promise<Experiment> {
  const project = await ensureProject(tx, deps, principal, projectName);
  const checked = checkName(name, 'experiment name');
  const id = (await findExperimentIn(tx, project.id, checked)) ?? (await makeOrFind());
  const experiment = await lockExperiment(tx, id);
  if (experiment === null) throw new PlatformError('NOT_FOUND', `the experiment ${checked} was deleted just now`);
  return experiment;

  async function makeOrFind(): Promise<ExperimentId> {
    return makeExperiment(tx, deps, principal, { projectId: project.id, name: checked }, { taken: 'find' });
  }
}
