/**
 * Gives a runner work: the next pending jobs that fit and, where they do not suffice, new proposals of the experiments that
 * share the pool. Proposals are committed before leasing, in transactions of their own: leasing locks only what nobody
 * holds and waits for nothing. Lock order: runner row, experiment row, trial_lease, then trial and job rows.
 */
import { isPlatformError, PlatformError } from '../../domain/errors.js';
import type { ExperimentId, RunnerId } from '../../domain/ids.js';
import { type Principal, principalName, type RunnerPrincipal } from '../../domain/roles.js';
import type { TrainingJob } from '../../domain/training-job.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { findProposing } from '../../store/queries/experiment.js';
import {
  type Capacity,
  countFitting,
  findCommands,
  heldResources,
  type LeasedRow,
  leaseNext,
  readJobs,
} from '../../store/queries/job.js';
import { wasAnswered } from '../../store/queries/lease.js';
import { findOwnRunner, type OwnRunner, touchOwnRunner } from '../../store/queries/runner.js';
import { readTrials } from '../../store/queries/trial.js';
import { requireRunner } from '../authorize.js';
import { checkCount, checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { once } from '../once.js';
import { proposeTrial } from '../search/propose-trial.js';
import { issueTrialToken } from '../trial/issue-token.js';

export interface LeaseJobsInput {
  readonly runnerId: string;
  readonly freeSlots: number;
  readonly freeGpus: number;
  readonly max: number;
  readonly clientRequestId?: string | null;
}

export interface LeasedJob {
  readonly job: TrainingJob;
  readonly trial: Trial;
  readonly epoch: number;
  /** The attempt's own: dies with the epoch. */
  readonly token: string;
  readonly leaseSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string | null;
  /** How long a process that was asked to end is waited for. */
  readonly graceSeconds: number;
}

const MOST_JOBS = 64;
const GRACE_SECONDS = 30;
/** How often work that others took from under us is looked for again. */
const ROUNDS = 5;

/** What is kept of the reply: tokens are made anew for a retry. */
interface Leased {
  readonly leases: readonly LeasedRow[];
  readonly leaseSeconds: number;
}

/**
 * At most `max` jobs, leased to the runner; none when there is no work, or the runner drains. A retry with the same
 * `clientRequestId` gets the same leases with fresh tokens.
 * @throws FORBIDDEN unless the caller is a runner, NOT_FOUND unless it registered with this key, INPUT_INVALID.
 */
export async function leaseJobs(
  deps: Deps,
  principal: Principal,
  input: LeaseJobsInput,
): Promise<readonly LeasedJob[]> {
  const caller = requireRunner(principal);
  const runnerId = checkId<RunnerId>(input.runnerId, 'runner');
  const wanted = {
    max: Math.min(checkCount(input.max, 'max'), MOST_JOBS),
    gpus: checkCount(input.freeGpus, 'freeGpus', 1_000_000),
    slots: checkCount(input.freeSlots, 'freeSlots', 1_000_000),
  };
  const leased = await leaseInRounds(deps, caller, runnerId, wanted, input);
  for (const lease of leased.leases) deps.wakeups.notify(`experiment:${lease.experimentId}`);
  return describe(deps, caller, leased);
}

interface Wanted {
  readonly max: number;
  readonly gpus: number;
  readonly slots: number;
}

async function leaseInRounds(
  deps: Deps,
  caller: RunnerPrincipal,
  runnerId: RunnerId,
  wanted: Wanted,
  input: LeaseJobsInput,
): Promise<Leased> {
  const request = { operation: 'leaseJobs', clientRequestId: input.clientRequestId, input: { runnerId, ...wanted } };
  const { lease: lane } = deps.database;
  const isRetry = await wasAnswered(lane.read, principalName(caller), input.clientRequestId ?? null);
  for (let round = 1; ; round++) {
    const hadWork = !isRetry && (await provideWork(deps, caller, runnerId, wanted));
    try {
      const work = async (tx: Sql) => {
        const leased = await leaseFitting(tx, deps, caller, runnerId, wanted);
        if (leased.leases.length === 0 && hadWork && round < ROUNDS) throw TAKEN;
        return leased;
      };
      return await once(deps, caller, request, work, { lane });
    } catch (error) {
      if (error !== TAKEN) throw error;
    }
  }
}

/** Rolls back a lease that found nothing although there was work a moment ago. */
const TAKEN = new Error('others took the work');

/** Whether there is work that fits, after proposing what is missing. */
async function provideWork(deps: Deps, caller: RunnerPrincipal, runnerId: RunnerId, wanted: Wanted): Promise<boolean> {
  const { read } = deps.database.lease;
  const runner = await findOwnRunner(read, caller.keyId, runnerId);
  if (runner === null || runner.draining) return false;
  const capacity: Capacity = { ...(await freeCapacity(read, runner, wanted)), poolId: runner.poolId };
  if (capacity.slots === 0 && capacity.gpus === 0) return false;
  const ready = await countFitting(read, capacity, wanted.max);
  return ready >= wanted.max || (await proposeMissing(deps, capacity, ready, wanted.max)) > 0;
}

/** How many are ready after proposing. Proposals run with the verbs of people: a server too busy for them leases what is there. */
async function proposeMissing(deps: Deps, capacity: Capacity, found: number, max: number): Promise<number> {
  let ready = found;
  try {
    ready = await proposeUpTo(deps, capacity, found, max);
  } catch (error) {
    if (!isPlatformError(error) || error.code !== 'OVERLOADED') throw error;
    deps.log(`no proposals for a runner: ${error.message}`);
  }
  return ready;
}

async function proposeUpTo(deps: Deps, capacity: Capacity, found: number, max: number): Promise<number> {
  let ready = found;
  // Each round asks every experiment once, the least busy first: they share the pool.
  while (ready < max) {
    const before = ready;
    for (const experimentId of await findProposing(deps.database.lease.read, capacity)) {
      if (ready >= max) break;
      if (await proposes(deps, experimentId)) ready++;
    }
    if (ready === before) break;
  }
  return ready;
}

/** One experiment that cannot propose keeps no runner of the pool from the work of others. */
async function proposes(deps: Deps, experimentId: ExperimentId): Promise<boolean> {
  try {
    return (await proposeTrial(deps, experimentId)) !== null;
  } catch (error) {
    if (isPlatformError(error) && error.code === 'OVERLOADED') throw error;
    deps.log(`no proposal for ${experimentId}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function leaseFitting(
  tx: Sql,
  deps: Deps,
  caller: RunnerPrincipal,
  runnerId: RunnerId,
  wanted: Wanted,
): Promise<Leased> {
  const runner = await touchOwnRunner(tx, caller.keyId, runnerId);
  if (runner === null)
    throw new PlatformError('NOT_FOUND', `there is no runner ${runnerId} of this key; register first`);
  const { leaseSeconds, poolId } = runner;
  if (runner.draining) return { leases: [], leaseSeconds };
  let { gpus, slots } = await freeCapacity(tx, runner, wanted);
  const leases: LeasedRow[] = [];
  while (leases.length < wanted.max) {
    const lease = await leaseNext(tx, { poolId, gpus, slots, runnerId, leaseSeconds });
    if (lease === null) break;
    gpus -= lease.gpus;
    slots -= lease.slots;
    leases.push(lease);
    await recordLease(tx, deps, lease, runner);
  }
  return { leases, leaseSeconds };
}

/** What the runner says is free, but no more than our books allow. */
async function freeCapacity(sql: Sql, runner: OwnRunner, wanted: Wanted): Promise<{ gpus: number; slots: number }> {
  const held = await heldResources(sql, runner.id);
  return {
    gpus: Math.max(0, Math.min(wanted.gpus, runner.gpus.length - held.gpus)),
    slots: Math.max(0, Math.min(wanted.slots, runner.slots - held.slots)),
  };
}

async function recordLease(tx: Sql, deps: Deps, lease: LeasedRow, runner: OwnRunner): Promise<void> {
  const { projectId, experimentId, trialId, jobId, attempt } = lease;
  await recordChange(tx, [
    { projectId, experimentId, kind: 'job', subjectId: jobId },
    { projectId, experimentId, kind: 'trial', subjectId: trialId },
  ]);
  await recordEvent(tx, deps, {
    projectId,
    experimentId,
    trialId,
    jobId,
    kind: 'JOB_LEASED',
    message: `attempt ${attempt} goes to runner ${runner.name}`,
    data: { attempt, runnerId: runner.id, runner: runner.name },
  });
}

async function describe(
  deps: Deps,
  caller: RunnerPrincipal,
  { leases, leaseSeconds }: Leased,
): Promise<readonly LeasedJob[]> {
  if (leases.length === 0) return [];
  return deps.database.lease.transaction(async (tx) => {
    const ids = leases.map((lease) => lease.jobId);
    const jobs = new Map((await readJobs(tx, ids)).map((job) => [job.id, job]));
    const trials = new Map(
      (
        await readTrials(
          tx,
          leases.map((lease) => lease.trialId),
        )
      ).map((trial) => [trial.id, trial]),
    );
    const commands = new Map((await findCommands(tx, ids)).map((command) => [command.jobId, command]));
    const described: LeasedJob[] = [];
    for (const lease of leases) {
      const [job, trial, command] = [jobs.get(lease.jobId), trials.get(lease.trialId), commands.get(lease.jobId)];
      // Deleted since: there is nothing to run.
      if (job === undefined || trial === undefined || command === undefined) continue;
      const { environment, workingDirectory } = command;
      const token = await issueTrialToken(tx, deps, { ...lease, organizationId: caller.organizationId });
      described.push({
        job,
        trial,
        epoch: lease.epoch,
        token,
        leaseSeconds,
        environment: trial.seed === null ? environment : { ...environment, TRIALGRAPH_SEED: String(trial.seed) },
        workingDirectory,
        graceSeconds: GRACE_SECONDS,
      });
    }
    return described;
  });
}
