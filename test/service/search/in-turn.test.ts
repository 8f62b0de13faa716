import { afterAll, beforeAll, expect, it } from 'vitest';
import { renewLeases } from '../../../src/service/job/renew-leases.js';
import type { Proposer } from '../../../src/service/search/proposer.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

it('leaves connections for heartbeats while the samplers of many experiments think', async () => {
  const worker = await addRunner(world);
  const experiments = await Promise.all(Array.from({ length: 8 }, () => addSearch(world)));
  let answer: () => void = () => undefined;
  const thinking = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const proposer: Proposer = {
    ...world.deps.proposer,
    propose: async (request) => {
      await thinking;
      return world.deps.proposer.propose(request);
    },
  };
  const asks = experiments.map(({ id }) => askTrial({ ...world.deps, proposer }, world.admin, { experimentId: id }));
  await new Promise((resolve) => setTimeout(resolve, 200));

  const beat = renewLeases(world.deps, worker.principal, { runnerId: worker.runner.id, leases: [] });
  const first = await Promise.race([
    beat.then(() => 'heartbeat'),
    new Promise((resolve) => setTimeout(resolve, 2_000, 'nothing')),
  ]);
  answer();
  await beat;

  expect(first).toBe('heartbeat');
  expect((await Promise.all(asks)).filter(({ started }) => started !== null)).toHaveLength(8);
});
