/** Races on lcbench tasks to what random search comes to with four times the budget. */

import { cost, type Result } from '../result.js';
import { limitOf, type Method, race, type Train, targetOf } from './contest.js';
import { peerSeconds } from './peers.js';
import { percent, printTable } from './table.js';

export interface Races {
  readonly rival: Method;
  readonly methods: readonly Method[];
  readonly tasks: readonly { readonly place: number; readonly train: Train }[];
  readonly seeds: readonly number[];
  readonly workers: number;
  /** The budget, in whole trainings of all workers together. */
  readonly trainings: number;
}

/** What one method did over all tasks and seeds. */
interface Tally {
  /** Virtual time in whole trainings; the limit where the target was not reached. */
  readonly times: number[];
  reached: number;
  /** Shares of the workers' time; empty of peers. */
  readonly idle: number[];
}

/** Each of the methods beside the rival, those with `mfgp` beside all others. */
export function races({ rival, methods, tasks, seeds, workers, trainings }: Races): Result[] {
  const records = new Map<string, Tally>();
  const recordOf = (name: string) => {
    const record = records.get(name) ?? { times: [], reached: 0, idle: [] };
    records.set(name, record);
    return record;
  };
  for (const { place, train } of tasks) {
    const target = targetOf(train, trainings);
    const seconds = limitOf(target, trainings, workers);
    for (const seed of seeds) {
      for (const contestant of [rival, ...methods]) {
        const begun = process.cpuUsage().user;
        const run = race(contestant, { train, target: target.value, seed, workers, seconds });
        const isReached = (run.improvements.at(-1)?.value ?? Infinity) <= target.value;
        const taken = (isReached ? run.seconds : seconds) / target.trainingSeconds;
        const record = recordOf(contestant.name);
        record.times.push(taken);
        record.idle.push(run.idleShare);
        record.reached += isReached ? 1 : 0;
        const own = ((process.cpuUsage().user - begun) / 1e6).toFixed(0);
        console.error(
          `${workers} workers, task ${place}, seed ${seed}, ${contestant.name}: ${taken.toFixed(2)} trainings, ${run.history.trials.length} trials, ${own} s of CPU`,
        );
      }
      for (const peer of peerSeconds(place, seed, workers, target.value)) {
        const record = recordOf(peer.peer);
        record.times.push(Math.min(peer.seconds, seconds) / target.trainingSeconds);
        record.reached += peer.isReached ? 1 : 0;
      }
    }
  }

  const runs = tasks.length * seeds.length;
  // A peer that has not run everywhere cannot be compared.
  const whole = [...records].filter(([, { times }]) => times.length === runs);
  const timeOf = (name: string) => geometric(records.get(name)?.times ?? []);
  printTable(
    ['workers', 'method', 'trainings', `beside ${rival.name}`, 'reached', 'idle'],
    whole.map(([name, { times, reached, idle }]) => [
      String(workers),
      name,
      geometric(times).toFixed(2),
      (timeOf(rival.name) / geometric(times)).toFixed(2),
      `${reached} of ${runs}`,
      idle.length === 0 ? '' : percent(Math.max(0, mean(idle))),
    ]),
  );

  const unit = 'trainings of virtual time, geometric mean';
  return methods.flatMap((own) =>
    whole
      .filter(([name]) => name !== own.name && (name === rival.name || own.sampler.kind === 'mfgp'))
      .map(([name]) =>
        cost(`multi-fidelity, ${workers} workers, ${own.name}`, timeOf(own.name), unit, name, timeOf(name)),
      ),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function geometric(values: readonly number[]): number {
  return Math.exp(mean(values.map(Math.log)));
}
