/** Ask and tell as a script does them: through GraphQL over HTTP and Postgres with fsync on, one after the other. */

import { AskTrialDocument, FinishTrialDocument } from '../../sdk/typescript/generated/operations.js';
import { Client } from '../../sdk/typescript/node-client.js';
import type { Params, SearchSpace } from '../../src/search/space/parameter.js';
import { cpuSeconds } from './cpu.js';
import { startBenchServer } from './server.js';

export interface DurableCost {
  /** Milliseconds of an ask with its tell, as the script waits for it. */
  readonly taken: readonly number[];
  /** Milliseconds of processor time of server and Postgres for each pair. */
  readonly cpu: { readonly server: number; readonly postgres: number };
}

export interface DurableSearch {
  readonly sampler: string;
  readonly space: SearchSpace;
  /** Asked and told before figures count. */
  readonly trials: number;
  readonly asks: number;
  value(params: Params): number;
}

/** On a server of its own. With PROFILE=FOLDER the server's CPU profile of all of it is written there when it ends. */
export async function measureDurable({ sampler, space, trials, asks, value }: DurableSearch): Promise<DurableCost> {
  const folder = process.env.PROFILE;
  const nodeOptions = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const server = await startBenchServer({ nodeOptions });
  try {
    const client = new Client({ url: server.url, apiKey: server.apiKey });
    const experiment = await client.createExperiment({
      project: 'bench',
      name: `ask-tell-${sampler}`,
      objective: { metric: 'loss', goal: 'minimize' },
      space: { ...space },
      sampler,
      seed: 'ask-tell',
    });
    const askAndTell = async () => {
      const startedMs = performance.now();
      const { askTrial } = await client.request(AskTrialDocument, { input: { experimentId: experiment.id } });
      if (!askTrial.started) throw new Error('the search has ended');
      const { trial, attempt } = askTrial.started;
      const told = { trialId: trial.id, attempt, state: 'COMPLETED' as const, value: value(trial.params as Params) };
      await client.request(FinishTrialDocument, { input: told });
      return performance.now() - startedMs;
    };
    for (let i = 0; i < trials; i++) await askAndTell();
    const used = () => ({ server: cpuSeconds(server.pid), postgres: cpuSeconds(server.postgresPid) });
    const before = used();
    const taken: number[] = [];
    while (taken.length < asks) taken.push(await askAndTell());
    const after = used();
    const each = (side: 'server' | 'postgres') => (1_000 * (after[side] - before[side])) / asks;
    await client.close();
    return { taken, cpu: { server: each('server'), postgres: each('postgres') } };
  } finally {
    await server.close();
  }
}
