/**
 * Several fidelities on lcbench tasks, in virtual time with 1 and 16 workers, whose budget grows with their square root: how long a method takes to the quality of
 * random search with four times the budget, beside ASHA with random search in the same run and what is kept of peers; and what
 * the pruners save and lose. Tasks of `--tasks` are places in tasks.json: 0 to 9 are for tuning, 10 to 33 for reporting.
 */
import { parseArgs } from 'node:util';
import { pruningReport } from '../src/search/simulate-pruning.js';
import { simulateTime } from '../src/search/simulate-time.js';
import { parseSpace } from '../src/search/space/parse-space.js';
import { exhaust, limitOf, type Method, makeGenerator, race, targetOf } from './support/multi-fidelity/contest.js';
import { EPOCHS, lcbenchTask, lcbenchTasks } from './support/multi-fidelity/lcbench.js';
import { peerSeconds } from './support/multi-fidelity/peers.js';
import { powerLaws } from './support/multi-fidelity/power-law.js';
import { loadSurrogate } from './support/multi-fidelity/surrogate.js';
import { cost, finish, type Result, rate } from './support/result.js';

const { values: flags } = parseArgs({
  options: {
    tasks: { type: 'string', default: '10,14,18,22' },
    seeds: { type: 'string', default: '2' },
    workers: { type: 'string', default: '1,16' },
    trainings: { type: 'string', default: '25' },
    methods: { type: 'string', default: '' },
    trials: { type: 'string', default: '120' },
    pruners: { type: 'string', default: '' },
    only: { type: 'string', default: 'race,pruners,load' },
  },
});
const listed = (text: string) => text.split(',').map(Number);
const seeds = Array.from({ length: Number(flags.seeds) }, (_, seed) => seed);
const codes = Object.values(lcbenchTasks());
const surrogate = loadSurrogate();

const method = (sampler: string, pruner: string, options?: unknown): Method => ({
  name: `${pruner} + ${sampler}`,
  sampler: { kind: sampler, options: sampler === 'bohb' ? options : undefined },
  pruner: { kind: pruner, options },
});
const RIVAL = method('random', 'asha');
// The first two epochs of these curves tell little: rank correlation with the end 0.0 and 0.6 on the tasks for tuning.
const LATER = { minSteps: 3 };
const METHODS = [
  method('bohb', 'asha_promote', LATER),
  method('bohb', 'asha', LATER),
  method('bohb', 'forecast'),
  method('tpe', 'asha', LATER),
  method('tpe', 'forecast'),
].filter(({ name }) => flags.methods === '' || flags.methods.split(',').includes(name));
/** Virtual seconds by workers: some thousand trials each, since what schedulers look through grows with them. */
const SECONDS_UNDER_LOAD = new Map([
  [1, 30_000],
  [16, 8_000],
  [256, 300],
]);
const PRUNERS = ['forecast', 'median', 'percentile', 'asha', 'hyperband'].filter(
  (kind) => flags.pruners === '' || flags.pruners.split(',').includes(kind),
);

const results: Result[] = [];
const tasks = listed(flags.tasks).map((place) => ({ place, train: lcbenchTask(surrogate, codes[place] ?? 0) }));
if (flags.only.includes('race')) for (const workers of listed(flags.workers)) results.push(...races(workers));
if (flags.only.includes('pruners')) results.push(...savings());
if (flags.only.includes('load')) results.push(...load());
finish(results);

/** Virtual seconds of every task and seed, in units of a whole training, the limit where the target was not reached. */
function races(workers: number): Result[] {
  const trainings = Number(flags.trainings) * Math.sqrt(workers);
  const own = new Map<string, number[]>();
  const reached = new Map<string, number>();
  const idle = new Map<string, number[]>();
  for (const { place, train } of tasks) {
    const target = targetOf(train, trainings);
    const seconds = limitOf(target, trainings, workers);
    for (const seed of seeds) {
      for (const contestant of [RIVAL, ...METHODS]) {
        const run = race(contestant, { train, target: target.value, seed, workers, seconds });
        const isReached = (run.improvements.at(-1)?.value ?? Infinity) <= target.value;
        const taken = (isReached ? run.seconds : seconds) / target.trainingSeconds;
        console.error(
          `${workers} workers, task ${place}, seed ${seed}, ${contestant.name}: ${taken.toFixed(1)} trainings`,
        );
        push(own, contestant.name, taken);
        push(idle, contestant.name, run.idleShare);
        reached.set(contestant.name, (reached.get(contestant.name) ?? 0) + (isReached ? 1 : 0));
      }
      for (const { peer, seconds: taken, isReached } of peerSeconds(place, seed, workers, target.value)) {
        push(own, peer, Math.min(taken, seconds) / target.trainingSeconds);
        reached.set(peer, (reached.get(peer) ?? 0) + (isReached ? 1 : 0));
      }
    }
  }

  const runs = tasks.length * seeds.length;
  for (const [name, times] of own) {
    const busy = idle.has(name) ? `; idle ${percent(mean(idle.get(name) ?? []))}` : '';
    console.error(
      `${workers} workers, ${name}: mean ${geometric(times).toFixed(2)} trainings, target reached ${reached.get(name) ?? 0} of ${runs}${busy}`,
    );
  }
  const unit = 'trainings of virtual time, geometric mean';
  return METHODS.flatMap(({ name }) =>
    [...own.keys()]
      .filter((other) => !METHODS.some((ours) => ours.name === other))
      .filter((other) => own.get(other)?.length === runs)
      .map((other) =>
        cost(
          `multi-fidelity, ${workers} workers, ${name}`,
          geometric(own.get(name) ?? []),
          unit,
          other,
          geometric(own.get(other) ?? []),
        ),
      ),
  );
}

/** What each pruner saves under tpe, and how many of the pruned would have been among the best 5 %. */
function savings(): Result[] {
  const saved = new Map<string, number[]>();
  for (const pruner of PRUNERS) {
    const reports = tasks.flatMap(({ train }) =>
      seeds.map((seed) => {
        const run = exhaust(method('tpe', pruner), train, seed, Number(flags.trials));
        return pruningReport(
          run,
          ({ params }) => train(params).valueAt(EPOCHS),
          () => EPOCHS,
        );
      }),
    );
    const of = (column: 'epochsSaved' | 'falsePrunes' | 'lost') => mean(reports.map((report) => report[column]));
    saved.set(
      pruner,
      reports.map((report) => report.epochsSaved),
    );
    console.error(
      `${pruner}: ${percent(of('epochsSaved'))} of the epochs saved; of the pruned ${percent(of('falsePrunes'))} were among the best 5 %, which is ${percent(of('lost'))} of those`,
    );
  }
  const share = (pruner: string) => mean(saved.get(pruner) ?? []);
  return PRUNERS.slice(1).map((other) =>
    rate('multi-fidelity, epochs saved, forecast', share('forecast'), 'of all', other, share(other)),
  );
}

/**
 * Workers under load: power laws with crossings, heavy-tailed durations, one trial in twenty failing, and 10 ms a proposal
 * beside epochs of 10 s. How busy they are, and the best whole trial beside that of the same workers without early stopping.
 */
function load(): Result[] {
  const laws = { epochs: 81, correlation: 0.7, epochSeconds: 10, failures: 0.05, seed: 'load' };
  const loaded: Result[] = [];
  for (const workers of SECONDS_UNDER_LOAD.keys()) {
    for (const pruner of ['none', 'forecast', 'asha', 'asha_promote', 'hyperband_promote']) {
      const run = simulateTime({
        space: parseSpace({ x: { kind: 'float', low: 0, high: 1 } }),
        sampler: { kind: 'random' },
        pruner: { kind: pruner },
        train: powerLaws(laws),
        workers,
        trials: 1e6,
        seconds: SECONDS_UNDER_LOAD.get(workers) ?? 0,
        proposalSeconds: 0.01,
        seed: 'load',
        makeGenerator,
      });
      const { falsePrunes, lost, epochsSaved } = pruningReport(
        run,
        ({ number }) => powerLaws(laws)(null, number).valueAt(laws.epochs),
        () => laws.epochs,
      );
      console.error(
        `${workers} workers under load, ${pruner}: ${percent(run.idleShare)} idle, best ${run.improvements.at(-1)?.value.toFixed(2)} of ${run.history.trials.length} trials; ${percent(epochsSaved)} saved, ${percent(falsePrunes)} of the pruned and ${percent(lost)} of the best lost`,
      );
      if (workers === 256 && pruner === 'asha_promote') {
        loaded.push(rate('multi-fidelity, 256 workers, busy', 1 - run.idleShare, 'of their time', 'all of it', 1));
      }
    }
  }
  return loaded;
}

function push(map: Map<string, number[]>, name: string, value: number): void {
  map.set(name, [...(map.get(name) ?? []), value]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function geometric(values: readonly number[]): number {
  return Math.exp(mean(values.map(Math.log)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
