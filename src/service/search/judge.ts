/** Whether a running trial should stop or pause: somebody asked for it, or the experiment's pruner or scheduler says so. */
import type { EventKind } from '../../domain/event.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { isTrialFinished } from '../../domain/lifecycle.js';
import type { Verdict } from '../../domain/metric.js';
import type { StopReason } from '../../domain/trial.js';
import { judge } from '../../search/judge.js';
import type { Verdict as PrunerVerdict, VerdictCode } from '../../search/pruners/pruner.js';
import type { Database } from '../../store/database.js';
import { findJudged, findSearch, type JudgedTrial } from '../../store/queries/history.js';
import { requestPause } from '../../store/queries/pause.js';
import { readTrial, requestPrune } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { loadHistory } from './load-history.js';
import { withOutside } from './proposer.js';

export interface JudgeTrialInput {
  readonly experimentId: ExperimentId;
  readonly trialId: TrialId;
}

const GO_ON: Verdict = { stop: false, pause: false, reason: null };

const WORDS: Readonly<Record<StopReason, string>> = {
  PRUNER: 'pruned',
  USER: 'stopped by a person',
  EXPERIMENT: 'the experiment was stopped',
};

/** Trials remembered as going on, with the number of reports that was judged. */
const MOST_REMEMBERED = 10_000;
const judged = new WeakMap<Database, Map<TrialId, number>>();

/**
 * The verdict for a trial, to be sent with each ack. One short query when nothing was reported since the last verdict or
 * nothing prunes. A verdict to stop or to pause is stored on the trial and stays until the attempt ends. Internal: trusts the
 * caller's authorisation.
 */
export async function judgeTrial(deps: Deps, input: JudgeTrialInput): Promise<Verdict> {
  const trial = await findJudged(deps.database.read, input.trialId);
  if (trial === null) return GO_ON;
  if (trial.stopReason !== null)
    return { stop: true, pause: false, reason: trial.stopMessage ?? WORDS[trial.stopReason] };
  if (isTrialFinished(trial.state)) return GO_ON;
  if (trial.pausing !== null) return { stop: true, pause: true, reason: trial.pausing };
  if (trial.pruner === null || trial.pruner === 'none' || trial.reports === 0) return GO_ON;

  const remembered = judged.get(deps.database) ?? new Map<TrialId, number>();
  judged.set(deps.database, remembered);
  if (remembered.get(input.trialId) === trial.reports) return GO_ON;
  const verdict = await askPruner(deps, input, trial);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(input.trialId, trial.reports);
  return verdict;
}

async function askPruner(deps: Deps, input: JudgeTrialInput, trial: JudgedTrial): Promise<Verdict> {
  const search = await findSearch(deps.database.read, input.experimentId);
  if (search === null) return GO_ON;
  // A pruner compares curves, not params: trials that a revision left outside the space are judged, and compared, as before.
  const history = withOutside(await loadHistory(deps.database.read, deps.database, input.experimentId, search));
  const verdict = judge({ pruner: search.pruner, history, trialNumber: trial.number });
  if (!verdict.stop) return GO_ON;
  await storeVerdict(deps, input, trial.attempt, verdict);
  return { stop: true, pause: verdict.code === 'PAUSE', reason: verdict.reason };
}

async function storeVerdict(
  deps: Deps,
  { experimentId, trialId }: JudgeTrialInput,
  attempt: number,
  { code, reason, rung }: PrunerVerdict,
): Promise<void> {
  const request = code === 'PAUSE' ? requestPause : requestPrune;
  await deps.database.transaction(async (tx) => {
    if (!(await request(tx, trialId, attempt, reason))) return;
    const trial = await readTrial(tx, trialId);
    if (trial === null) return;
    const { projectId } = trial;
    await recordChange(tx, { projectId, experimentId, kind: 'trial', subjectId: trialId });
    await recordEvent(tx, deps, {
      projectId,
      experimentId,
      trialId,
      kind: EVENTS[code],
      message: `trial ${trial.number} ${DEEDS[code]}: ${reason}`,
      data: { reason: 'PRUNER', code, rung: rung ?? null },
    });
  });
  deps.wakeups.notify(`experiment:${experimentId}`);
}

const EVENTS: Readonly<Record<VerdictCode, EventKind>> = {
  CONTINUE: 'TRIAL_STOP_REQUESTED',
  PRUNE: 'TRIAL_STOP_REQUESTED',
  NAN: 'TRIAL_STOP_REQUESTED',
  PAUSE: 'TRIAL_PAUSE_REQUESTED',
  EXPLOIT: 'TRIAL_EXPLOITED',
};

const DEEDS: Readonly<Record<VerdictCode, string>> = {
  CONTINUE: 'goes on',
  PRUNE: 'is pruned',
  NAN: 'is pruned',
  PAUSE: 'is asked to pause',
  EXPLOIT: 'is pruned to make room for a copy of a better one',
};
