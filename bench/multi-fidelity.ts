/**
 * Several fidelities on lcbench tasks, in virtual time with 1, 16 and 256 asynchronous workers, whose budget grows with their
 * square root: how long a method takes to the quality of random search with four times the budget, beside ASHA with random
 * search in the same run and what is kept of peers; what the pruners save, and what they save when all stop as many of the best
 * by mistake; and how busy workers are under load. Tasks of `--tasks` are places in tasks.json: 0 to 9 are for tuning, 10 to 33
 * for reporting.
 */
import { parseArgs } from 'node:util';
import type { Method } from './support/multi-fidelity/contest.js';
import { lcbenchTask, lcbenchTasks } from './support/multi-fidelity/lcbench.js';
import { load } from './support/multi-fidelity/load.js';
import { races } from './support/multi-fidelity/races.js';
import { savings } from './support/multi-fidelity/savings.js';
import { loadSurrogate } from './support/multi-fidelity/surrogate.js';
import { finish, type Result } from './support/result.js';

const { values: flags } = parseArgs({
  options: {
    tasks: { type: 'string', default: '10,14,18,22' },
    seeds: { type: 'string', default: '2' },
    workers: { type: 'string', default: '1,16,256' },
    trainings: { type: 'string', default: '25' },
    methods: { type: 'string', default: '' },
    trials: { type: 'string', default: '120' },
    pruners: { type: 'string', default: '' },
    only: { type: 'string', default: 'race,pruners,load' },
  },
});
const seeds = Array.from({ length: Number(flags.seeds) }, (_, seed) => seed);
const codes = Object.values(lcbenchTasks());
const surrogate = loadSurrogate();
const tasks = flags.tasks
  .split(',')
  .map((place) => ({ place: Number(place), train: lcbenchTask(surrogate, codes[Number(place)] ?? 0) }));

const method = (sampler: string, pruner: string, options?: unknown): Method => ({
  name: `${pruner} + ${sampler}`,
  sampler: { kind: sampler, options: sampler === 'bohb' || sampler === 'mfgp' ? options : undefined },
  pruner: { kind: pruner, options },
});
const RIVAL = method('random', 'asha');
// The first two epochs of these curves tell little: rank correlation with the end 0.0 and 0.6 on the tasks for tuning.
const LATER = { minSteps: 3 };
const METHODS = [
  method('mfgp', 'asha_promote', LATER),
  method('mfgp', 'forecast'),
  method('bohb', 'asha_promote', LATER),
  method('tpe', 'asha', LATER),
];
const wanted = flags.methods === '' ? METHODS : METHODS.filter(({ name }) => flags.methods.split(',').includes(name));
/** More workers make longer runs: one seed with several of them; with hundreds, fewer tasks and methods too. */
const MANY_WORKERS = 64;

const results: Result[] = [];
if (flags.only.includes('race')) {
  for (const workers of flags.workers.split(',').map(Number)) {
    const isMany = workers > MANY_WORKERS;
    results.push(
      ...races({
        rival: RIVAL,
        methods: isMany && flags.methods === '' ? wanted.slice(0, 1) : wanted,
        tasks: isMany ? tasks.slice(0, 2) : tasks,
        seeds: workers > 1 ? seeds.slice(0, 1) : seeds,
        workers,
        trainings: Number(flags.trainings) * Math.sqrt(workers),
      }),
    );
  }
}
if (flags.only.includes('pruners')) {
  results.push(...savings({ tasks, seeds, trials: Number(flags.trials), only: flags.pruners.split(',') }));
}
if (flags.only.includes('load')) results.push(...load());
finish(results);
