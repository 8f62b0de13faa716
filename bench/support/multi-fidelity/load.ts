/** Workers under load: how busy they are when proposals take time, trials fail and some take ten times as long as others. */

import { pruningReport } from '../../../src/search/simulate-pruning.js';
import { simulateTime } from '../../../src/search/simulate-time.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { type Result, rate } from '../result.js';
import { makeGenerator } from './contest.js';
import { powerLaws } from './power-law.js';
import { percent, printTable } from './table.js';

/** Power laws with crossings; one trial in twenty fails, and a proposal takes 10 ms beside epochs of 10 s. */
const LAWS = { epochs: 81, correlation: 0.7, epochSeconds: 10, failures: 0.05, seed: 'load' };
const PROPOSAL_SECONDS = 0.01;

/** Virtual seconds by workers: some thousand trials each, since what schedulers look through grows with them. */
const SECONDS = new Map([
  [1, 30_000],
  [16, 8_000],
  [256, 300],
]);

/** The best whole trial stands beside that of the same workers without early stopping. */
export function load(): Result[] {
  const results: Result[] = [];
  const rows: string[][] = [];
  for (const [workers, seconds] of SECONDS) {
    for (const pruner of ['none', 'forecast', 'asha', 'asha_promote', 'hyperband_promote']) {
      const run = simulateTime({
        space: parseSpace({ x: { kind: 'float', low: 0, high: 1 } }),
        sampler: { kind: 'random' },
        pruner: { kind: pruner },
        train: powerLaws(LAWS),
        workers,
        trials: 1e6,
        seconds,
        proposalSeconds: PROPOSAL_SECONDS,
        seed: 'load',
        makeGenerator,
      });
      const { falsePrunes, lost, epochsSaved } = pruningReport(
        run,
        ({ number }) => powerLaws(LAWS)(null, number).valueAt(LAWS.epochs),
        () => LAWS.epochs,
      );
      rows.push([
        String(workers),
        pruner,
        percent(run.idleShare),
        run.improvements.at(-1)?.value.toFixed(2) ?? 'none',
        String(run.history.trials.length),
        ...[epochsSaved, falsePrunes, lost].map(percent),
      ]);
      if (workers === 256 && pruner === 'asha_promote') {
        results.push(rate('multi-fidelity, 256 workers, busy', 1 - run.idleShare, 'of their time', 'all of it', 1));
      }
    }
  }
  printTable(['workers', 'pruner', 'idle', 'best', 'trials', 'saved', 'false', 'lost'], rows);
  return results;
}
