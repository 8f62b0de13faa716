import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrialId } from '../../../src/domain/ids.js';
import type { Principal } from '../../../src/domain/roles.js';
import type { Trial } from '../../../src/domain/trial.js';
import { ENGINE_VERSION } from '../../../src/search/engine-version.js';
import type { Proposer } from '../../../src/service/search/proposer.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { loadExplanations } from '../../../src/service/trial/load-explanations.js';
import { addOrganization, trialPrincipal } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, leaseOne } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** A sampler whose model expects much. */
const MODEL: Proposer = {
  propose: async () => [
    {
      params: { x: 0.25 },
      by: 'gp',
      explanation: {
        phase: 'EXPLORE',
        reason: 'far from all trials',
        mean: -0.1,
        deviation: 1e-300,
        acquisition: 1e300,
      },
    },
  ],
  resume: async () => [],
  close: async () => undefined,
};

async function ask(proposer: Proposer = MODEL): Promise<Trial> {
  const experiment = await addSearch(world, {}, { command: null });
  const { started } = await askTrial({ ...world.deps, proposer }, world.admin, { experimentId: experiment.id });
  return started!.trial;
}

async function explain(id: TrialId, principal: Principal = world.admin) {
  return (await loadExplanations(world.deps, principal, [id]))[0];
}

describe('why a trial was proposed', () => {
  it('is kept as its sampler said it, bit for bit, with the version of the engine', async () => {
    const trial = await ask();

    expect(trial).toMatchObject({ proposedBy: 'gp', params: { x: 0.25 } });
    expect(await explain(trial.id)).toEqual({
      phase: 'EXPLORE',
      reason: 'far from all trials',
      mean: -0.1,
      deviation: 1e-300,
      acquisition: 1e300,
      engine: ENGINE_VERSION,
    });
  });

  it('is kept for the trials that runners execute', async () => {
    await addSearch(world);
    const { trial } = await leaseOne(world, await addRunner(world));

    expect(await explain(trial.id)).toEqual({ phase: 'RANDOM', engine: ENGINE_VERSION });
  });

  it('says what a random draw stands in for', async () => {
    const trial = await ask({ ...MODEL, propose: () => Promise.reject(new Error('singular matrix')) });

    expect(trial.proposedBy).toBe('random');
    expect(await explain(trial.id)).toMatchObject({
      phase: 'RANDOM',
      reason: 'random gave no proposal, a random one is used: singular matrix',
    });
  });

  it('is nothing where a person chose', async () => {
    const experiment = await addSearch(world, {}, { command: null });
    const trial = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.5 } });

    expect(await explain(trial.id)).toBeNull();
  });

  it('is shown to those who see the trial, and to its own token', async () => {
    const [trial, other] = [await ask(), await ask()];
    const { admin } = await addOrganization(world);

    expect(await explain(trial.id, admin)).toBeNull();
    expect(await explain(trial.id, trialPrincipal(world, trial))).toMatchObject({ phase: 'EXPLORE' });
    expect(await explain(trial.id, trialPrincipal(world, other))).toBeNull();
  });

  it('is not read by lists of trials', async () => {
    expect(await ask()).not.toHaveProperty('explanation');
  });
});
