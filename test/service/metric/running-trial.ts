/** A running trial of a script, made below the verbs: these tests are about reports, not about starting. */
import type { ExperimentId, ProjectId, TrialId } from '../../../src/domain/ids.js';
import type { Principal, TrialPrincipal } from '../../../src/domain/roles.js';
import { newId } from '../../../src/service/ids.js';
import { startOwnAttempt } from '../../../src/store/queries/lease.js';
import { insertTrial, markTrialRunning } from '../../../src/store/queries/trial.js';
import type { World } from '../../support/world.js';

export interface RunningTrial {
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly trialId: TrialId;
  readonly number: number;
  /** What the attempt's token stands for. */
  readonly token: TrialPrincipal;
}

export async function newExperiment(world: World, search: object | null = null): Promise<ExperimentId> {
  const id = newId<ExperimentId>(world.deps);
  await world.deps.database.read.query(
    'INSERT INTO experiment (id, project_id, name, search, resources) VALUES ($1, $2, $3, $4, $5)',
    [
      id,
      world.project.id,
      id,
      search === null ? null : JSON.stringify(search),
      '{"gpus":0,"slots":1,"timeoutSeconds":null}',
    ],
  );
  return id;
}

let nextNumber = 0;

export async function newRunningTrial(world: World, experimentId?: ExperimentId): Promise<RunningTrial> {
  const own = experimentId ?? (await newExperiment(world));
  const trialId = newId<TrialId>(world.deps);
  const projectId = world.project.id;
  const number = nextNumber++;
  const { attempt, epoch } = await world.deps.database.transaction(async (tx) => {
    await insertTrial(tx, {
      id: trialId,
      projectId,
      experimentId: own,
      number,
      name: null,
      params: {},
      tags: [],
      proposedBy: 'user',
      explanation: null,
      askedAt: 0,
    });
    const lease = await startOwnAttempt(tx, trialId);
    await markTrialRunning(tx, trialId, lease.attempt);
    return lease;
  });
  const token: TrialPrincipal = {
    kind: 'trial',
    keyId: newId(world.deps),
    organizationId: world.project.organizationId,
    projectId,
    trialId,
    attempt,
    epoch,
  };
  return { projectId, experimentId: own, trialId, number, token };
}

/** The same organization, no role anywhere. */
export function outsider(world: World): Principal {
  return {
    kind: 'user',
    userId: newId(world.deps),
    keyId: null,
    organizationId: world.project.organizationId,
    role: null,
    projectRoles: new Map(),
  };
}

export function viewer(world: World): Principal {
  return {
    kind: 'user',
    userId: newId(world.deps),
    keyId: null,
    organizationId: world.project.organizationId,
    role: 'viewer',
    projectRoles: new Map(),
  };
}

/** An admin of another organization. */
export function foreigner(world: World): Principal {
  return {
    kind: 'user',
    userId: newId(world.deps),
    keyId: null,
    organizationId: newId(world.deps),
    role: 'admin',
    projectRoles: new Map(),
  };
}
